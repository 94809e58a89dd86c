import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { measure, type Figures } from "./measure.ts";

/** How far a figure may move before somebody has to look at it. */
const TOLERANCE = 0.01;

test("gas is what gas.json says, and within its goals", async () => {
  const before = JSON.parse(readFileSync(new URL("../gas.json", import.meta.url), "utf8")) as Record<string, Figures>;
  const now = await measure();
  assert.deepEqual(Object.keys(now), Object.keys(before));
  for (const [on, figures] of Object.entries(now)) {
    assert.deepEqual(Object.keys(figures), Object.keys(before[on]!));
    for (const [what, gas] of Object.entries(figures)) {
      const was = before[on]![what]!;
      assert.ok(Math.abs(gas - was) <= was * TOLERANCE, `${on}: ${what}: ${gas}, was ${was}. If that is meant: npm run gas`);
    }
    // The goals of the project: one result against a bare process with the same body, and one of 64 with all that it takes.
    assert.ok(figures["process, PensumClient ÷ empty handler"]! <= 1.25);
    assert.ok(figures["process, LanguageDesk ÷ empty handler"]! <= 1.25);
    assert.ok(figures["one of 64 results, root included, by BatchRelay, PensumClient"]! <= 10_000);
  }
});
