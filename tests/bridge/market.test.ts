/** Answers bought by a Solidity contract, in every way in which they can be matched and verified; and where each unit of the money went. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import { ALL, book, decodeResult, encodeToTasks, leafOf, Outcome, packClaims, PEN, Refusal, ResultTree, type Intent, type Result } from "../../contracts/kit/index.ts";
import { dispatch, eventsOf, field, fromEvm, governance, MICRO, TASKS, u8aToHex, type Client, type Hex, type TaskId } from "../../client/ts/src/index.ts";
import { account, refuses, REQUESTER, sends, type Model } from "../e2e/stage.ts";
import { ASSET, DOLLAR, type Consumer, type EvmChain } from "./evm.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

/** Most that one answer may cost: a tenth of a cent, a few times what solvers ask. */
const MAX_REWARD = DOLLAR / 1_000n;
/** Most that is bid or rises to at auction, which is in PEN whatever pays: a fifth of what `MAX_REWARD` is worth. */
const MAX_BID = 100n * MICRO;
/** What the consumer sends to its account on Pensum. */
const DEPOSIT = 50n * DOLLAR;
/** How many answers come in a batch. It is closed half a minute after its first. */
const BATCHED = 7;
/** An account that has nothing, and less than it could hold. */
const NOBODY: Hex = `0x${"6e".repeat(32)}`;
const LITTLE = 1_000n;
/** Reasons of refunds, by their index. */
const [CANCELLED, NO_BIDS] = [0, 5];

/** An intent that was sent: its message, and who gets the change. */
interface Asked {
  id: Hex;
  payer: Hex;
  vector: number;
}

let stage: Stage;
let client: Client;
let chain: EvmChain;
let consumer: Consumer;
let langid: Model;
/** What was asked at the start, all in one block, by what is special about it. */
const asked = new Map<string, Asked>();
/** Another consumer, whose callback fails at first. */
let stubborn: Consumer;
/** Messages with money for others. */
let early: { stubborn: Hex; little: Hex };
/** Intents whose results come in a batch. */
let batched: Hex[];
let payers = 0;

const windowed = { kind: 0, window: 12, solvers: 0, threshold: 0, rule: 0, ppm: 0, pointer: "0x" } as const;
const quorum = { kind: 1, window: 0, solvers: 3, threshold: 2, rule: 0, ppm: 0, pointer: "0x" } as const;
const requester = { kind: 2, window: 200, solvers: 0, threshold: 0, rule: 0, ppm: 0, pointer: "0x" } as const;
const FAR = 400;

const WAYS: [name: string, changes: Partial<Intent>][] = [
  ["book", {}],
  ["window", { verification: windowed }],
  ["quorum", { verification: quorum, deadline: FAR }],
  ["requester", { verification: requester }],
  ["dutch", { matching: { kind: 1, start: 0n, end: MAX_BID, blocks: 12, reveal: 0 } }],
  ["sealed", { matching: { kind: 2, start: MAX_BID, end: 0n, blocks: 4, reveal: 4 } }],
  ["cheap", { matching: { kind: 1, start: 1n, end: 2n, blocks: 3, reveal: 0 } }],
  ["cancelled", { matching: { kind: 1, start: 1n, end: 2n, blocks: 60, reveal: 0 }, deadline: FAR }],
];

/** What is refused, why, and how much of the money comes home at once. */
const REFUSALS: [name: string, changes: Partial<Intent>, reason: number, comesHome: bigint][] = [
  ["a kind of matching that is none", { matching: { ...book, kind: 9 } }, Refusal.malformed, 0n],
  ["a field that is not used", { matching: { ...book, blocks: 7 } }, Refusal.malformed, 0n],
  ["an asset that is not listed", { asset: 77 }, Refusal.unknownAsset, 0n],
  ["a window that is too short", { verification: { ...windowed, window: 2 } }, Refusal.badTerms, MAX_REWARD],
  ["a model that nobody registered", { model: `0x${"0d".repeat(32)}` }, Refusal.unknownModel, MAX_REWARD],
  ["a reward that no offer takes", { maxReward: 1n }, Refusal.noSolver, 1n],
  ["PEN that the account has not", { asset: PEN, maxReward: 10n ** 9n }, Refusal.cannotPay, 0n],
];
/** The intents that are refused, asked at the start as well. */
let refused: { id: Hex; payer: Hex }[];

before(async () => {
  stage = await openStage({ name: "market", solvers: 3 });
  ({ client } = stage);
  chain = await stage.connect();
  await stage.relay("Relayer");
  langid = await stage.market();
  consumer = await chain.consumer();
  stubborn = await chain.consumer();
  const { id } = await chain.deposit(consumer.account, DEPOSIT);
  early = { stubborn: (await chain.deposit(stubborn.account, DOLLAR)).id, little: (await chain.deposit(NOBODY, LITTLE)).id };
  await stage.processed(id);
  assert.equal(await stage.dollars(consumer.account), DEPOSIT);
  const wanted = WAYS.map(([name, changes], vector) => ({ name, vector, payer: freshPayer(), changes }));
  const unwanted = REFUSALS.map(([, changes]) => ({ payer: freshPayer(), changes }));
  const messages = await consumer.askAll([
    ...wanted.map(({ vector, payer, changes }) => intentOf(vector, { ...changes, refundTo: fromEvm(payer) })),
    ...unwanted.map(({ payer, changes }) => intentOf(0, { ...changes, refundTo: fromEvm(payer) })),
    ...Array.from({ length: BATCHED }, (_, place) => intentOf(place, { delivery: 1 })),
  ]);
  const ids = messages.map(({ id }) => id);
  for (const [place, { name, vector, payer }] of wanted.entries()) asked.set(name, { id: ids[place]!, payer, vector });
  refused = unwanted.map(({ payer }, place) => ({ id: ids[WAYS.length + place]!, payer }));
  batched = ids.slice(-BATCHED);
});

/** An intent about one of the model's own texts. */
function intentOf(vector: number, changes: Partial<Intent> = {}): Parameters<Consumer["ask"]>[0] {
  const input = u8aToHex(langid.vectors[vector]!.input);
  return { model: langid.id, input, maxReward: MAX_REWARD, deadline: 60, ...changes };
}

/** An address that has nothing yet. */
function freshPayer(): Hex {
  return `0x${"ca".repeat(19)}${(++payers).toString(16).padStart(2, "0")}`;
}

function sha256(bytes: Uint8Array | Hex): Hex {
  const data = typeof bytes === "string" ? Buffer.from(bytes.slice(2), "hex") : bytes;
  return `0x${createHash("sha256").update(data).digest("hex")}`;
}

/** Waits until what was left of the money is with the payer, and expects that it is all of it. */
async function repaid(payer: Hex, amount: bigint): Promise<void> {
  if (amount > 0n) await until(`${amount} with ${payer}`, async () => (await chain.balance(payer)) > 0n);
  assert.equal(await chain.balance(payer), amount);
}

/** Expects the right answer, and the change on its way. */
async function answered(name: string, verification: number): Promise<Result> {
  const { id, payer, vector } = asked.get(name)!;
  const result = await consumer.result(id, 120_000);
  assert.deepEqual([result.outcome, result.reason, result.verification], [Outcome.answered, 0, verification], name);
  const { input, output } = langid.vectors[vector]!;
  assert.equal(result.output, output);
  assert.deepEqual([result.inputDigest, result.outputDigest], [sha256(input), sha256(output)]);
  assert.deepEqual([result.sender, result.model, result.asset], [consumer.sender, langid.id, ASSET]);
  assert.ok(result.price > 0n && result.price <= MAX_REWARD, `it cost ${result.price}`);
  assert.equal(await consumer.taken(id), 1n);
  await repaid(payer, MAX_REWARD - result.price);
  return result;
}

test("an answer that the chain replays comes back with its record, and the change to whoever paid", async () => {
  const result = await answered("book", 0);
  const task = Number(result.task) as TaskId;
  const { record, leaf, output } = await client.rpc.recordGet(task);
  assert.deepEqual([leaf, output, record.block], [result.record, result.output, result.endedAt]);
  assert.deepEqual([record.evidence, BigInt(record.price), record.asset], [result.evidence, result.price, ASSET]);
  const state = await client.rpc.bridgeRequest(result.request);
  assert.equal(state?.state, "sent");
  const remote = await client.rpc.bridgeRemoteAccount(chain.domain, consumer.sender);
  assert.deepEqual([remote.id, remote.account], [consumer.account, record.requester]);
});

test("a rising price and sealed bids find a solver for a contract too", async () => {
  await answered("dutch", 0);
  await answered("sealed", 0);
});

test("what nobody bids for comes back whole, to the token's holder on the other chain", async () => {
  const { id, payer } = asked.get("cheap")!;
  const result = await consumer.result(id);
  assert.deepEqual([result.outcome, result.reason, result.output, result.price], [Outcome.refunded, NO_BIDS, "0x", 0n]);
  await repaid(payer, MAX_REWARD);
});

test("a contract takes its intent back, and has its money", async () => {
  const { id, payer } = asked.get("cancelled")!;
  const cancel = await consumer.cancel(id);
  await stage.processed(cancel.id);
  const result = await consumer.result(id);
  assert.deepEqual([result.outcome, result.reason], [Outcome.refunded, CANCELLED]);
  await repaid(payer, MAX_REWARD);
  // Nobody takes back what is another's, or what has ended: both are noted, and change nothing.
  const stranger = await chain.consumer();
  const body = encodeToTasks({ kind: "cancel", request: asked.get("quorum")!.id });
  const theirs = await chain.dispatch(TASKS, body);
  await stage.processed(theirs.id);
  const noted = await stage.events(1, "taskBridge", "CommandRefused");
  assert.ok(noted.some((event) => field(event, "message") === theirs.id));
  assert.equal(await stranger.standing(id), 0);
});

test("a contract accepts an answer that is its own to judge", async () => {
  const { id } = asked.get("requester")!;
  const open = await until("it is a task", async () => {
    const state = await client.rpc.bridgeRequest(id);
    return state?.state === "open" ? state : null;
  });
  await until("it is answered", async () => {
    const status = await client.rpc.taskStatus(open.task);
    return status.state === "claimed";
  });
  await stage.processed((await consumer.accept(id)).id);
  const { endedAt } = await answered("requester", 2);
  assert.ok(endedAt < (await client.rpc.recordGet(open.task)).record.posted_at + requester.window);
});

test("an answer with a window and one by a quorum come when they are settled", async () => {
  await answered("window", 0);
  await answered("quorum", 1);
});

test("results in a batch come under one root, and are claimed with proofs by anybody, once", async () => {
  const proofs = await Promise.all(batched.map((id) => until(`the proof of ${id}`, async () => client.rpc.bridgeResultProof(id))));
  proofs.sort((one, other) => one.index - other.index);
  const { batch, root, leaves } = proofs[0]!;
  assert.ok(proofs.every((proof) => proof.batch === batch && proof.root === root), "they are not in one batch");
  await until("the root is there", async () => chain.hasRoot(BigInt(batch), root, leaves));
  const results = proofs.map(({ result }) => decodeResult(result));
  const tree = new ResultTree(results.map(leafOf));
  assert.deepEqual([tree.root, tree.leaves], [root, leaves]);
  for (const [place, { index, proof }] of proofs.entries()) assert.deepEqual([index, proof], [place, tree.proof(place)]);

  const [first] = results as [Result];
  const claim = (result: Result, index: number, proof: Hex[]): Promise<unknown> => consumer.claim(result, BigInt(batch), leaves, index, proof);
  await assert.rejects(claim(first, 1, proofs[0]!.proof), /NotProven/);
  await assert.rejects(claim({ ...first, output: "0xffffffff" }, 0, proofs[0]!.proof), /NotProven/);
  await claim(first, 0, proofs[0]!.proof);
  await assert.rejects(claim(first, 0, proofs[0]!.proof), /NotPending/);
  const rest = results.slice(1).map((result, place) => ({ index: place + 1, result }));
  for (const packed of packClaims(tree, rest)) await consumer.claimMany(BigInt(batch), leaves, packed);
  for (const [place, id] of batched.entries()) {
    assert.equal(await consumer.taken(id), 1n);
    assert.equal(results.find(({ request }) => request === id)!.output, langid.vectors[place]!.output);
  }
});

test("every intent that becomes no task is answered with the reason, and its money comes home", async () => {
  for (const [place, [name, , reason, comesHome]] of REFUSALS.entries()) {
    const { id, payer } = refused[place]!;
    const result = await consumer.result(id);
    assert.deepEqual([result.outcome, result.reason], [Outcome.refused, reason], name);
    assert.deepEqual([result.task, result.price, result.output], [0n, 0n, "0x"], name);
    await repaid(payer, comesHome);
  }
  const poor = await chain.consumer();
  const result = await poor.result((await poor.ask(intentOf(0))).id);
  assert.deepEqual([result.outcome, result.reason], [Outcome.refused, Refusal.cannotPay]);
});

test("batched delivery is refused where Pensum knows no registry", async () => {
  await stage.sets(governance.registry(client, chain.domain, null));
  const { id } = await consumer.ask(intentOf(0, { delivery: 1 }));
  const result = await consumer.result(id);
  assert.deepEqual([result.outcome, result.reason], [Outcome.refused, Refusal.noRegistry]);
  await stage.sets(governance.registry(client, chain.domain, fromEvm(chain.registry)));
});

test("a result whose callback fails is kept, and taken when it is brought again", async () => {
  await stage.processed(early.stubborn);
  await stubborn.become(1);
  const { id } = await stubborn.ask(intentOf(3));
  await until("its callback failed", async () => (await stubborn.standing(id)) === 2);
  await stubborn.become(0);
  const result = await stage.resultSent(id);
  await stubborn.retry(result);
  assert.deepEqual([await stubborn.taken(id), await stubborn.standing(id)], [1n, 0]);
  await assert.rejects(stubborn.retry(result), /NotFailed/);
});

test("money goes home by the route that it came by, and no more than came", async () => {
  const { client } = stage;
  // Test dollars that never came from there cannot go there.
  const outstanding = await stage.outstanding(chain.domain);
  const too = sends(client, REQUESTER, "taskBridge", "transferRemote", ASSET, chain.domain, fromEvm(freshPayer()), outstanding + 1n);
  await refuses(too, "taskBridge", "NotEnoughOutstanding");
  await refuses(stage.sets(governance.route(client, ASSET, chain.domain, null)), "taskBridge", "RouteOwes");
  const to = freshPayer();
  const sent = await sends(client, REQUESTER, "taskBridge", "transferRemote", ASSET, chain.domain, fromEvm(to), DOLLAR);
  assert.equal(eventsOf(sent.events, "taskBridge", "TokensSent").length, 1);
  await until("the dollar is there", async () => (await chain.balance(to)) === DOLLAR);

  const rest = await stage.dollars(consumer.account);
  const home = freshPayer();
  await stage.processed((await consumer.withdraw(ASSET, ALL, home)).id);
  await until("the rest is there", async () => (await chain.balance(home)) === rest);
  assert.equal(await stage.dollars(consumer.account), 0n);
});

test("what is less than an account can hold waits for it", async () => {
  await stage.processed(early.little);
  assert.equal(await stage.dollars(NOBODY), 0n);
  await refuses(sends(client, REQUESTER, "taskBridge", "collect", NOBODY, ASSET), "taskBridge", "StillCannotHold");
  await stage.processed((await chain.deposit(NOBODY, DOLLAR)).id);
  assert.equal(await stage.dollars(NOBODY), DOLLAR + LITTLE);
});

test("with a price for gas, whoever asks pays for bringing the answer, in what it pays with", async () => {
  const oracle = { gasPrice: 1_000n, exchangeRate: 10n ** 10n, overhead: 50_000n };
  await stage.sets(governance.gasOracle(client, chain.domain, oracle));
  const quote = await until("a quote", async () => client.rpc.bridgeGasQuote(chain.domain, 100_000n));
  assert.equal(quote, (100_000n + oracle.overhead) * oracle.gasPrice);
  const sent = await dispatch(client, account(REQUESTER), { destination: chain.domain, recipient: consumer.sender, body: "0x", gas: 100_000n });
  assert.equal(BigInt(field(eventsOf(sent.events, "hyperlane", "GasPaid")[0]!, "payment")), quote);

  await stage.processed((await chain.deposit(stubborn.account, DOLLAR)).id);
  const before = await stage.dollars(stubborn.account);
  const { id } = await stubborn.ask(intentOf(5, { callbackGas: 90_000n }));
  const { price } = await stubborn.result(id);
  const paid = (await stage.events(1, "taskBridge", "DeliveryPaid")).find((event) => field(event, "message") === id);
  assert.ok(paid, "nothing was paid");
  const amount = BigInt(field(paid, "amount"));
  // Beyond the callback's gas comes what handing over a result takes; without `refundTo` there is no second delivery.
  assert.equal(BigInt(field(paid, "worth")), (await client.rpc.bridgeGasQuote(chain.domain, 290_000n)) ?? 0n);
  assert.ok((await client.rpc.assetsWorth(ASSET, amount)) >= BigInt(field(paid, "worth")), "it is worth less than it should");
  const spent = before - (await stage.dollars(stubborn.account));
  assert.ok(spent >= price + amount, `${spent} were spent, less than price and delivery`);
  await stage.sets(governance.gasOracle(client, chain.domain, null));
});

test("the collateral is to the unit what Pensum owes", async () => {
  await until("all money has arrived", async () => (await chain.balance(chain.warp)) === (await stage.outstanding(chain.domain)));
  const [solver] = await client.rpc.solverOffers(langid.id);
  assert.equal((await client.rpc.solverStatus(solver!.solver)).pending_slashes.length, 0);
  assert.ok((await stage.dollars(account("Bob").address)) > 0n);
});
