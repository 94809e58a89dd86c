/** Figures that others have published, and where. */
import type { Peer } from "./figure.ts";

/** Reports of results in a block of ten megabytes of proof, in six seconds: a sum from Acurast's own weights. */
export const ACURAST: Peer = {
  name: "Acurast, reports a second that its published weights allow",
  value: 34,
  source: "Acurast/acurast-substrate @ b59f7d8b, runtime/common/src/weight: 38 282 B of proof for each report, 10 MiB a block, 6 s",
};

/** What a node of the largest Substrate chain for AI work is said to need. */
export const SUBTENSOR_MEMORY: Peer = {
  name: "subtensor node",
  value: 286,
  source: "opentensor/subtensor @ 14bc6f9f, README: a node needs about 286 MiB",
};

/** How often an Acurast chain makes a block. */
export const ACURAST_BLOCK: Peer = {
  name: "Acurast, one block",
  value: 6_000,
  source: "Acurast/acurast-substrate @ b59f7d8b: blocks of 6 s; a result is in one of the next",
};

/** When CoW's auctions are cut. */
export const COW_AUCTION: Peer = {
  name: "CoW Protocol, one auction",
  value: 12_000,
  source: "cowprotocol/services @ 6a3eb426: the autopilot cuts an auction every 12 to 15 s",
};

/** The default of the SDK, measured with the same tools on a chain without anything else. */
export const SDK_FINALITY: Peer = {
  name: "SDK's default voting rules and gossip, four validators on two cores",
  value: 3_340,
  source: "own measurement with polkadot-sdk 2609: 133 blocks, p50 3 340 ms",
};
