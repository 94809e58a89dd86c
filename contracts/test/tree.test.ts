import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, keccak256, numberToHex, type Address, type Hex } from "viem";
import { abi, deploy, ResultTree } from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { Stage } from "./stage.ts";

/** Widths that are tried: all small ones, those around powers of two, and a batch. */
const WIDTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 15, 16, 17, 31, 33, 63, 64];

let stage: Stage;
let address: Address;
before(async () => {
  stage = await Stage.set();
  address = await deploy(stage.evm, "AbiHarness", abi.abiHarnessAbi);
});
after(() => stage?.stop());

test("every leaf leads to the root, at every width", async () => {
  for (const width of WIDTHS) {
    const { tree, leaves } = grown(width);
    await Promise.all(leaves.map(async (leaf, index) => assert.equal(await rootOf(width, index, leaf, tree.proof(index)), tree.root)));
  }
});

test("any set of leaves leads to the root, with no more siblings than it needs", async () => {
  const draw = numbers(7);
  for (const width of WIDTHS) {
    const { tree, leaves } = grown(width);
    const sets = [leaves.map((_, index) => index), [0], [width - 1], [0, width - 1]];
    for (let times = 0; times < 6; times++) sets.push(leaves.map((_, index) => index).filter(() => draw() < 0.4));
    for (const set of sets.map((set) => [...new Set(set)]).filter(({ length }) => length > 0)) {
      const siblings = tree.siblings(set);
      if (set.length === width) assert.equal(siblings.length, 0);
      assert.equal(await rootOfMany(width, nodes(leaves, set), siblings), tree.root, `${set} of ${width}`);
    }
  }
});

test("a leaf leads elsewhere from another place, in another width or by another hash", async () => {
  const { tree, leaves } = grown(7);
  const proof = tree.proof(2);
  assert.notEqual(await rootOf(7, 3, leaves[2]!, proof), tree.root);
  assert.notEqual(await rootOf(7, 2, leaves[3]!, proof), tree.root);
  assert.notEqual(await rootOf(7, 2, leaves[2]!, [proof[0]!, proof[2]!, proof[1]!]), tree.root);
  // Seven and eight leaves have the same way up from here: it is the registry that knows how many there are.
  assert.equal(await rootOf(8, 2, leaves[2]!, proof), tree.root);
  await refused(rootOf(5, 4, leaves[4]!, tree.proof(4)), "WrongProofLength");
});

test("an inner node is not taken for a leaf of a narrower tree", async () => {
  const { tree, leaves } = grown(8);
  const inner = keccak256(concat([leaves[0]!, leaves[1]!]));
  // It leads to the root; that a leaf is the hash of more than 64 bytes is what forbids it.
  assert.equal(await rootOf(4, 0, inner, tree.proof(0).slice(1)), tree.root);
});

test("a proof of another length is refused", async () => {
  const { tree, leaves } = grown(5);
  for (const index of [0, 4]) {
    const proof = tree.proof(index);
    await refused(rootOf(5, index, leaves[index]!, proof.slice(1)), "WrongProofLength");
    await refused(rootOf(5, index, leaves[index]!, [...proof, leaves[0]!]), "WrongProofLength");
    await refused(rootOfMany(5, nodes(leaves, [index]), proof.slice(1)), "WrongProofLength");
    await refused(rootOfMany(5, nodes(leaves, [index]), [...proof, leaves[0]!]), "WrongProofLength");
  }
  await refused(rootOfMany(5, nodes(leaves, [0, 1, 2, 3, 4]), [leaves[0]!]), "WrongProofLength");
});

test("a place beyond the last leaf is refused", async () => {
  const { leaves } = grown(5);
  await refused(rootOf(5, 5, leaves[0]!, []), "WrongIndex", [5n]);
  await refused(rootOf(0, 0, leaves[0]!, []), "WrongIndex", [0n]);
  await refused(rootOfMany(5, [0n, BigInt(leaves[0]!), 5n, BigInt(leaves[1]!)], []), "WrongIndex", [5n]);
  await refused(rootOfMany(5, [], []), "WrongIndex", [5n]);
  await refused(rootOfMany(5, [1n], []), "WrongIndex", [5n]);
});

test("leaves twice or out of order are refused, whatever the siblings", async () => {
  const { tree, leaves } = grown(8);
  const orders = [[0, 0], [1, 1], [1, 0], [3, 2], [2, 1], [6, 1], [7, 7], [0, 1, 2, 3, 3], [0, 1, 1, 2, 3, 4, 5, 6, 7], [5, 4, 6, 7]];
  for (const order of orders) {
    for (const siblings of [[], tree.siblings(order), [...tree.proof(order[0]!), ...tree.proof(order.at(-1)!)]]) {
      await refused(rootOfMany(8, nodes(leaves, order), siblings), "NotRising");
    }
  }
});

function grown(width: number): { tree: ResultTree; leaves: Hex[] } {
  const leaves = Array.from({ length: width }, (_, at) => keccak256(numberToHex(at + 1000 * width)));
  return { tree: new ResultTree(leaves), leaves };
}

function nodes(leaves: Hex[], places: number[]): bigint[] {
  return places.flatMap((place) => [BigInt(place), BigInt(leaves[place]!)]);
}

async function rootOf(leaves: number, index: number, leaf: Hex, proof: Hex[]): Promise<Hex> {
  const args = [BigInt(leaves), BigInt(index), leaf, proof] as const;
  return stage.evm.readContract({ address, abi: abi.abiHarnessAbi, functionName: "rootOf", args });
}

async function rootOfMany(leaves: number, known: bigint[], siblings: Hex[]): Promise<Hex> {
  const args = [BigInt(leaves), known, siblings] as const;
  return stage.evm.readContract({ address, abi: abi.abiHarnessAbi, functionName: "rootOfMany", args });
}

/** Numbers from 0 to 1, the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
