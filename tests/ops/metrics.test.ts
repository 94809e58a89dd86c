/** A real validator, solver and gateways export what docs/operations.md says, and what it says is what they did. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { caughtUp, freePort, MICRO, post, Watch, type Client } from "../../client/ts/src/index.ts";
import { account, BOB, CHARLIE, joins, LOGS, register, REQUESTER, sends, terms, type Model } from "../e2e/stage.ts";
import { Watcher } from "../e2e/watcher.ts";
import { family, metrics, sdkMetrics } from "./documented.ts";
import { scrape, value, type Scrape } from "./scrape.ts";
import { Stage, type Running } from "./stage.ts";

const PATIENCE = 20_000;

let stage: Stage;
let validator: Running;
let solver: Running;
let gateway: number;
let watcher: Watcher | undefined;
let client: Client;
let langid: Model;

after(async () => {
  await watcher?.stop();
  await stage?.stop();
});

before(async () => {
  stage = await Stage.create("metrics");
  validator = await stage.validator();
  gateway = await freePort();
  solver = await stage.solver("bob", "//Solver1", gateway);
  ({ client } = validator);
  await caughtUp(solver.client, client);
  await mkdir(LOGS, { recursive: true });
  watcher = await Watcher.start({ node: validator.node.url, folder: join(stage.folder, "watch"), key: "//Dave" });
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], 10n * MICRO);
});

/** Scrapes until it fits; the last one, in the message, if it never does. */
async function until(port: number, what: string, fits: (scrape: Scrape) => boolean): Promise<Scrape> {
  let last = await scrape(port);
  for (const start = Date.now(); !fits(last); last = await scrape(port)) {
    const own = last.samples.filter(({ name }) => name.startsWith("pensum_") && !name.endsWith("_bucket"));
    assert.ok(Date.now() - start < PATIENCE, `${what}: ${JSON.stringify(own.map(({ name, labels, value }) => [name, labels, value]))}`);
    await sleep(300);
  }
  return last;
}

const NODE = ["Node", "Solver's node"];
const GATEWAY = ["Gateway", "A gateway that watches"];

test("posted and answered tasks are in the metrics of every node, and a solver's own in its own", async () => {
  const watch = await Watch.open(client, account(REQUESTER).address);
  const inputs = langid.vectors.slice(0, 3).map(({ input }) => ({ bytes: input }));
  const posted = await post(client, account(REQUESTER), await terms(client, langid), inputs);
  for (const task of posted.tasks) assert.equal((await watch.settled(task)).outcome, "answered");
  const bob = account(BOB).address;
  for (const { metrics: port } of [validator, solver]) {
    const seen = await until(port, "three answers", (scrape) => value(scrape, "pensum_tasks_answered_total") === 3);
    assert.deepEqual(
      ["pensum_batches_posted_total", "pensum_tasks_posted_total", "pensum_tasks_open", "pensum_unread_blocks_total", "pensum_agenda_behind_blocks"].map((name) => value(seen, name)),
      [1, 3, 0, 0, 0],
    );
    assert.equal(value(seen, "pensum_verdicts_total", { verdict: "agreed" }), 3);
  }
  const own = await until(solver.metrics, "the solver's answers", (scrape) => value(scrape, "pensum_solver_answers_total", { solver: bob }) === 3);
  assert.equal(value(own, "pensum_solver_joined"), 1);
  assert.equal(value(own, "pensum_solver_gateway_up"), 1);
  assert.equal(value(own, "pensum_solver_batches_total", { solver: bob, event: "assigned" }), 1);
  assert.equal(value(own, "pensum_solver_stake_pen", { solver: bob, part: "bonded" }), 100);
  assert.ok((value(own, "pensum_import_to_pool_seconds_count") ?? 0) >= 1);
  const other = await scrape(validator.metrics);
  assert.deepEqual([value(other, "pensum_solver_joined"), value(other, "pensum_solver_gateway_up")], [0, 0]);
  const runs = await scrape(gateway);
  assert.equal(value(runs, "pensum_gateway_runs_started_total"), 3);
  assert.equal(value(runs, "pensum_gateway_runs_finished_total", { engine: "graph", outcome: "done" }), 3);
  assert.equal(value(runs, "pensum_gateway_run_seconds_bucket", { engine: "graph", le: "+Inf" }), 3);
});

test("a solver that never answers is refunded for, and seen to be late", async () => {
  // Its operator key is in nobody's node.
  await joins(client, CHARLIE, "//Solver2", [langid], 1n * MICRO);
  await sends(client, BOB, "solverStaking", "withdrawOffer", langid.id);
  const deadline = (await client.api.rpc.chain.getHeader()).number.toNumber() + 4;
  const watch = await Watch.open(client, account(REQUESTER).address);
  const { tasks } = await post(client, account(REQUESTER), await terms(client, langid, { deadline }), [{ bytes: langid.vectors[0]!.input }]);
  const { outcome } = await watch.settled(tasks[0]!);
  assert.ok(typeof outcome === "object" && "refunded" in outcome);
  const reason = outcome.refunded;
  const seen = await until(validator.metrics, "the refund", (scrape) => value(scrape, "pensum_tasks_refunded_total", { reason }) === 1);
  assert.equal(value(seen, "pensum_verdicts_total", { verdict: "timed_out" }), 1);
  const { pending_slashes } = await client.rpc.solverStatus(account(CHARLIE).address);
  assert.equal(value(seen, "pensum_slashes_total", { fault: "timed_out", state: "scheduled" }), pending_slashes.length);
  assert.equal(value(seen, "pensum_tasks_open"), 0);
});

test("every documented metric is exported, with its type and labels, and no other", async () => {
  await watcher!.until(({ state }) => state === "watching");
  const watching = Number(new URL(watcher!.url).port);
  for (const [sections, ports] of [
    [NODE, [validator.metrics, solver.metrics]],
    [GATEWAY, [gateway, watching]],
  ] as const) {
    const scrapes = await Promise.all(ports.map(scrape));
    const types = new Map(scrapes.flatMap(({ types }) => [...types]));
    const documented = (await metrics()).filter(({ section }) => sections.includes(section));
    assert.ok(documented.length > 10);
    for (const { name, type, labels } of documented) {
      assert.equal(types.get(name), type, `${name} is not exported as ${type}`);
      const samples = scrapes.flatMap(({ samples }) => samples).filter((sample) => family(sample.name) === family(name));
      for (const sample of samples) {
        const own = Object.keys(sample.labels).filter((label) => label !== "chain" && label !== "le");
        assert.deepEqual(own.sort(), [...labels].sort(), `the labels of ${name}`);
      }
    }
    const names = new Set(documented.map(({ name }) => name));
    const undocumented = [...types.keys()].filter((name) => name.startsWith("pensum_") && !names.has(name));
    assert.deepEqual(undocumented, []);
  }
});

test("the SDK's metrics that alarms and dashboard use are there", async () => {
  // One that proposes blocks, and one that has peers.
  const scrapes = await Promise.all([validator.metrics, solver.metrics].map(scrape));
  const names = new Set(scrapes.flatMap(({ types }) => [...types.keys()]));
  for (const name of await sdkMetrics()) assert.ok(names.has(name), `${name} is not exported`);
});

test("the log of a node with --log-json is objects, and names tasks as fields", async () => {
  const lines = (await readFile(stage.log("bob"), "utf8")).trim().split("\n").map((line) => JSON.parse(line) as { target: string; message: string; fields: { [key: string]: unknown } });
  const sent = lines.find(({ target, message }) => target === "pensum::worker" && message.startsWith("sent: "));
  assert.ok(sent, "the worker's line is not in the log");
  assert.equal(sent.fields.tasks, 3);
  assert.ok(Number(sent.fields.block) > 0 && Number(sent.fields.first) >= 0, JSON.stringify(sent.fields));
});
