/** A gateway that watches a real chain by itself: it proves wrong answers wrong, leaves right ones alone, and is killed on the way. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  answer,
  blake2,
  devAccount,
  field,
  makeStep,
  MICRO,
  post,
  u8aToHex,
  Watch,
  type Client,
  type Digest,
  type Hex,
  type TaskId,
} from "../../client/ts/src/index.ts";
import { account, awaits, BOB, eventsAt, funds, joins, MODELS, network, register, REQUESTER, sends, terms, type Model } from "./stage.ts";
import { Watcher } from "./watcher.ts";

const [GRACE, HEIDI, JUDY] = ["Grace", "Heidi", "Judy"] as const;
const PRICE = 20n * MICRO;
const WINDOW = 20;

let client: Client;
let gateway: string;
let langid: Model;
let watch: Watch;
let watcher: Watcher;
let folder: string;

before(async () => {
  const net = await network("watching");
  const validator = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } });
  ({ client, gateway } = validator);
  await funds(client, GRACE, HEIDI, JUDY);
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], PRICE);
  watch = await Watch.open(client, account(REQUESTER).address);
  folder = await mkdtemp(join(tmpdir(), "pensum-watch-"));
  watcher = await Watcher.start({ node: validator.node.url, folder, key: `//${JUDY}` });
});
after(async () => {
  await watcher?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Posts the first texts of the model with a window; the block and the tasks. */
async function posts(count: number): Promise<{ block: number; tasks: TaskId[] }> {
  const deadline = (await client.api.rpc.chain.getHeader()).number.toNumber() + 200;
  const wanted = await terms(client, langid, { maxReward: 600n * MICRO, verification: { replay: { window: WINDOW } }, deadline });
  const inputs = langid.vectors.slice(0, count).map(({ input }) => ({ bytes: input }));
  const { number, tasks } = await post(client, account(REQUESTER), wanted, inputs);
  return { block: number, tasks };
}

/** Answers tasks wrong, each with a trace whose last node alone is made up. */
async function lies(operator: string, tasks: TaskId[]): Promise<void> {
  const { weights } = await client.rpc.modelInfo(langid.id);
  const answers = tasks.map(async (task, place) => {
    const { input, output: right } = langid.vectors[place]!;
    const output: Hex = right === "0x00000000" ? "0x01000000" : "0x00000000";
    const { trace } = await makeStep(gateway, { weights, input: { inline: u8aToHex(input) } }, 0);
    const lie: Digest = u8aToHex(blake2(Buffer.from(output.slice(2), "hex")));
    return { task, output, trace: [...trace.slice(0, -1), lie] };
  });
  await answer(client, devAccount(operator), await Promise.all(answers));
}

/** How many transactions the watch has in blocks: it makes nothing but challenges. */
async function challenges(): Promise<number> {
  const { nonce } = (await client.api.query.system!.account!(account(JUDY).address)) as unknown as { nonce: { toNumber(): number } };
  return nonce.toNumber();
}

test("a right answer is recomputed and left alone", async () => {
  const { tasks } = await posts(2);
  const report = await watcher.until(({ checked }) => checked >= 2);
  assert.deepEqual([report.state, report.wrong, report.filed], ["watching", 0, 0]);
  for (const [place, task] of tasks.entries()) assert.equal((await watch.settled(task)).output, langid.vectors[place]!.output);
});

test("a wrong answer is found and slashed by nobody's hand, and the requester gets a right one", async () => {
  await joins(client, GRACE, "//Liar", [langid], PRICE / 4n);
  const { block, tasks } = await posts(1);
  await lies("//Liar", tasks);
  const proven = await awaits(client, block, ["dispute", "AnswerDisproven"]);
  assert.equal(field(proven, "challenger"), account(JUDY).address);
  assert.equal(field(proven, "solver"), account(GRACE).address);
  const { record, output } = await watch.proven(tasks[0]!);
  assert.equal(output, langid.vectors[0]!.output);
  assert.deepEqual(record.solvers, [account(BOB).address]);
  await sends(client, GRACE, "solverStaking", "withdrawOffer", langid.id);
  const { pending_slashes } = await client.rpc.solverStatus(account(GRACE).address);
  assert.deepEqual(pending_slashes.map(([, , fault]) => fault), ["wrong"]);
  const report = await watcher.until(({ pending }) => pending === 0);
  assert.deepEqual([report.wrong, report.filed, report.ended], [1, 1, { disproven: 1 }]);
});

test("a watch that is killed with challenges on their way files none of them twice", async () => {
  await joins(client, HEIDI, "//Liar2", [langid], PRICE / 8n);
  const before = await challenges();
  const { block, tasks } = await posts(5);
  await lies("//Liar2", tasks);
  await watcher.until(({ filed }) => filed > 1, 5);
  // Once on the way, and once right after it is back.
  watcher = await watcher.killed();
  watcher = await watcher.killed();
  for (const task of tasks) {
    await awaits(client, block, ["dispute", "AnswerDisproven"], (event) => Number(field(event, "task")) === task);
  }
  const report = await watcher.until(({ state, pending }) => state === "watching" && pending === 0);
  assert.equal(report.missed, 0);
  assert.equal(await challenges(), before + tasks.length, "one transaction for each wrong answer");
  const last = (await client.api.rpc.chain.getHeader()).number.toNumber();
  for (let at = block; at <= last; at += 1) {
    const failed = (await eventsAt(client, at)).filter(({ section, method }) => section === "system" && method === "ExtrinsicFailed");
    assert.deepEqual(failed, []);
  }
});

test("its metrics tell an operator how it does", async () => {
  const metrics = await (await fetch(`${watcher.url}/metrics`)).text();
  assert.match(metrics, /^pensum_gateway_watch_state\{state="watching"\} 1$/m);
  assert.match(metrics, /^pensum_gateway_watch_claims_checked_total \d+$/m);
  assert.match(metrics, /^pensum_gateway_watch_lag_blocks \d+$/m);
});
