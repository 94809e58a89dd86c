/** The Merkle tree of an origin's messages. */
import { concat, keccak256, zeroHash, type Hex } from "viem";

/** Rows between leaves and root. */
export const DEPTH = 32;

/** The roots of empty subtrees, from the leaf up. */
const EMPTY: readonly Hex[] = (() => {
  const roots: Hex[] = [zeroHash];
  for (let row = 0; row < DEPTH; row++) roots.push(node(roots[row]!, roots[row]!));
  return roots;
})();

/** A tree that knows all its leaves, and its roots and proofs at every size that it had. */
export class MessageTree {
  private readonly leaves: Hex[] = [];

  /** How many leaves there are. */
  get count(): number {
    return this.leaves.length;
  }

  /** Appends a message's id and returns its place. */
  insert(id: Hex): number {
    return this.leaves.push(id) - 1;
  }

  /** The leaf at a place. */
  leaf(index: number): Hex {
    const leaf = this.leaves[index];
    if (!leaf) throw new Error(`The tree has ${this.count} leaves, and none at ${index}.`);
    return leaf;
  }

  /** The root when the tree had `count` leaves. */
  root(count = this.count): Hex {
    let row = this.leaves.slice(0, count);
    for (let depth = 0; depth < DEPTH; depth++) row = above(row, depth);
    return row[0] ?? EMPTY[DEPTH]!;
  }

  /** The siblings of a leaf when the tree had `count` leaves, from the leaf up. */
  proof(index: number, count = this.count): Hex[] {
    const siblings: Hex[] = [];
    let row = this.leaves.slice(0, count);
    for (let depth = 0; depth < DEPTH; depth++) {
      siblings.push(row[(index >>> depth) ^ 1] ?? EMPTY[depth]!);
      row = above(row, depth);
    }
    return siblings;
  }
}

/** The root to which a leaf leads. */
export function branchRoot(leaf: Hex, proof: readonly Hex[], index: number): Hex {
  return proof.reduce((below, sibling, depth) => ((index >>> depth) & 1 ? node(sibling, below) : node(below, sibling)), leaf);
}

function above(row: Hex[], depth: number): Hex[] {
  const next: Hex[] = [];
  for (let at = 0; at < row.length; at += 2) next.push(node(row[at]!, row[at + 1] ?? EMPTY[depth]!));
  return next;
}

function node(left: Hex, right: Hex): Hex {
  return keccak256(concat([left, right]));
}
