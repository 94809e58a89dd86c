/** Nodes that are far behind. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Peer } from "./peer.ts";
import type { Stage } from "./stage.ts";
import { fault } from "./testing.ts";
import { until } from "./waiting.ts";

/** Blocks that the chain has at least before a newcomer joins. */
const LENGTH = 200;
/** How long a node may take to catch up, in milliseconds. */
const PATIENCE = 120_000;
/** How long a validator is away, in milliseconds. */
const AWAY = 45_000;

/** Starts a node and waits until it holds final what a validator did when asked. Tells how long and how many blocks it took. */
async function catchesUp(stage: Stage, peer: Peer): Promise<string> {
  const begin = Date.now();
  await peer.start();
  const goal = await stage.peer("alice").final();
  await until(`${peer.name} reached block ${goal.number}`, PATIENCE, async () => (await peer.final()).number >= goal.number);
  const [hash] = await peer.hashes(goal.number, goal.number);
  assert.equal(hash, goal.hash);
  return `${((Date.now() - begin) / 1000).toFixed(1)} s to block ${goal.number}`;
}

async function longEnough(stage: Stage): Promise<void> {
  await until(`the chain has ${LENGTH} blocks`, LENGTH * 2_000, async () => (await stage.any.final()).number >= LENGTH);
}

fault("a validator that was away catches up", async ({ stage, note }) => {
  const dave = stage.peer("dave");
  await dave.stop();
  const { number } = await stage.any.final();
  await sleep(AWAY);
  note("blocks that it missed", (await stage.any.final()).number - number);
  note("caught up", await catchesUp(stage, dave));
});

fault("a new node catches up by full sync", async ({ stage, note }) => {
  await longEnough(stage);
  const peer = stage.newcomer("full", ["--sync", "full"]);
  try {
    note("caught up", await catchesUp(stage, peer));
    const [oldest] = stage.ledger.posted.keys();
    if (oldest !== undefined) {
      const told = await until("it tells the oldest task's end", PATIENCE, async () => peer.rpc<{ state: string }>("task_status", [oldest]));
      assert.equal(told.state, "ended");
    }
  } finally {
    await peer.kill();
  }
});

fault("a new node catches up by warp sync, and then follows", async ({ stage, note }) => {
  await longEnough(stage);
  const peer = stage.newcomer("warp", ["--sync", "warp"]);
  try {
    note("caught up", await catchesUp(stage, peer));
    assert.match(await peer.program.said(), /[Ww]arp sync is complete/, "it came there by another way");
    const goal = (await stage.any.best()) + 3;
    await until("it follows the chain", PATIENCE, async () => (await peer.final()).number >= goal);
    // It executed no block before the one it jumped to, and says so.
    const [oldest] = stage.ledger.posted.keys();
    if (oldest !== undefined) {
      const told = await peer.rpc<{ state: string }>("task_status", [oldest]).then(({ state }) => state, (error: Error) => error.message);
      note("what it says of a task from before", told);
    }
  } finally {
    await peer.kill();
  }
});
