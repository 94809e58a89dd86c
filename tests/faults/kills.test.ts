/** Nodes that are killed, as by a power cut, and started again on what their disks hold. */
import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "./testing.ts";
import { seconds } from "./waiting.ts";

/** Seed of what is killed when; any other with FAULTS_SEED. */
const SEED = Number(process.env.FAULTS_SEED ?? 1);
/** Nodes that are killed one after the other. */
const KILLS = 6;
/** Longest pause before a kill, in milliseconds: three slots, so that it comes anywhere in one. */
const MAX_PAUSE = 3_000;
/** How long two of four validators are away, in milliseconds. */
const AWAY = 8_000;

/** Numbers below 1, the same for the same seed. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

fault("any node may be killed at any time", async ({ stage, note }) => {
  const numbers = random(SEED);
  const next = (below: number): number => Math.floor(numbers.next().value * below);
  note("seed", SEED);
  const killed: string[] = [];
  const starts: number[] = [];
  for (let round = 0; round < KILLS; round++) {
    await sleep(next(MAX_PAUSE));
    const peer = stage.peers[next(stage.peers.length)]!;
    killed.push(peer.name);
    await peer.kill();
    starts.push(await peer.start());
  }
  note("killed", killed.join(", "));
  note("from start to first answer at most, s", Math.max(...starts));
});

fault("two of four validators are killed at once", async ({ stage, note }) => {
  const [, , charlie, dave] = stage.validators;
  await Promise.all([charlie!.kill(), dave!.kill()]);
  const begin = Date.now();
  await sleep(AWAY);
  note("final blocks while two were away", stage.finality.progress(begin + 1_000));
  note("start of both, s", await seconds(async () => Promise.all([charlie!.start(), dave!.start()])));
});
