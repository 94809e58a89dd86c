import assert from "node:assert/strict";
import { test } from "node:test";
import { u8aConcat, u8aEq } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import { isInTree, merkleProof, merkleRoot } from "../src/index.ts";

const leaves = (count: number): Uint8Array[] => Array.from({ length: count }, (_, at) => new Uint8Array(32).fill(at + 1));

test("every leaf of trees of any width is proven, and no other leaf in its place", () => {
  for (let width = 1; width <= 33; width++) {
    const all = leaves(width);
    const root = merkleRoot(all);
    for (let index = 0; index < width; index++) {
      const proof = merkleProof(all, index);
      assert.ok(isInTree(root, all[index]!, proof), `leaf ${index} of ${width}`);
      assert.ok(!isInTree(root, new Uint8Array(32), proof));
      assert.ok(width === 1 || !isInTree(root, all[(index + 1) % width]!, proof));
    }
  }
});

test("the last node of an odd row moves up unchanged", () => {
  const [a, b, c] = leaves(3).map((leaf) => blake2AsU8a(leaf)) as [Uint8Array, Uint8Array, Uint8Array];
  assert.ok(u8aEq(merkleRoot(leaves(3)), blake2AsU8a(u8aConcat(blake2AsU8a(u8aConcat(a, b)), c))));
});

test("a proof with a hash too many, too few or of the wrong place is refused", () => {
  const all = leaves(5);
  const [root, proof] = [merkleRoot(all), merkleProof(all, 1)];
  assert.ok(!isInTree(root, all[1]!, { ...proof, siblings: [...proof.siblings, new Uint8Array(32)] }));
  assert.ok(!isInTree(root, all[1]!, { ...proof, siblings: proof.siblings.slice(1) }));
  assert.ok(!isInTree(root, all[1]!, { ...proof, index: 0 }));
  assert.ok(!isInTree(root, all[1]!, { ...proof, index: 5 }));
  assert.ok(!isInTree(root, all[1]!, { ...proof, index: -1 }));
});
