/** From a post to a verified, final answer, on one node that makes the blocks and runs the models. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import {
  blake2,
  checkRecord,
  manifestOf,
  MICRO,
  modelId,
  post,
  putBlob,
  readRecord,
  RecordError,
  Watch,
  type Client,
  type Member,
  type RecordView,
  type TaskEvent,
  type TaskId,
} from "../../client/ts/src/index.ts";
import { account, balance, BOB, CLIENT, eventsAt, joins, LOGS, MODELS, network, PUBLISHER, register, REQUESTER, sends, terms, type Model } from "./stage.ts";

const PRICE = 20n * MICRO;
const OPERATOR = "//Solver1";

let node: Member;
let client: Client;
let langid: Model;
let digits: Model;
let watch: Watch;
let answered: TaskId;

before(async () => {
  const net = await network("answers");
  node = await net.validator({ solver: { name: "node", operator: OPERATOR, models: MODELS } });
  client = node.client;
  langid = await register(client, "langid");
  digits = await register(client, "digits");
  await joins(client, BOB, OPERATOR, [langid, digits], PRICE);
  watch = await Watch.open(client, account(REQUESTER).address);
});

test("a model's id, computed from its files, is the chain's", async () => {
  for (const model of [langid, digits]) {
    assert.equal(model.id, modelId(manifestOf(model, account(PUBLISHER).publicKey)));
    const view = await client.rpc.modelInfo(model.id);
    assert.equal(view.weights, model.file.weights_digest);
    assert.deepEqual(view.labels, model.file.output.labels);
    assert.equal(view.on_chain, true);
  }
  const listed = await client.rpc.modelList();
  assert.deepEqual(listed.map(({ id }) => id).sort(), [langid.id, digits.id].sort());
});

test("a dry run says what the model says, and is refused where the chain cannot run it", async () => {
  const { input, output } = langid.vectors[0]!;
  assert.equal(await client.rpc.modelRun(langid.id, `0x${Buffer.from(input).toString("hex")}`), output);
  await assert.rejects(client.rpc.modelRun(langid.id, "0xff"), /cannot run model .* See `on_chain` and `input`/);
  await assert.rejects(client.rpc.modelRun(digits.id, "0x00"), /cannot run model/);
  await assert.rejects(client.rpc.modelRun(langid.id, `0x${"61".repeat(4097)}`), /The input's length is 4097/);
  await assert.rejects(client.rpc.modelRun(`0x${"11".repeat(32)}`, "0x61"), /There is no model/);
});

test("a posted text is answered by the model in the next block, paid and final, and every step is told", async () => {
  const told: TaskEvent[] = [];
  const off = watch.on((event) => told.push(event));
  const [requester, solver, publisher] = [await balance(client, REQUESTER), await balance(client, BOB), await balance(client, PUBLISHER)];
  const { input, output } = langid.vectors[0]!;
  const posted = await post(client, account(REQUESTER), await terms(client, langid), [{ bytes: input }]);
  answered = posted.tasks[0]!;
  const ended = await watch.settled(answered);
  assert.deepEqual(
    { outcome: ended.outcome, output: ended.output, price: ended.price, solver: ended.solver },
    { outcome: "answered", output, price: PRICE, solver: account(BOB).address },
  );
  assert.equal(ended.block - posted.number, 1, "the answer was not in the next block");

  await watch.finalized(ended.block);
  off();
  const own = told.filter(({ kind }) => kind !== "finalized");
  assert.deepEqual(own.map(({ kind }) => kind), ["posted", "answer_pooled", "answered"]);
  const pooled = own.find((event) => event.kind === "answer_pooled")!;
  assert.ok(pooled.ms_since_import !== null && pooled.ms_since_import < 1000, `the answer took ${pooled.ms_since_import} ms to the pool`);

  const royalty = (PRICE * BigInt(langid.file.royalty_ppm)) / 1_000_000n;
  const protocol = PRICE / 50n;
  const after = await balance(client, REQUESTER);
  assert.equal(after.held, requester.held, "escrow stayed behind");
  assert.equal(requester.free - after.free, PRICE + posted.fee + posted.prepaid);
  assert.equal((await balance(client, PUBLISHER)).free - publisher.free, royalty);
  assert.equal((await balance(client, BOB)).free - solver.free, PRICE - royalty - protocol);
  const { locked, in_flight } = await client.rpc.solverStatus(account(BOB).address);
  assert.deepEqual({ locked, in_flight }, { locked: "0", in_flight: 0 });
});

test("a settled task's record is proven against the chain's state, and nothing of the task stays in state", async () => {
  const { record, output, finalized } = await watch.proven(answered);
  assert.equal(finalized, true);
  assert.deepEqual(
    { task: record.task, model: record.model, outcome: record.outcome, solvers: record.solvers, price: record.price, output },
    {
      task: answered,
      model: langid.id,
      outcome: "answered",
      solvers: [account(BOB).address],
      price: PRICE.toString(),
      output: langid.vectors[0]!.output,
    },
  );
  assert.equal(record.evidence, langid.file.weights_digest);
  const batches = await client.api.query.taskMarket!.batches!.entries();
  const inputs = await client.api.query.taskMarket!.inputs!.entries();
  assert.deepEqual([batches.length, inputs.length], [0, 0]);
});

test("a record that was tampered with is refused", async () => {
  const view = await readRecord(client, answered);
  const root = Buffer.from(view.root.slice(2), "hex");
  checkRecord(view, root);
  const other = `0x${"11".repeat(32)}` as const;
  const forgeries: RecordView[] = [
    { ...view, record: { ...view.record, price: "1" } },
    { ...view, record: { ...view.record, outcome: { refunded: "nobody_left" } } },
    { ...view, record: { ...view.record, output: other } },
    { ...view, output: "0x00000000" === view.output ? "0x01000000" : "0x00000000" },
    { ...view, proof: [...view.proof, other] },
    { ...view, leaf_index: view.leaf_index + 1 },
  ];
  for (const forged of forgeries) assert.throws(() => checkRecord(forged, root), RecordError);
  assert.throws(() => checkRecord(view, blake2(root)), RecordError);
});

test("a batch of every language is answered in one block, to the bit", async () => {
  const asked = langid.vectors.filter(({ input }) => input.length > 0).slice(0, 64);
  const posted = await post(client, account(REQUESTER), await terms(client, langid), asked.map(({ input }) => ({ bytes: input })));
  const ends = await Promise.all(posted.tasks.map((task) => watch.settled(task)));
  assert.deepEqual(ends.map(({ output }) => output), asked.map(({ output }) => output));
  assert.deepEqual([...new Set(ends.map(({ block }) => block - posted.number))], [1]);
  const views = await Promise.all(posted.tasks.map((task) => watch.proven(task)));
  assert.deepEqual([...new Set(views.map(({ leaf_count }) => leaf_count))], [asked.length]);
});

test("images of digits are answered to the bit", async () => {
  const asked = digits.vectors.filter(({ input }) => input.length === 64).slice(0, 10);
  const posted = await post(client, account(REQUESTER), await terms(client, digits), asked.map(({ input }) => ({ bytes: input })));
  const ends = await Promise.all(posted.tasks.map((task) => watch.settled(task)));
  assert.deepEqual(ends.map(({ output }) => output), asked.map(({ output }) => output));
});

test("an input in the gateway's store is answered like one on chain", async () => {
  const { input, output } = langid.vectors[1]!;
  const stored = await putBlob(node.gateway, input);
  const blob = { sha256: stored.sha256, len: input.length };
  const posted = await post(client, account(REQUESTER), await terms(client, langid), [{ blob }]);
  const { record, output: answer } = await watch.proven(posted.tasks[0]!);
  assert.deepEqual([answer, record.input], [output, stored.sha256]);
});

test("an input that no gateway holds is declined at once and refunded, and costs the solver no stake", async () => {
  const before = await balance(client, REQUESTER);
  const blob = { sha256: `0x${"77".repeat(32)}` as const, len: 9 };
  const posted = await post(client, account(REQUESTER), await terms(client, langid), [{ blob }]);
  const ended = await watch.settled(posted.tasks[0]!);
  assert.deepEqual(ended.outcome, { refunded: "nobody_left" });
  const after = await balance(client, REQUESTER);
  assert.deepEqual([after.held, before.free - after.free], [before.held, posted.fee + posted.prepaid]);
  const events = await eventsAt(client, ended.block);
  const declined = events.find(({ method }) => method === "AssignmentDeclined");
  assert.equal(declined?.data.at(-1)?.toString(), "BlobMissing");
  const { pending_slashes, at_risk } = await client.rpc.solverStatus(account(BOB).address);
  assert.deepEqual([pending_slashes, at_risk], [[], "0"]);
});

test("a blob that is not text is refunded as unreadable", async () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0xfd);
  const { sha256 } = await putBlob(node.gateway, bytes);
  const posted = await post(client, account(REQUESTER), await terms(client, langid), [{ blob: { sha256, len: bytes.length } }]);
  const { outcome } = await watch.settled(posted.tasks[0]!);
  assert.ok(typeof outcome === "object", "it was answered");
  assert.ok(["input_unreadable", "nobody_left"].includes(outcome.refunded), outcome.refunded);
});

test("lineage leads from an answer to its model and data sets, and impact back to the answers", async () => {
  await watch.proven(answered);
  const lineage = await client.rpc.lineageTask(answered);
  assert.deepEqual(lineage.tasks, [{ task: answered, model: langid.id, depth: 0 }]);
  assert.deepEqual(lineage.models.map(({ id }) => id), [langid.id]);
  assert.equal(lineage.models[0]!.data_sets.length, langid.file.data_sets.length);
  assert.equal(lineage.tainted, false);
  const impact = await client.rpc.lineageImpact(langid.id, { limit: 2 });
  assert.equal(impact.tasks[0], answered);
  assert.deepEqual([impact.tasks.length, impact.next], [2, 2]);
  assert.ok(impact.total_tasks >= 66, `${impact.total_tasks} tasks`);
});

test("the example of the client's README runs as it stands", async () => {
  const readme = await readFile(join(CLIENT, "README.md"), "utf8");
  const example = /```ts\n([^]*?)```/.exec(readme)?.[1];
  assert.ok(example, "the README has no example");
  const file = join(LOGS, "answers", "example.mts");
  const here = example.replace("./src/index.ts", join(CLIENT, "src/index.ts")).replace("ws://127.0.0.1:9944", node.node.url);
  await writeFile(file, here);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], { cwd: CLIENT, timeout: 60_000 });
  const labels = stdout.trim().split("\n").map((line) => line.split(" ")[1]);
  assert.deepEqual(labels, ["de", "hu"], stdout);
});

test("a flag taints everything downstream", async () => {
  const asked = digits.vectors[0]!;
  const posted = await post(client, account(REQUESTER), await terms(client, digits), [{ bytes: asked.input }]);
  const [task] = posted.tasks;
  await watch.proven(task!);
  assert.equal((await client.rpc.lineageTask(task!)).tainted, false);
  await sends(client, PUBLISHER, "attestationRegistry", "flag", digits.id, "trained on mislabelled images");
  const { tainted, tainted_by } = await client.rpc.lineageTask(task!);
  assert.deepEqual([tainted, tainted_by], [true, [digits.id]]);
  assert.equal((await client.rpc.modelInfo(digits.id)).state, "flagged");
  const willing = await terms(client, digits, { allowFlagged: true });
  const again = await post(client, account(REQUESTER), willing, [{ bytes: asked.input }]);
  assert.equal((await watch.settled(again.tasks[0]!)).output, asked.output);
});
