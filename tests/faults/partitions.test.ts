/** Wires that are cut: what was on its way is lost and nobody is told. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "./testing.ts";

/** How long wires stay cut, in milliseconds: several tasks' lives, and long enough for connections to notice. */
const CUT = 20_000;
/** In which a vote or block that was under way when the wires were cut may still arrive, in milliseconds. */
const GRACE = 1_500;

fault("one of four validators is cut off and comes back", async ({ stage, note }) => {
  const dave = stage.peer("dave");
  stage.wires.split([dave.machine]);
  await sleep(GRACE);
  const [begin, before] = [Date.now(), await dave.final()];
  await sleep(CUT);
  const [progress, alone] = [stage.finality.progress(begin), await dave.final()];
  note("final blocks while it was cut off", progress);
  note("its own best block went on by", (await dave.best()) - before.number);
  assert.ok(progress > 0, "three of four validators did not go on");
  assert.equal(alone.number, before.number, "a validator alone held new blocks final");
  stage.wires.heal();
});

fault("two validators are cut off from the other two", async ({ stage, note }) => {
  const half = ["charlie", "dave", "solver-far"].map((name) => stage.peer(name));
  stage.wires.split(half.map(({ machine }) => machine));
  await sleep(GRACE);
  const before = await Promise.all(stage.peers.map(async (peer) => (await peer.final()).number));
  await sleep(CUT);
  const now = await Promise.all(stage.peers.map(async (peer) => (await peer.final()).number));
  const heads = await Promise.all(["alice", "charlie"].map((name) => stage.peer(name).rpc<{ number: string }>("chain_getHeader")));
  assert.deepEqual(now, before, "blocks became final though neither side had two thirds of the votes");
  note("final blocks while split", 0);
  note("blocks beyond the last final one on each side", heads.map(({ number }) => Number(number) - now[0]!).join(" and "));
  stage.wires.heal();
});
