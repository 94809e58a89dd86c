/** Quorums, windows with fraud proofs, and appeals on a real node, with one solver whose keys are in the hands of the test. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  answer,
  batchOf,
  blake2,
  challenge,
  commit,
  commitmentTo,
  devAccount,
  eventsOf,
  field,
  firstDifference,
  makeStep,
  MICRO,
  PEN,
  posting,
  reveal,
  send,
  u8aToHex,
  Watch,
  type Client,
  type Digest,
  type Hex,
  type Seat,
  type TaskId,
  type Terms,
  type Verification,
} from "../../client/ts/src/index.ts";
import {
  account,
  awaits,
  BOB,
  CHARLIE,
  DAVE,
  funds,
  joins,
  MODELS,
  network,
  operates,
  refuses,
  register,
  REQUESTER,
  sends,
  terms,
  type Model,
} from "./stage.ts";

const [GRACE, HEIDI, IVAN, WATCHER] = ["Grace", "Heidi", "Ivan", "Judy"] as const;
const PRICE = 20n * MICRO;
const LIAR = devAccount("//Liar");
const WINDOW = 12;

let client: Client;
let gateway: string;
let langid: Model;
let digits: Model;
let watch: Watch;

before(async () => {
  const net = await network("verification");
  ({ client, gateway } = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } }));
  await operates(client, "//Solver2", "//Solver3", "//Solver4");
  await funds(client, GRACE, HEIDI, IVAN, WATCHER);
  langid = await register(client, "langid");
  digits = await register(client, "digits");
  await joins(client, BOB, "//Solver1", [langid, digits], PRICE);
  await joins(client, CHARLIE, "//Solver2", [langid, digits], PRICE);
  await joins(client, DAVE, "//Solver3", [langid], PRICE);
  await joins(client, IVAN, "//Solver4", [langid], PRICE);
  await joins(client, GRACE, "//Liar", [digits], PRICE);
  watch = await Watch.open(client, account(REQUESTER).address);
});

const inputs = ({ vectors }: Model, count: number): { bytes: Uint8Array }[] => vectors.slice(0, count).map(({ input }) => ({ bytes: input }));

/** Posts texts or pictures to be verified in this way; the block and the tasks. */
async function posts(model: Model, count: number, verification: Verification, changes: Partial<Terms> = {}): Promise<{ block: number; tasks: TaskId[] }> {
  const wanted = await terms(client, model, { maxReward: 600n * MICRO, verification, ...changes });
  const { events, number } = await send(client.api, account(REQUESTER), posting(client, wanted, inputs(model, count)));
  const [event] = [...eventsOf(events, "taskMarket", "BatchOpened"), ...eventsOf(events, "taskMarket", "TasksPosted")];
  assert.ok(event, "the post left no event");
  const first = Number(field(event, "first"));
  return { block: number, tasks: Array.from({ length: count }, (_, place) => first + place) };
}

/** Waits until a task is answered, and its window is open. */
const claimed = (block: number, task: TaskId): Promise<unknown> =>
  awaits(client, block, ["taskMarket", "TaskClaimed"], (event) => Number(field(event, "task")) === task);

const quorum = (threshold: number): Verification => ({ quorum: { solvers: 3, threshold, rule: "exact" } });
const afar = async (): Promise<Partial<Terms>> => ({ deadline: (await client.api.rpc.chain.getHeader()).number.toNumber() + 400 });

test("three solvers drawn by lot answer under commitments, agree, and are paid", async () => {
  const { tasks } = await posts(langid, 2, quorum(2), await afar());
  assert.match((await client.rpc.taskStatus(tasks[0]!)).state, /drawn|committing/);
  for (const [place, task] of tasks.entries()) {
    const { record, output } = await watch.proven(task);
    assert.equal(output, langid.vectors[place]!.output);
    // Two that agree decide; the third is paid too if it reveals by then.
    assert.ok(record.solvers.length >= 2, `only ${record.solvers.length} solvers agreed`);
    assert.deepEqual(record.verification, quorum(2));
    assert.equal(BigInt(record.price), BigInt(record.solvers.length) * PRICE);
  }
});

test("a member that copies a commitment can reveal nothing, and pays for it", async () => {
  const { block, tasks } = await posts(digits, 1, quorum(2), await afar());
  const batch = batchOf(tasks[0]!);
  const drawn = await awaits(client, block, ["panel", "PanelDrawn"], (event) => Number(field(event, "batch")) === batch);
  const seat: Seat = { batch, round: Number(field(drawn, "round")), operator: LIAR, stash: account(GRACE).publicKey };
  const seen = await awaits(client, block, ["panel", "BallotCommitted"], (event) => Number(field(event, "batch")) === batch);
  const copied = field(seen, "commitment") as Digest;
  await commit(client, seat, copied);
  await awaits(client, block, ["panel", "RevealsOpened"], (event) => Number(field(event, "batch")) === batch);
  // The right answer itself is no secret: anybody can run the model. What was copied is bound to its author all the same.
  const ballot = [digits.vectors[0]!.output];
  await refuses(reveal(client, seat, ballot, `0x${"07".repeat(32)}`), "pool", "CommitmentMismatch", /same content and salt/);
  const { record } = await watch.proven(tasks[0]!);
  assert.deepEqual(record.solvers.sort(), [account(BOB).address, account(CHARLIE).address].sort());
  // The verdict does not free it from revealing.
  await awaits(client, block, ["panel", "SeatForfeited"], (event) => Number(field(event, "batch")) === batch);
  const { pending_slashes } = await client.rpc.solverStatus(account(GRACE).address);
  assert.deepEqual(pending_slashes.map(([, , fault]) => fault), ["unrevealed"]);
});

test("a member with a wrong answer is outvoted and slashed", async () => {
  const { block, tasks } = await posts(digits, 1, quorum(2), await afar());
  const batch = batchOf(tasks[0]!);
  const drawn = await awaits(client, block, ["panel", "PanelDrawn"], (event) => Number(field(event, "batch")) === batch);
  const seat: Seat = { batch, round: Number(field(drawn, "round")), operator: LIAR, stash: account(GRACE).publicKey };
  const lie = [digits.vectors[0]!.output === "0x00000000" ? "0x01000000" : "0x00000000"] as Hex[];
  const salt: Hex = `0x${"08".repeat(32)}`;
  await commit(client, seat, commitmentTo(seat, lie, salt));
  await awaits(client, block, ["panel", "RevealsOpened"], (event) => Number(field(event, "batch")) === batch);
  await reveal(client, seat, lie, salt);
  const { record, output } = await watch.proven(tasks[0]!);
  assert.equal(output, digits.vectors[0]!.output);
  assert.ok(!record.solvers.includes(account(GRACE).address));
  const { pending_slashes } = await client.rpc.solverStatus(account(GRACE).address);
  assert.deepEqual(pending_slashes.map(([, , fault]) => fault).sort(), ["unrevealed", "wrong"]);
});

test("an honest answer with a window is claimed with its trace, and settles when nobody disproves it", async () => {
  const { block, tasks } = await posts(langid, 1, { replay: { window: WINDOW } });
  const [task] = tasks as [TaskId];
  await claimed(block, task);
  const claim = await client.rpc.taskClaim(task);
  assert.equal(claim.output, langid.vectors[0]!.output);
  const own = await makeStep(gateway, claim, 0);
  assert.deepEqual(claim.nodes, own.trace);
  assert.equal(claim.trace, u8aToHex(blake2(Uint8Array.from([own.trace.length << 2, ...own.trace.flatMap((digest) => [...Buffer.from(digest.slice(2), "hex")])]))));

  // A challenge of a right answer costs its author the bond.
  const framed = await challenge(client, account(WATCHER), task, claim.nodes!, 0, own);
  assert.equal(eventsOf(framed.events, "dispute", "ChallengeLost").length, 1);
  const ended = await watch.settled(task);
  assert.deepEqual([ended.outcome, ended.output], ["answered", langid.vectors[0]!.output]);
  await refuses(client.rpc.taskClaim(task), "rpc", "NoClaim");
  await refuses(challenge(client, account(WATCHER), task, claim.nodes!, 0, own), "dispute", "NotClaimed");
});

test("a wrong answer with a window is disproven by one step, and an honest solver answers instead", async () => {
  await joins(client, HEIDI, "//Liar2", [langid], PRICE / 4n);
  const { block, tasks } = await posts(langid, 1, { replay: { window: WINDOW } }, { deadline: (await client.api.rpc.chain.getHeader()).number.toNumber() + 200 });
  const [task] = tasks as [TaskId];
  const status = await client.rpc.taskStatus(task);
  assert.ok(status.state === "assigned" && status.solver === account(HEIDI).address, "the cheapest does not hold it");
  const right = langid.vectors[0]!.output;
  const wrong: Hex = right === "0x00000000" ? "0x01000000" : "0x00000000";
  const digest = u8aToHex(blake2(Buffer.from(wrong.slice(2), "hex")));
  const { weights } = await client.rpc.modelInfo(langid.id);
  const input = { inline: u8aToHex(langid.vectors[0]!.input) };
  const nodes = (await makeStep(gateway, { weights, input }, 0)).trace.length;
  const madeUp = Array.from({ length: nodes }, (_, node): Digest => (node + 1 === nodes ? digest : `0x${"11".repeat(32)}`));
  const liar = devAccount("//Liar2");
  await refuses(answer(client, liar, [{ task, output: wrong }]), "pool", "TraceMismatch", /each node/);
  await refuses(answer(client, liar, [{ task, output: wrong, trace: madeUp.slice(1) }]), "pool", "TraceMismatch");
  await answer(client, liar, [{ task, output: wrong, trace: madeUp }]);
  await claimed(block, task);

  const claim = await client.rpc.taskClaim(task);
  assert.deepEqual(claim.nodes, madeUp);
  const { trace } = await makeStep(gateway, claim, 0);
  const node = firstDifference(claim.nodes!, trace);
  assert.equal(node, 0);
  const proven = await challenge(client, account(WATCHER), task, claim.nodes!, node!, await makeStep(gateway, claim, node!));
  assert.equal(eventsOf(proven.events, "dispute", "AnswerDisproven").length, 1);

  const { record, output } = await watch.proven(task);
  assert.equal(output, right);
  assert.ok(!record.solvers.includes(account(HEIDI).address));
  const { pending_slashes } = await client.rpc.solverStatus(account(HEIDI).address);
  assert.deepEqual(pending_slashes.map(([, , fault]) => fault), ["wrong"]);
  await sends(client, HEIDI, "solverStaking", "withdrawOffer", langid.id);
});

test("an accepted answer is paid at once", async () => {
  const { block, tasks } = await posts(langid, 1, { requester: { window: 200 } });
  const [task] = tasks as [TaskId];
  await claimed(block, task);
  await refuses(sends(client, WATCHER, "taskMarket", "accept", batchOf(task)), "taskMarket", "NotRequester");
  await sends(client, REQUESTER, "taskMarket", "accept", batchOf(task));
  assert.equal((await watch.settled(task)).outcome, "answered");
});

test("a jury upholds a right answer against its requester, who loses the bond", async () => {
  const { block, tasks } = await posts(langid, 1, { requester: { window: 60 } });
  const [task] = tasks as [TaskId];
  await claimed(block, task);
  const appealed = await sends(client, REQUESTER, "taskMarket", "appeal", task);
  const bond = BigInt(field(eventsOf(appealed.events, "taskMarket", "AppealOpened")[0]!, "bond"));
  assert.ok(bond > 0n && bond < PEN);
  assert.equal((await client.rpc.taskStatus(task)).state, "appealed");
  const ended = await watch.settled(task, 150_000);
  assert.deepEqual([ended.outcome, ended.output], ["answered", langid.vectors[0]!.output]);
});

test("combinations that make no sense are refused by name", async () => {
  await refuses(posts(langid, 1, { replay: { window: 2 } }), "taskMarket", "WindowTooShort");
  await refuses(posts(langid, 1, { requester: { window: 2 ** 20 } }), "taskMarket", "WindowTooLong");
  await refuses(posts(langid, 1, quorum(1), await afar()), "taskMarket", "ThresholdOutOfRange");
  await refuses(posts(langid, 1, { quorum: { solvers: 2, threshold: 2, rule: "exact" } }, await afar()), "taskMarket", "PanelSizeOutOfRange");
  await refuses(posts(langid, 17, quorum(2), await afar()), "taskMarket", "PanelTasksTooMany");
  const dutch = { dutch: { start: "0", end: "100", blocks: 10 } } as const;
  await refuses(posts(langid, 1, quorum(2), { ...(await afar()), matching: dutch }), "taskMarket", "PanelTakesNoAuction");
});
