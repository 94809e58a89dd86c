/** Auctions and workflows on a real node: solvers' nodes take, bid and reveal by themselves. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  batchOf,
  field,
  labelAnswer,
  MICRO,
  posting,
  runWorkflow,
  send,
  eventsOf,
  Watch,
  type EventRecord,
  type Client,
  type Matching,
  type TaskId,
} from "../../client/ts/src/index.ts";
import {
  account,
  awaits,
  balance,
  BOB,
  CHARLIE,
  DAVE,
  joins,
  MODELS,
  network,
  operates,
  refuses,
  register,
  REQUESTER,
  terms,
  type Model,
} from "./stage.ts";

const PRICES = [20n * MICRO, 30n * MICRO, 40n * MICRO] as const;
const CAP = 100n * MICRO;

let client: Client;
let langid: Model;
let digits: Model;
let watch: Watch;

before(async () => {
  const net = await network("auctions");
  ({ client } = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } }));
  await operates(client, "//Solver2", "//Solver3");
  langid = await register(client, "langid");
  digits = await register(client, "digits");
  await joins(client, BOB, "//Solver1", [langid, digits], PRICES[0]);
  await joins(client, CHARLIE, "//Solver2", [langid, digits], PRICES[1]);
  await joins(client, DAVE, "//Solver3", [langid], PRICES[2]);
  watch = await Watch.open(client, account(REQUESTER).address);
});

/** Posts the first texts of the vectors at auction; the block and the tasks. */
async function auctions(matching: Matching, count: number): Promise<{ block: number; tasks: TaskId[] }> {
  const inputs = langid.vectors.slice(0, count).map(({ input }) => ({ bytes: input }));
  const call = posting(client, await terms(client, langid, { maxReward: CAP, matching }), inputs);
  const { events, number } = await send(client.api, account(REQUESTER), call);
  const [opened] = eventsOf(events, "taskMarket", "BatchOpened");
  assert.ok(opened, "the auction left no event");
  const first = Number(field(opened, "first"));
  return { block: number, tasks: inputs.map((_, place) => first + place) };
}

test("a rising price is taken once it is what the cheapest solver asks", async () => {
  const matching = { dutch: { start: "0", end: CAP.toString(), blocks: 20 } };
  const { block, tasks } = await auctions(matching, 2);
  const open = await client.rpc.taskStatus(tasks[0]!);
  assert.equal(open.state, "auctioned");
  for (const [place, task] of tasks.entries()) {
    const ended = await watch.settled(task);
    assert.deepEqual([ended.outcome, ended.output], ["answered", langid.vectors[place]!.output]);
    assert.ok(ended.price >= PRICES[0], `taken at ${ended.price}, below what anybody asks`);
    assert.ok(ended.price < PRICES[2], `taken at ${ended.price}, when everybody would have`);
  }
  const won = await awaits(client, block, ["auction", "AuctionWon"]);
  assert.equal(Number(field(won, "batch")), batchOf(tasks[0]!));
});

test("the lowest sealed bid wins and is paid what the second would have cost", async () => {
  const matching = { sealed: { reserve: CAP.toString(), commit: 4, reveal: 4 } };
  const { block, tasks } = await auctions(matching, 1);
  const ended = await watch.settled(tasks[0]!);
  assert.deepEqual([ended.outcome, ended.output], ["answered", langid.vectors[0]!.output]);
  assert.equal(ended.solver, account(BOB).address);
  assert.ok(ended.price >= PRICES[1] && ended.price <= 2n * PRICES[1], `paid ${ended.price} for a second bid of ${PRICES[1]}`);
  const won = await awaits(client, block, ["auction", "AuctionWon"], (event) => Number(field(event, "batch")) === batchOf(tasks[0]!));
  assert.equal(BigInt(field(won, "price")), ended.price);
  // Nobody lost a deposit.
  for (const name of [BOB, CHARLIE, DAVE]) {
    const { locked, pending_slashes } = await client.rpc.solverStatus(account(name).address);
    assert.deepEqual([name, locked, pending_slashes], [name, "0", []]);
  }
});

test("what nobody bids for in three rounds is refunded whole", async () => {
  const matching = { dutch: { start: "1", end: "2", blocks: 3 } };
  const { tasks } = await auctions(matching, 1);
  const held = (await balance(client, REQUESTER)).held;
  assert.ok(held >= CAP);
  const ended = await watch.settled(tasks[0]!);
  assert.deepEqual(ended.outcome, { refunded: "no_bids" });
  assert.equal((await balance(client, REQUESTER)).held, held - CAP);
});

test("windows that give nobody a chance are refused", async () => {
  const short = { sealed: { reserve: CAP.toString(), commit: 1, reveal: 1 } };
  await refuses(auctions(short, 1), "auction", "WindowTooShort");
  const falling = { dutch: { start: "2", end: "1", blocks: 10 } };
  await assert.rejects(auctions(falling, 1), /auction\./);
});

/** How the steps of a workflow ended, as its last event tells. */
function steps(ended: EventRecord["event"]): { [state: string]: unknown }[] {
  return ended.data[ended.data.names!.indexOf("steps")]!.toJSON() as { [state: string]: unknown }[];
}

test("a workflow posts the step that the language decides on, and skips the other", async () => {
  const english = { bytes: new TextEncoder().encode("The train to the coast leaves at half past seven, so tomorrow we have to get up early.") };
  const [digit] = digits.vectors;
  const label = async (name: string): Promise<number> => (await client.rpc.modelInfo(langid.id)).labels.indexOf(name);
  const then = (step: number) => ({ model: digits.id, source: { bytes: digit!.input }, condition: { step: 0, accepted: [labelAnswer(step)] }, maxReward: CAP, patience: 40 });
  const plan = [
    { model: langid.id, source: english, maxReward: CAP, patience: 40 },
    then(await label("en")),
    then(await label("de")),
  ];
  const before = await balance(client, REQUESTER);
  const { id, number } = await runWorkflow(client, account(REQUESTER), plan, 4_000n * MICRO);
  const ended = await awaits(client, number, ["workflow", "WorkflowEnded"], (event) => Number(field(event, "workflow")) === id);
  const [, second, third] = steps(ended);
  assert.deepEqual([Object.keys(second!)[0], Object.keys(third!)[0]], ["answered", "skipped"]);
  assert.equal((await watch.settled(Number(second!.answered))).output, digit!.output);
  await refuses(client.rpc.workflowStatus(id), "rpc", "UnknownWorkflow");
  assert.equal((await balance(client, REQUESTER)).held, before.held, "money stayed behind");
});

test("a workflow whose first step cannot be answered fails with reasons", async () => {
  const impossible = { model: langid.id, source: { text: "wool" }, maxReward: 1n, patience: 40 };
  const waits = { model: langid.id, source: { text: "silk" }, condition: { step: 0, accepted: [labelAnswer(0)] }, maxReward: CAP, patience: 40 };
  const { id, number } = await runWorkflow(client, account(REQUESTER), [impossible, waits], 2_000n * MICRO);
  const ended = await awaits(client, number, ["workflow", "WorkflowEnded"], (event) => Number(field(event, "workflow")) === id);
  assert.deepEqual(steps(ended), [{ failed: { notPosted: null } }, { failed: { upstream: 0 } }]);
});
