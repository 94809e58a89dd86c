/**
 * Solvers that fail: one that lies and one that sleeps, both played by the test, beside an honest one on a real node.
 *
 * The liar's operator key is in the hands of the test, which writes the general transactions by hand.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  answer,
  answerPayload,
  batchOf,
  decline,
  devAccount,
  generalTransaction,
  MICRO,
  offering,
  post,
  send,
  sendGeneral,
  Watch,
  type Address,
  type Client,
  type Hex,
  type Posted,
  type TaskId,
  type Terms,
} from "../../client/ts/src/index.ts";
import { account, balance, BOB, BOND, CHARLIE, DAVE, eventsAt, joins, MODELS, network, offer, refuses, register, REQUESTER, sends, terms, type Model } from "./stage.ts";

const HONEST = 30n * MICRO;
const CHEAP = 10n * MICRO;
const LIAR = devAccount("//Liar");
const SLEEPER = devAccount("//Sleeper");

let client: Client;
let langid: Model;
let watch: Watch;

before(async () => {
  const net = await network("faults");
  ({ client } = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } }));
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], HONEST);
  await joins(client, CHARLIE, "//Liar", [langid], CHEAP);
  await joins(client, DAVE, "//Sleeper", [], CHEAP);
  watch = await Watch.open(client, account(REQUESTER).address);
});

const holder = (posted: Posted): Address[] => posted.parts.map(({ solver }) => solver);

/** Posts the first texts of the vectors, and expects them to go to the solver of this name. */
async function postsTo(name: string, count: number, changes: Partial<Terms> = {}): Promise<Posted> {
  const inputs = langid.vectors.slice(0, count).map(({ input }) => ({ bytes: input }));
  const posted = await post(client, account(REQUESTER), await terms(client, langid, changes), inputs);
  assert.deepEqual(holder(posted), [account(name).address]);
  return posted;
}

const right = (place: number): Hex => langid.vectors[place]!.output;
/** A label of the model that is not the answer. */
const wrong = (place: number): Hex => (right(place) === "0x00000000" ? "0x01000000" : "0x00000000");

test("the pool refuses what is not due, each with its name", async () => {
  const { tasks } = await postsTo(CHARLIE, 2);
  const [first, second] = tasks as [TaskId, TaskId];
  const { api } = client;
  await refuses(answer(client, devAccount("//Nobody"), [{ task: first, output: right(0) }]), "pool", "UnknownOperator", /set_operator/);
  await refuses(answer(client, SLEEPER, [{ task: first, output: right(0) }]), "pool", "NotYours", /solver_status/);
  await refuses(answer(client, LIAR, [{ task: first, output: "0x00" }]), "pool", "WrongLength", /model_info/);
  await refuses(answer(client, LIAR, []), "pool", "Malformed");
  const unsorted = [{ task: second, output: right(1) }, { task: first, output: right(0) }];
  await refuses(answer(client, LIAR, unsorted), "pool", "Malformed", /Sort/);
  await refuses(answer(client, LIAR, [{ task: first, output: right(0) }, { task: first, output: right(0) }]), "pool", "Malformed");
  await refuses(answer(client, LIAR, [{ task: first, output: right(0), blob: "0x61" }]), "pool", "BlobMismatch", /digest/);
  await refuses(answer(client, LIAR, [{ task: 2 ** 40, output: right(0) }]), "pool", "TaskNotOpen", /task_status/);
  const forged = SLEEPER.sign(answerPayload(api.genesisHash.toHex(), LIAR.publicKey, [{ task: first, output: right(0) }]));
  const sheet = [{ task: first, output: right(0), blob: null }];
  await refuses(sendGeneral(client, client.call("taskMarket", "answer")(LIAR.publicKey, sheet, forged)), "pool", "BadSignature", /Sign with the key/);

  // The same tasks, answered right and by hand, are paid like any others.
  const before = await balance(client, CHARLIE);
  await answer(client, LIAR, tasks.map((task, place) => ({ task, output: right(place) })));
  const ends = await Promise.all(tasks.map((task) => watch.settled(task)));
  assert.deepEqual(ends.map(({ output, price }) => [output, price]), [[right(0), CHEAP], [right(1), CHEAP]]);
  assert.ok((await balance(client, CHARLIE)).free > before.free, "right answers were not paid");
  await refuses(answer(client, LIAR, [{ task: first, output: right(0) }]), "pool", "TaskNotOpen");
});

test("an answer signed for another chain is refused", async () => {
  const { tasks, batch } = await postsTo(CHARLIE, 1);
  const sheet = [{ task: tasks[0]!, output: right(0), blob: null }];
  const signature = LIAR.sign(answerPayload(`0x${"00".repeat(32)}`, LIAR.publicKey, [{ task: tasks[0]!, output: right(0) }]));
  const call = client.call("taskMarket", "answer")(LIAR.publicKey, sheet, signature);
  await refuses(sendGeneral(client, call), "pool", "BadSignature");
  await sends(client, REQUESTER, "taskMarket", "cancel", batch);
});

test("a wrong answer is never paid: its author is slashed, and the honest solver answers in its place", async () => {
  const [before, honest] = [await balance(client, CHARLIE), await balance(client, BOB)];
  const posted = await postsTo(CHARLIE, 2);
  const [lied, spared] = posted.tasks as [TaskId, TaskId];
  await answer(client, LIAR, [{ task: lied, output: wrong(0) }]);

  const ends = await Promise.all([watch.settled(lied), watch.settled(spared)]);
  assert.deepEqual(ends.map(({ output }) => output), [right(0), right(1)]);
  assert.deepEqual(ends.map(({ solver, price }) => [solver, price]), Array(2).fill([account(BOB).address, HONEST]));

  const { free } = await balance(client, CHARLIE);
  assert.equal(free, before.free, "the liar was paid");
  assert.ok((await balance(client, BOB)).free > honest.free, "the honest solver was not paid");
  const liar = await client.rpc.solverStatus(account(CHARLIE).address);
  assert.deepEqual([liar.locked, liar.in_flight], ["0", 0]);
  assert.equal(liar.pending_slashes.length, 1);
  const [, amount, fault] = liar.pending_slashes[0]!;
  assert.equal(fault, "wrong");
  assert.equal(liar.at_risk, amount);
  // The whole bond behind the task, and a hundredth of the stake.
  assert.ok(BigInt(amount) >= BOND / 100n, `only ${amount} is at risk`);
  assert.ok(liar.reputation < (await client.rpc.solverStatus(account(BOB).address)).reputation);

  const events = (await Promise.all([1, 2].map((ahead) => eventsAt(client, posted.number + ahead)))).flat();
  const names = events.map(({ method }) => method);
  for (const name of ["AnswerRejected", "SlashScheduled", "AssignmentFailed", "BatchHandedOver", "RescuerNamed"]) {
    assert.ok(names.includes(name), `there was no ${name}`);
  }
  const { record } = await watch.proven(lied);
  assert.equal(record.solvers.at(-1), account(BOB).address);
});

test("stake at risk can neither be unbonded nor taken along", async () => {
  const { free, at_risk } = await client.rpc.solverStatus(account(CHARLIE).address);
  assert.equal(BigInt(free), BOND - BigInt(at_risk));
  await refuses(sends(client, CHARLIE, "solverStaking", "unbond", BigInt(free) + 1n), "solverStaking", "StakeNotFree", /solver_status/);
  await refuses(sends(client, CHARLIE, "solverStaking", "leave"), "solverStaking", "StillAtRisk", /pending_slashes/);
});

test("a solver that says in time that it cannot answer loses no stake, and the task goes on at once", async () => {
  const slashes = (await client.rpc.solverStatus(account(CHARLIE).address)).pending_slashes;
  const posted = await postsTo(CHARLIE, 1, { maxReward: 100n * MICRO });
  await refuses(decline(client, SLEEPER, posted.batch, "engine_failed"), "pool", "NotYours");
  await decline(client, LIAR, posted.batch, "engine_failed");
  const ended = await watch.settled(posted.tasks[0]!);
  assert.deepEqual([ended.solver, ended.output], [account(BOB).address, right(0)]);
  assert.ok(ended.block - posted.number <= 3, `it took ${ended.block - posted.number} blocks`);
  assert.deepEqual((await client.rpc.solverStatus(account(CHARLIE).address)).pending_slashes, slashes);
  await sends(client, CHARLIE, "solverStaking", "withdrawOffer", langid.id);
});

test("a solver that sleeps is slashed when its time runs out, and its task is answered by the next", async () => {
  await send(client.api, account(DAVE), offering(client, langid.id, offer(CHEAP)));
  const posted = await postsTo(DAVE, 2);
  const status = await client.rpc.taskStatus(posted.tasks[0]!);
  assert.ok(status.state === "assigned");
  const ends = await Promise.all(posted.tasks.map((task) => watch.settled(task)));
  assert.deepEqual(ends.map(({ solver, output }) => [solver, output]), [right(0), right(1)].map((output) => [account(BOB).address, output]));
  assert.deepEqual([...new Set(ends.map(({ block }) => block))], [status.answer_by + 2], "handed over a block late");
  const sleeper = await client.rpc.solverStatus(account(DAVE).address);
  assert.deepEqual(sleeper.pending_slashes.map(([, , fault]) => fault), ["timed_out"]);
  assert.deepEqual([sleeper.locked, sleeper.in_flight], ["0", 0]);
  await refuses(answer(client, SLEEPER, [{ task: posted.tasks[0]!, output: right(0) }]), "pool", "TaskNotOpen");
});

test("a task that nobody answers by its deadline is refunded whole", async () => {
  const before = await balance(client, REQUESTER);
  const number = (await client.api.rpc.chain.getHeader()).number.toNumber();
  const posted = await postsTo(DAVE, 1, { maxReward: CHEAP, deadline: number + 5 });
  const ended = await watch.settled(posted.tasks[0]!);
  assert.ok(typeof ended.outcome === "object", "it was answered");
  assert.ok(["deadline_passed", "nobody_left"].includes(ended.outcome.refunded), ended.outcome.refunded);
  assert.ok(ended.block <= number + 6, `refunded in block ${ended.block}, the deadline was ${number + 5}`);
  const after = await balance(client, REQUESTER);
  assert.deepEqual([after.held, before.free - after.free], [before.held, posted.fee + posted.prepaid]);
  const { record } = await watch.proven(posted.tasks[0]!);
  assert.deepEqual([record.outcome, record.price], [ended.outcome, "0"]);
});

test("a general transaction that is cut short or has another version is refused", async () => {
  const call = client.call("taskMarket", "decline")(LIAR.publicKey, batchOf(0), "EngineFailed", new Uint8Array(64));
  const bytes = generalTransaction(client.api, call);
  await assert.rejects(client.send("author_submitExtrinsic", [bytes.slice(0, -2)]), /./);
  const otherVersion = bytes.replace(/^(0x.{4})45/, "$146");
  assert.notEqual(otherVersion, bytes);
  await assert.rejects(client.send("author_submitExtrinsic", [otherVersion]), /./);
});
