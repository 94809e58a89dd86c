/** Who made a block and who signed that it is final: read from the block and from the justification, not from what nodes say about themselves. */
import type { Client } from "../../client/ts/src/connect.ts";
import type { Digest, Hex } from "../../client/ts/src/units.ts";

/** Bytes of a signed precommit: the vote's hash and number, the signature, and the key. */
const PRECOMMIT = { hash: 32, number: 4, signature: 64, key: 32 } as const;

/** The BABE key whose holder made a block. */
export async function authorOf({ api }: Client, hash: Digest): Promise<Hex> {
  const { digest } = await api.rpc.chain.getHeader(hash);
  const claim = digest.logs.find((log) => log.isPreRuntime && log.asPreRuntime[0].isBabe)?.asPreRuntime[1];
  if (!claim) throw new Error(`The block ${hash} has no BABE digest.`);
  // After a byte for the kind of slot, the place among the authorities.
  const place = Buffer.from(claim.toU8a(true)).readUInt32LE(1);
  const authorities = (await (await api.at(hash)).query.babe!.authorities!()).toJSON() as [Hex, number][];
  return authorities[place]![0];
}

/** Hears who signed each justification: the GRANDPA keys of its precommits. Returns what stops it. */
export async function onFinality({ api }: Client, hear: (voters: Hex[]) => void): Promise<() => void> {
  return api.rpc.grandpa.subscribeJustifications((justification) => hear(votersOf(justification.toU8a(true))));
}

/** Reads the precommits of an encoded justification. */
function votersOf(encoded: Uint8Array): Hex[] {
  const bytes = Buffer.from(encoded);
  // Round, and the vote that all precommits add up to.
  let at = 8 + PRECOMMIT.hash + PRECOMMIT.number;
  const count = bytes[at]! >> 2;
  if (bytes[at]! % 4 !== 0) throw new Error("More than 63 precommits, which these tests do not expect.");
  at += 1;
  const length = PRECOMMIT.hash + PRECOMMIT.number + PRECOMMIT.signature + PRECOMMIT.key;
  return Array.from({ length: count }, (_, index): Hex => {
    const end = at + (index + 1) * length;
    return `0x${bytes.subarray(end - PRECOMMIT.key, end).toString("hex")}`;
  });
}
