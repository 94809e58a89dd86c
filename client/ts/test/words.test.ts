import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, costOf, factAndRemedy, firstDifference, MICRO, PEN, rpcError, showAmount, variant, type Digest } from "../src/index.ts";

test("an error's documentation splits into a fact and a remedy", () => {
  assert.deepEqual(factAndRemedy(" The model is flagged. Choose another, or set `allow_flagged`. "), [
    "The model is flagged.",
    "Choose another, or set `allow_flagged`.",
  ]);
  assert.deepEqual(factAndRemedy(" It may have 10.5 bytes\n and no more."), ["It may have 10.5 bytes and no more.", ""]);
});

test("a refusal of the pool gets its name and remedy, any other error stays what it is", () => {
  const refused = rpcError(new Error("1010: Invalid Transaction: Custom error: 4"));
  assert.ok(refused instanceof ChainError);
  assert.deepEqual([refused.section, refused.code], ["pool", "NotYours"]);
  assert.match(refused.remedy, /solver_status/);
  const other = new Error("1010: Invalid Transaction: Custom error: 200");
  assert.equal(rpcError(other), other);
});

test("amounts are shown in the unit that fits them", () => {
  assert.equal(showAmount(12n * MICRO + MICRO / 2n), "12.5 µPEN");
  assert.equal(showAmount(3n * PEN), "3 PEN");
  assert.equal(showAmount(0n), "0 µPEN");
});

test("names of variants are those of the chain", () => {
  assert.equal(variant("nobody_left"), "NobodyLeft");
});

test("what a price costs of an asset is rounded up, and never more than was set aside", () => {
  assert.equal(costOf(20n, 300n, 600n), 40n);
  assert.equal(costOf(1n, 300n, 2n), 1n);
  assert.equal(costOf(300n, 300n, 600n), 600n);
  assert.equal(costOf(301n, 300n, 600n), 600n);
  assert.equal(costOf(0n, 300n, 600n), 0n);
});

test("the first node that differs is found, in a trace of any length", () => {
  const trace = (...nodes: string[]): Digest[] => nodes.map((node): Digest => `0x${node.repeat(32)}`);
  assert.equal(firstDifference(trace("11", "22"), trace("11", "22")), undefined);
  assert.equal(firstDifference(trace("11", "33"), trace("11", "22")), 1);
  assert.equal(firstDifference(trace("11", "22"), trace()), 0);
  assert.equal(firstDifference(trace("11"), trace("11", "22")), 1);
});
