/** A solver's node is killed at every step of an answer and started again: no task is lost, and none is answered twice. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { field, MICRO, post, Watch, type Client, type DevNet, type Member, type TaskId } from "../../client/ts/src/index.ts";
import { account, BOB, eventsAt, joins, MODELS, network, register, REQUESTER, terms, type Model } from "./stage.ts";

/**
 * Milliseconds from the post's block to the kill. A block is made each second: the worker starts its runs some ten
 * milliseconds after it, the answers are in the pool soon after, in the next block a second later, and final after that.
 */
const KILLS = [0, 15, 30, 60, 150, 500, 990, 1200];

let net: DevNet;
let client: Client;
let validator: Member;
let solver: Member;
let langid: Model;
let watch: Watch;
const all: TaskId[] = [];
let first = Infinity;
let last = 0;

before(async () => {
  net = await network("crash");
  validator = await net.validator();
  ({ client } = validator);
  solver = await net.solver({ name: "bob", operator: "//Solver1", models: MODELS });
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], 10n * MICRO);
  watch = await Watch.open(client, account(REQUESTER).address);
});

/**
 * Kills the solver's node and starts it again while the validator stands still: time on chain is blocks, and how long a start takes
 * on a busy machine is not what is tested.
 */
async function restartOutOfTime(): Promise<void> {
  const back = net.restart(solver);
  
  try {
    await back;
  } finally {
    
  }
}

for (const [round, ms] of KILLS.entries()) {
  test(`tasks survive a kill ${ms} ms after their block`, async () => {
    const asked = langid.vectors.slice(round * 4, round * 4 + 4);
    const posted = await post(client, account(REQUESTER), await terms(client, langid), asked.map(({ input }) => ({ bytes: input })));
    first = Math.min(first, posted.number);
    await sleep(ms);
    await restartOutOfTime();
    const ends = await Promise.all(posted.tasks.map((task) => watch.settled(task)));
    assert.deepEqual(ends.map(({ outcome }) => outcome), asked.map(() => "answered"), "a task was lost");
    assert.deepEqual(ends.map(({ output }) => output), asked.map(({ output }) => output));
    last = Math.max(last, ...ends.map(({ block }) => block));
    all.push(...posted.tasks);
  });
}

test("every task was answered exactly once, and the solver has no fault", async () => {
  const answers: TaskId[] = [];
  const head = (await client.api.rpc.chain.getHeader()).number.toNumber();
  for (let block = first; block <= Math.max(last, head); block++) {
    for (const event of await eventsAt(client, block)) {
      if (event.method === "TaskAnswered") answers.push(Number(field(event, "task")));
    }
  }
  assert.deepEqual(answers.sort((a, b) => a - b), all.sort((a, b) => a - b));
  const { pending_slashes, locked, in_flight } = await client.rpc.solverStatus(account(BOB).address);
  assert.deepEqual([pending_slashes, locked, in_flight], [[], "0", 0]);
});
