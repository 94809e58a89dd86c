/** Blocks that the EVM chain takes back before they are final: what was dispatched in them never happened, or happened elsewhere. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { dispatchedIn, encodeToTasks } from "../../contracts/kit/index.ts";
import { dispatch, fromEvm, TASKS, type Hex } from "../../client/ts/src/index.ts";
import { account, REQUESTER } from "../e2e/stage.ts";
import type { EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

/** Blocks that are taken back: with epochs of two blocks, four are not final. */
const DEPTH = 3;

let stage: Stage;
let chain: EvmChain;
let relayer: Agent;
let asked = 0;

before(async () => {
  stage = await openStage({ name: "reorg" });
  chain = await stage.connect({ slotsInAnEpoch: 2 });
  relayer = await stage.relay("Relayer");
  // What was set up, coins of the relayer's account included, must not be taken back.
  await chain.final(await chain.evm.getBlockNumber());
});

/** Another message to Pensum each time, which changes nothing there. */
const body = (): Hex => encodeToTasks({ kind: "cancel", request: `0x${(++asked).toString(16).padStart(64, "0")}` });

/** A dispatch in the latest block, and its transaction. */
async function dispatched(): Promise<{ id: Hex; index: number; hash: Hex; raw: Hex; block: bigint }> {
  const hash = await chain.sends(TASKS, body());
  const receipt = await chain.evm.waitForTransactionReceipt({ hash });
  const [message] = dispatchedIn(receipt);
  const raw = await chain.anvil.rpc<Hex>("eth_getRawTransactionByHash", [hash]);
  return { ...message!, hash, raw, block: receipt.blockNumber };
}

/** Replaces the last blocks, the first of them with these transactions. */
async function reorganise(transactions: Hex[]): Promise<void> {
  await chain.anvil.rpc("anvil_reorg", [DEPTH, transactions.map((raw) => [raw, 0])]);
}

test("a dispatch whose block is taken back is never processed, and the message that gets its leaf instead is", async () => {
  const lost = await dispatched();
  await reorganise([]);
  const instead = await dispatched();
  assert.equal(instead.index, lost.index);
  assert.notEqual(instead.id, lost.id);
  await stage.processed(instead.id);
  assert.equal(await stage.client.rpc.bridgeDelivered(lost.id), null);
});

test("a dispatch that moves to another block is processed once", async () => {
  const moved = await dispatched();
  await reorganise([moved.raw]);
  const receipt = await chain.evm.getTransactionReceipt({ hash: moved.hash });
  assert.ok(receipt.blockNumber < moved.block, "it did not move");
  assert.equal(dispatchedIn(receipt)[0]?.id, moved.id);
  await stage.processed(moved.id);
});

test("a delivery whose block is taken back is made again", async () => {
  const recipient = fromEvm(await chain.inbox());
  // Only the delivery shall be taken back, and not the contract that it goes to.
  await chain.final(await chain.evm.getBlockNumber());
  const { id } = await dispatch(stage.client, account(REQUESTER), { destination: chain.domain, recipient, body: "0x01" });
  await chain.processed(id);
  await reorganise([]);
  assert.equal(await chain.delivered(id), false, "the delivery was not in the blocks that were taken back");
  await chain.final(await chain.processed(id));
  await until("the relayer knows", async () => (await relayer.route(PENSUM, chain.name)).lag_messages === 0);
});

test("a reorganisation while both chains are busy loses nothing that stayed and brings nothing that went", async () => {
  const kept = [await dispatched()];
  await chain.final(kept[0]!.block);
  const gone = [await dispatched()];
  await reorganise([]);
  kept.push(await dispatched(), await dispatched());
  for (const { id } of kept) await stage.processed(id);
  assert.equal(await stage.client.rpc.bridgeDelivered(gone[0]!.id), null);
  const counts = await stage.processedIds();
  assert.ok([...counts.values()].every((times) => times === 1));
  assert.ok([...(await chain.processedIds()).values()].every((times) => times === 1));
  // What was not final was never read, so nothing had to be taken back.
  const metrics = await relayer.metrics();
  const rewound = [...metrics].filter(([name]) => name.startsWith("pensum_relayer_reorganisations_total"));
  assert.ok(rewound.every(([, times]) => times === 0));
});
