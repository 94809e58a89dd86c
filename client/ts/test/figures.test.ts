import assert from "node:assert/strict";
import { test } from "node:test";
import { atMost, percentile } from "../src/demo/figures.ts";
import { columnsOf, table } from "../src/demo/table.ts";

test("a percentile is the smallest value that the share of all does not exceed", () => {
  assert.equal(percentile([3, 1, 2], 0.5), 2);
  assert.equal(percentile([1, 1, 1, 2], 0.5), 1);
  assert.equal(percentile([5], 0.95), 5);
  assert.equal(percentile(Array.from({ length: 100 }, (_, at) => at + 1), 0.95), 95);
  assert.equal(percentile([], 0.5), null);
});

test("the probability of few right answers is the binomial one", () => {
  assert.ok(Math.abs(atMost(1, 2, 0.5) - 0.75) < 1e-12);
  assert.ok(Math.abs(atMost(8, 10, 0.9) - (1 - 0.9 ** 10 - 10 * 0.1 * 0.9 ** 9)) < 1e-12);
  assert.equal(atMost(10, 10, 1), 1);
  assert.equal(atMost(9, 10, 1), 0);
});

test("columns stand straight under text that is twice as wide", () => {
  assert.equal(columnsOf("日本語"), 6);
  assert.equal(columnsOf("e\u0301"), 1);
  const lines = table([{ title: "text", width: 5 }, { title: "n", right: true }], [["日本語", "1"], ["abcdefgh", "10"]]);
  assert.deepEqual(lines, ["text    n", "─────  ──", "日本…   1", "abcd…  10"]);
});
