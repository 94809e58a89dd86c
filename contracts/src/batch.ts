/** Batches of results: their tree, proofs of one or many, and the packing in which many are claimed. */
import { concat, keccak256, size, type Hex } from "viem";
import { bytes } from "./hyperlane/bytes.ts";
import { encodeResult, type Result } from "./task.ts";

/** What the results of one claim have in common: `PensumPack.Shared`. */
export type Shared = Pick<Result, "outcome" | "reason" | "model" | "verification" | "asset">;

/** A result and its place in the batch. */
export interface Placed {
  index: number;
  result: Result;
}

/** What `PensumClient.claimMany` takes beside batch and leaves. */
export interface PackedClaim {
  count: bigint;
  shared: Shared;
  packed: Hex;
  siblings: Hex[];
}

/** The leaf of a result. */
export function leafOf(result: Result): Hex {
  return keccak256(encodeResult(result));
}

/** The tree of a batch. Its last node of an odd row moves up unchanged. */
export class ResultTree {
  private readonly rows: Hex[][];

  constructor(leaves: Hex[]) {
    if (leaves.length === 0) throw new Error("A batch has at least one result.");
    this.rows = [leaves];
    for (let row = leaves; row.length > 1; this.rows.push(row)) row = above(row);
  }

  /** How many leaves there are. */
  get leaves(): number {
    return this.rows[0]!.length;
  }

  /** The root. */
  get root(): Hex {
    return this.rows.at(-1)![0]!;
  }

  /** The siblings of a leaf, from the leaf up. */
  proof(index: number): Hex[] {
    return this.siblings([index]);
  }

  /**
   * The nodes that cannot be computed from some leaves, row by row from the leaves up, each row from left to right, as
   * `PensumTree.rootOfMany` takes them.
   */
  siblings(indices: number[]): Hex[] {
    const siblings: Hex[] = [];
    let known = [...new Set(indices)].sort((a, b) => a - b);
    if (known.some((index) => index < 0 || index >= this.leaves)) throw new Error(`The batch has ${this.leaves} results.`);
    for (const row of this.rows.slice(0, -1)) {
      const has = new Set(known);
      for (const index of known) {
        const sibling = row[index ^ 1];
        if (sibling && !has.has(index ^ 1)) siblings.push(sibling);
      }
      known = [...new Set(known.map((index) => index >> 1))];
    }
    return siblings;
  }
}

/**
 * Packs results for `claimMany`, one claim for each set of results that have enough in common. `sender` must be the same for all: the
 * contract that claims.
 */
export function packClaims(tree: ResultTree, results: Placed[]): PackedClaim[] {
  const groups = new Map<string, { shared: Shared; placed: Placed[] }>();
  for (const placed of [...results].sort((a, b) => a.index - b.index)) {
    const { outcome, reason, model, verification, asset } = placed.result;
    const shared = { outcome, reason, model, verification, asset };
    const key = JSON.stringify(shared);
    const group = groups.get(key) ?? { shared, placed: [] };
    group.placed.push(placed);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ shared, placed }) => ({
    count: BigInt(placed.length),
    shared,
    packed: concat(placed.map(pack)),
    siblings: tree.siblings(placed.map(({ index }) => index)),
  }));
}

function pack({ index, result }: Placed): Hex {
  return bytes(
    { u32: index },
    result.request,
    { u64: result.task },
    result.inputDigest,
    result.evidence,
    { u128: result.price },
    { u32: result.endedAt },
    result.record,
    { u16: size(result.output) },
    result.output,
  );
}

function above(row: Hex[]): Hex[] {
  const next: Hex[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const right = row[at + 1];
    next.push(right ? keccak256(concat([row[at]!, right])) : row[at]!);
  }
  return next;
}
