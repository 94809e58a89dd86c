/** Records of ended tasks: read with their proof and checked here, so that the node that served them need not be trusted. */
import { hexToU8a, u8aEq, u8aToHex } from "@polkadot/util";
import { blake2AsU8a, sha256AsU8a } from "@polkadot/util-crypto";
import { isInTree } from "./merkle.ts";
import type { Record, RecordView } from "./rpc/types.ts";
import { encode } from "./scale.ts";
import { scaleVerification, variant } from "./terms.ts";

/** The record's leaf in its block's tree: `blake2_256` of its SCALE encoding. */
export function recordLeaf(record: Record): Uint8Array {
  const { verification, outcome } = record;
  return blake2AsU8a(
    encode("PensumRecord", {
      ...record,
      verification: scaleVerification(verification),
      outcome: outcome === "answered" ? { Answered: null } : { Refunded: variant(outcome.refunded) },
      postedAt: record.posted_at,
    }),
  );
}

/** What can be wrong with a record that a node serves. */
export class RecordError extends Error {
  override name = "RecordError";
}

/** Checks that the record is in the tree whose root the chain holds for its block, and that the answer is the one it names. */
export function checkRecord(view: RecordView, root: Uint8Array): void {
  const { record, output } = view;
  const proof = { siblings: view.proof.map((hex) => hexToU8a(hex)), leaves: view.leaf_count, index: view.leaf_index };
  if (!isInTree(root, recordLeaf(record), proof)) {
    throw new RecordError(
      `The record of task ${record.task} is not under ${u8aToHex(root)}, the root of block ${record.block}. Ask another node.`,
    );
  }
  if (!u8aEq(sha256AsU8a(hexToU8a(output)), hexToU8a(record.output))) {
    throw new RecordError(`The answer served for task ${record.task} is not the one that its record names. Ask another node.`);
  }
}
