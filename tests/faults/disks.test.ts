/** Disks: one that is slow, and one that fills up. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SlowDisk, SmallDisk } from "./disks.ts";
import { fault } from "./testing.ts";

/** What each read and each write of the slow disk takes, in milliseconds, one after the other: the disk of a cheap or a crowded machine. */
const DELAY = { read: 1, write: 5 };
/** How long the slow disk is used, in milliseconds. */
const SLOW = 25_000;
/** The small disk, the room that the node wants to be left on it, and by how much it fills each time, in MiB. */
const [SMALL, WANTED, STEP] = [512, 96, 32];
/** How long a node may take to notice, in milliseconds. */
const NOTICE = 15_000;

fault("a validator's disk is slow", async ({ stage, note }) => {
  const dave = stage.peer("dave");
  await dave.stop();
  const disk = await SlowDisk.replace(dave.options.basePath, join(stage.folder, "slow"), DELAY);
  try {
    note("a write of 4 KiB until it is on the disk, ms", disk.measure());
    note("start on the slow disk, s", await dave.start());
    const begin = Date.now();
    await sleep(SLOW);
    note("final blocks meanwhile, of 25", stage.finality.progress(begin));
    const [own, head] = await Promise.all([dave.final(), stage.peer("alice").final()]);
    note("how far it was behind in the end, blocks", head.number - own.number);
    assert.ok(own.number > 0);
  } finally {
    await dave.stop();
    await disk.remove();
  }
  await dave.start();
});

fault("a validator's disk fills up", async ({ stage, note }) => {
  const dave = stage.peer("dave");
  await dave.stop();
  const disk = await SmallDisk.replace(dave.options.basePath, SMALL);
  dave.options.args.push("--min-disk-room", `${WANTED}`);
  try {
    await dave.start();
    await sleep(3_000);
    for (let left = Math.floor(await disk.left()) - STEP; dave.alive && left > STEP; left -= STEP) {
      await disk.fill(left);
      await sleep(500);
    }
    const exit = await dave.ends(NOTICE);
    assert.ok(exit, "the node went on with a full disk");
    assert.match(await dave.program.said(), /MiB left and the node wants 96\. Make room/);
    note("it ended", `with code ${exit.code} and a message, at ${Math.round(await disk.left())} MiB left`);
    const begin = Date.now();
    // Closing the database gave some room back.
    await disk.fill(STEP);
    await assert.rejects(dave.start(), /ended at once/);
    assert.match(await dave.program.said(), /Make room and start the node again/);
    await sleep(5_000);
    note("final blocks of the others in 5 s", stage.finality.progress(begin));
    await disk.clear();
    note("start with room again, s", await dave.start());

    // All at once, faster than anybody can look: whatever ends the node then, its database must open again.
    await disk.fill(0);
    const sudden = await dave.ends(NOTICE);
    assert.ok(sudden, "the node went on with a disk without a byte left");
    note("filled to the last byte at once, it ended", sudden.signal ? `by ${sudden.signal}` : `with code ${sudden.code}`);
    await disk.clear();
    note("start after that, s", await dave.start());
  } finally {
    dave.options.args.splice(-2);
    await dave.stop();
    await disk.remove();
  }
  await dave.start();
});
