/** A solver's node is killed at every step of an answer and started again: no task is lost, and none is answered twice. */
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { caughtUp, field, MICRO, post, Watch, type Client, type DevNet, type Member, type TaskId } from "../../client/ts/src/index.ts";
import { account, BOB, eventsAt, joins, MODELS, network, register, REQUESTER, terms, type Model } from "./stage.ts";

/**
 * Milliseconds from the post's block to the kill. A block is made each second: the worker starts its runs some ten
 * milliseconds after it, the answers are in the pool soon after, in the next block a second later, and final after that.
 */
const KILLS = [0, 15, 30, 60, 150, 500, 990, 1200];

/**
 * Blocks that a solver which is back may need for an answer: until the lock of the round that was killed has run out (3 s) and until
 * what was noted as sent counts as lost (3 blocks), and until its new connection carries transactions.
 */
const MARGIN = 6;
/** Most rounds that may run out of time because the solver comes back late: one more and it is jailed. */
const MAX_LATE = 2;

let net: DevNet;
let client: Client;
let validator: Member;
let solver: Member;
let langid: Model;
let watch: Watch;
const all: TaskId[] = [];
let first = Infinity;
/** Tasks whose solver came back so late that they may run out of time. */
const late: TaskId[] = [];

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
 * Kills the solver's node and starts it again. From when the validator has noticed until the new one comes to its network, the
 * validator stands still: time on chain is blocks, and how long a start takes on a busy machine is not what is tested.
 */
async function restart(): Promise<void> {
  const { log } = solver.node.options;
  const { size } = await stat(log);
  const networked = async (): Promise<void> => {
    while (!(await readFile(log)).subarray(size).includes("network backend")) await sleep(10);
  };
  const stopped = async (): Promise<void> => {
    while ((await validator.node.rpc<{ peers: number }>("system_health")).peers > 0) await sleep(10);
    process.kill(validator.node.pid, "SIGSTOP");
  };
  try {
    const back = net.restart(solver, stopped);
    await Promise.race([networked(), back]);
    process.kill(validator.node.pid, "SIGCONT");
    await back;
  } finally {
    process.kill(validator.node.pid, "SIGCONT");
  }
}

for (const [round, ms] of KILLS.entries()) {
  test(`tasks survive a kill ${ms} ms after their block`, async (t) => {
    const asked = langid.vectors.slice(round * 4, round * 4 + 4);
    const posted = await post(client, account(REQUESTER), await terms(client, langid), asked.map(({ input }) => ({ bytes: input })));
    const [status] = await client.rpc.taskOpen();
    first = Math.min(first, posted.number);
    await sleep(ms);
    await restart();
    await caughtUp(solver.client, client);
    const back = (await client.api.rpc.chain.getHeader()).number.toNumber();
    const inTime = !status || back + MARGIN <= status.answer_by;
    if (!inTime) late.push(...posted.tasks);
    t.diagnostic(`back ${back - posted.number} blocks after the post${inTime ? "" : ": perhaps too late"}`);
    const ends = await Promise.all(posted.tasks.map((task) => watch.settled(task)));
    for (const [place, { outcome, output }] of ends.entries()) {
      if (inTime) assert.equal(outcome, "answered", "a task was lost");
      if (outcome === "answered") assert.equal(output, asked[place]!.output);
    }
    all.push(...posted.tasks);
  });
}

test("every task ended exactly once, and was answered wherever its solver was back in time", async () => {
  const answers: TaskId[] = [];
  const refunds: TaskId[] = [];
  const head = (await client.api.rpc.chain.getHeader()).number.toNumber();
  for (let block = first; block <= head; block++) {
    for (const event of await eventsAt(client, block)) {
      if (event.method === "TaskAnswered") answers.push(Number(field(event, "task")));
      if (event.method === "TaskRefunded") refunds.push(Number(field(event, "task")));
    }
  }
  assert.deepEqual([...answers, ...refunds].sort((a, b) => a - b), all.sort((a, b) => a - b));
  assert.ok(refunds.every((task) => late.includes(task)), `refunded: ${refunds.join()}`);
  assert.ok(refunds.length <= MAX_LATE * 4, `${refunds.length} tasks ran out of time before their solver was back: is the machine busy?`);
  const { pending_slashes, locked, in_flight } = await client.rpc.solverStatus(account(BOB).address);
  assert.deepEqual([locked, in_flight], ["0", 0]);
  assert.ok(pending_slashes.length <= late.length / 4 && pending_slashes.every(([, , fault]) => fault === "timed_out"));
});
