/** What a test of a fault is: a network in order, a stream of tasks, the fault, its repair, and then everything that must still be true. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { variant, type TaskId, type TaskStatus } from "../../client/ts/src/index.ts";
import { LOGS, Stage } from "./stage.ts";
import { until } from "./waiting.ts";

/** How long finality may take to resume after the repair, in milliseconds: voters that missed a round tell each other again after two minutes. */
const RESUME = 180_000;
/** How long the last tasks may take to end: the deadline of the newest is 90 blocks away. */
const END = 180_000;
/** Tasks whose status is asked for at once. */
const PAGE = 100;
/** Why a test is skipped, if it is. */
const skip = process.env.PENSUM_NO_NETNS === "1" ? "PENSUM_NO_NETNS is set: no network namespaces, no faults" : false;

/** What was seen, for people. */
type Figures = Record<string, string | number>;

/** What a test works with. */
export interface Scene {
  stage: Stage;
  /** Writes down something that was measured. */
  note(what: string, value: string | number): void;
}

let stage: Promise<Stage> | undefined;
const report: { fault: string; passed: boolean; figures: Figures }[] = [];
const end = async (): Promise<void> => (await stage?.catch(() => undefined))?.close();
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  process.once(signal, () => void end().finally(() => process.exit(code)));
}
// Registered here, since a hook that is registered inside another one runs at once.
after(end);

/** A test of a fault. `work` breaks something and repairs it. */
export function fault(name: string, work: (scene: Scene) => Promise<void>): void {
  test(name, { skip }, async (t) => {
    const opened = await (stage ??= Stage.open());
    const figures: Figures = {};
    const note = (what: string, value: string | number): void => {
      figures[what] = typeof value === "number" ? Math.round(value * 100) / 100 : value;
      t.diagnostic(`${what}: ${figures[what]}`);
    };
    let passed = false;
    try {
      await opened.whole();
      await opened.traffic.start();
      await during(opened, note, work);
      passed = true;
    } finally {
      // Also where the test failed: the next one starts a stream of its own.
      if (!passed) await opened.traffic.stop().catch(() => undefined);
      report.push({ fault: name, passed, figures });
      await writeFile(join(LOGS, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    }
  });
}

async function during(stage: Stage, note: Scene["note"], work: (scene: Scene) => Promise<void>): Promise<void> {
  const { ledger, finality, traffic } = stage;
  const [begin, posts, refused] = [Date.now(), traffic.posts, ledger.refusals.length];
  const before = { ...ledger.counts, handedOver: ledger.handedOver.length, tasks: ledger.posted.size };
  const first = await stage.any.final();

  await work({ stage, note });

  note("final again on all nodes after, s", await finality.resumes(RESUME));
  note("longest pause of finality, s", finality.longestPause(begin));
  for (const peer of stage.peers) assert.ok(peer.alive, `${peer.name} does not run any more. See its log`);
  await traffic.stop();

  const last = await until("every task has ended", END, async () => {
    const block = await finality.agrees(first.number);
    await ledger.follow(stage.any, block);
    return ledger.open.length === 0 && block;
  });
  const tasks = [...ledger.posted.keys()].slice(before.tasks);
  const answered = tasks.filter((task) => ledger.ended.get(task)?.outcome === "answered").length;
  const refunds = tasks.map((task) => ledger.ended.get(task)!.outcome).filter((outcome) => outcome !== "answered");
  note("tasks", `${tasks.length} posted, ${answered} answered${refunds.length ? `, ${refunds.length} refunded (${[...new Set(refunds)].join(", ")})` : ""}`);
  const reasons = ledger.refusals.slice(refused);
  note("posts", `${traffic.posts - posts} signed${reasons.length ? `, ${reasons.length} refused (${[...new Set(reasons)].join(", ")})` : ""}`);
  note("batches handed over", ledger.handedOver.length - before.handedOver);
  note("parts out of time", ledger.counts.timedOut - before.timedOut);
  note("parts declined", ledger.counts.declined - before.declined);
  assert.ok(answered > 0, "no task was answered: there was nothing to lose");

  await statuses(stage, tasks);
  await money(stage, last);
  const faults = [...ledger.slashes.values()].map(({ fault }) => fault);
  assert.ok(faults.every((fault) => fault === "TimedOut"), `an honest solver was slashed as ${faults.join()}`);
  assert.deepEqual(ledger.offences, [], "an honest validator was reported");
}

/** Every task's status tells its end as the events did. */
async function statuses(stage: Stage, tasks: TaskId[]): Promise<void> {
  for (let from = 0; from < tasks.length; from += PAGE) {
    const page = tasks.slice(from, from + PAGE);
    const found = await until("every task's status tells its end", END, async () => {
      const statuses = await stage.any.ask<TaskStatus>(page.map((task) => ["task_status", [task]]));
      return statuses.every(({ state }) => state === "ended") && statuses;
    });
    const told = found.map((status) => {
      assert.ok(status.state === "ended");
      return status.outcome === "answered" ? "answered" : variant(status.outcome.refunded);
    });
    assert.deepEqual(told, page.map((task) => stage.ledger.ended.get(task)!.outcome));
  }
}

/** Nothing is held any more, the requester paid what the events say, and no money came or went. */
async function money(stage: Stage, { hash }: { hash: `0x${string}` }): Promise<void> {
  const { free, held } = await stage.state.account(stage.any, stage.traffic.requester, hash);
  assert.equal(held, 0n, "money is still held for tasks that have ended");
  assert.equal(free, stage.expected, "the requester did not pay what the events say");
  const { summed, counted } = await stage.state.issuance(stage.any, hash);
  assert.equal(summed, counted, "all accounts together do not have what there is");
}
