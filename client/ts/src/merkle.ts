/**
 * Proofs of the binary Merkle tree in which a block's records hash together.
 *
 * As in Substrate's `binary-merkle-tree`: leaves and inner nodes are hashed with `blake2_256`, an inner node is the hash of its two
 * children side by side, and where a row is odd its last node moves up unchanged.
 */
import { u8aConcat, u8aEq } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";

/** What shows that a leaf is in a tree. */
export interface MerkleProof {
  /** The neighbours on the way up. */
  siblings: Uint8Array[];
  /** How many leaves the tree has. */
  leaves: number;
  /** The leaf's place. */
  index: number;
}

/** Whether `leaf` is at its place in the tree with this root. */
export function isInTree(root: Uint8Array, leaf: Uint8Array, proof: MerkleProof): boolean {
  if (!Number.isInteger(proof.index) || proof.index < 0 || proof.index >= proof.leaves) return false;
  let node = blake2AsU8a(leaf);
  let [index, width, next] = [proof.index, proof.leaves, 0];
  for (; width > 1; index = index >> 1, width = (width + 1) >> 1) {
    const movesUpAlone = index === width - 1 && index % 2 === 0;
    if (movesUpAlone) continue;
    const sibling = proof.siblings[next++];
    if (sibling?.length !== 32) return false;
    node = blake2AsU8a(index % 2 === 0 ? u8aConcat(node, sibling) : u8aConcat(sibling, node));
  }
  return next === proof.siblings.length && u8aEq(node, root);
}

/** The root of a tree; 32 zero bytes for no leaves. */
export function merkleRoot(leaves: Uint8Array[]): Uint8Array {
  let row = leaves.map((leaf) => blake2AsU8a(leaf));
  if (row.length === 0) return new Uint8Array(32);
  while (row.length > 1) row = nextRow(row);
  return row[0]!;
}

/** The proof of one leaf. */
export function merkleProof(leaves: Uint8Array[], index: number): MerkleProof {
  const siblings: Uint8Array[] = [];
  let row = leaves.map((leaf) => blake2AsU8a(leaf));
  for (let at = index; row.length > 1; at = at >> 1, row = nextRow(row)) {
    const sibling = row[at ^ 1];
    if (sibling) siblings.push(sibling);
  }
  return { siblings, leaves: leaves.length, index };
}

function nextRow(row: Uint8Array[]): Uint8Array[] {
  const next: Uint8Array[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const right = row[at + 1];
    next.push(right ? blake2AsU8a(u8aConcat(row[at]!, right)) : row[at]!);
  }
  return next;
}
