/** A validator whose clock goes wrong while it runs, and is set right again. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Clock } from "./clock.ts";
import { fault } from "./testing.ts";

/** How long a clock is wrong, in milliseconds. */
const WRONG = 20_000;

for (const skew of [2, -2, 20, -20]) {
  fault(`a validator's clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead" : "behind"}`, async ({ stage, note }) => {
    const dave = stage.peer("dave");
    const clock = new Clock(join(stage.folder, "clock"));
    await clock.set(0);
    await dave.stop();
    dave.env = clock.env();
    await dave.start();
    const { pid } = dave.program;
    await stage.finality.resumes(180_000);
    const begin = Date.now();
    await clock.set(skew);
    await sleep(WRONG);
    const others = stage.finality.progress(begin);
    const [own, head] = await Promise.all([dave.final(), stage.peer("alice").final()]);
    note("final blocks while it was wrong, of 20", others);
    note("how far it was behind in the end, blocks", head.number - own.number);
    assert.ok(others > 0, "three validators with the right time did not go on");
    await clock.set(0);
    note("final again on all nodes with the right time and no restart after, s", await stage.finality.resumes(180_000));
    // For the next test it runs without the library again.
    await dave.stop();
    await clock.clean(pid);
    dave.env = {};
    await dave.start();
  });
}
