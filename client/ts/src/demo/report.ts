/** What came of the demo: the table, `report.json`, and whether it is good enough. */
import type { ModelFiles } from "../manifest.ts";
import { showAmount, type TaskId } from "../units.ts";
import { nameOf, type Result } from "./ask.ts";
import type { Clock } from "./clock.ts";
import { atMost, percentile, rounded } from "./figures.ts";
import type { Market } from "./market.ts";
import { MODELS, type ModelName } from "./samples.ts";
import { table } from "./table.ts";

/** Improbability beyond which too few right answers are no bad luck. */
const BAD_LUCK = 0.001;
/** How many times a target may be missed before the demo fails: other programs share the machine. */
const TOLERANCE = 5;

/** One task of `report.json`. Amounts are decimal strings in the smallest unit, times in milliseconds. */
interface TaskReport {
  id: TaskId;
  model: ModelName;
  input: string;
  answer: string | null;
  expected: string;
  solver: string | null;
  reward: string;
  fee: string;
  verdict: string;
  blocks: number;
  import_to_pool_ms: number | null;
  total_ms: number;
}

/** `report.json`. */
export interface Report {
  tasks: TaskReport[];
  totals: {
    tasks: number;
    answered: number;
    refunded: number;
    correct: number;
    languages: number;
    blocks_p50: number | null;
    import_to_pool_ms_p95: number | null;
    finality_ms_p50: number | null;
  };
}

/** Puts the report together. */
export function report(market: Market, results: Result[], clock: Clock): Report {
  const tasks = results.map(({ id, question, answer, view, verdict, fee, blocks, totalMs }): TaskReport => {
    const stash = view.record.solvers.at(-1) ?? null;
    return {
      id,
      model: question.model,
      input: question.shown,
      answer,
      expected: question.expected,
      solver: stash === null ? null : nameOf(market, stash),
      reward: view.record.price,
      fee: fee.toString(),
      verdict,
      blocks,
      import_to_pool_ms: stash === null ? null : clock.importToPool(id, stash),
      total_ms: rounded(totalMs),
    };
  });
  const answered = tasks.filter(({ answer }) => answer !== null);
  const pooled = answered.flatMap(({ import_to_pool_ms }) => import_to_pool_ms ?? []);
  return {
    tasks,
    totals: {
      tasks: tasks.length,
      answered: answered.length,
      refunded: tasks.length - answered.length,
      correct: answered.filter(({ answer, expected }) => answer === expected).length,
      languages: new Set(tasks.filter(({ model }) => model === "langid").map(({ expected }) => expected)).size,
      blocks_p50: percentile(answered.map(({ blocks }) => blocks), 0.5),
      import_to_pool_ms_p95: nullOr(percentile(pooled, 0.95)),
      finality_ms_p50: nullOr(percentile(clock.finality, 0.5)),
    },
  };
}

/** The table and the totals, for a terminal. */
export function show({ tasks, totals }: Report): string[] {
  const columns = [
    { title: "task", right: true },
    { title: "input", width: 46 },
    { title: "answer" },
    { title: "expected" },
    { title: "solver" },
    { title: "price", right: true },
    { title: "verdict" },
    { title: "blocks", right: true },
    { title: "ms", right: true },
  ];
  const rows = tasks.map((task) => [
    `${task.id}`,
    task.input,
    task.answer ?? "–",
    task.answer === task.expected ? task.expected : `${task.expected} (!)`,
    task.solver ?? "–",
    showAmount(BigInt(task.reward)),
    task.verdict,
    `${task.blocks}`,
    `${Math.round(task.total_ms)}`,
  ]);
  const total = percentile(tasks.map(({ total_ms }) => total_ms), 0.5);
  return [
    "",
    ...table(columns, rows),
    "",
    `${totals.answered} of ${totals.tasks} answered and verified, ${totals.refunded} refunded; ${totals.correct} right, in ${totals.languages} languages`,
    `posting to settled, p50: ${totals.blocks_p50} block(s) (goal: 1)`,
    `block import to answer in the pool, p95: ${totals.import_to_pool_ms_p95} ms (goal: 500)`,
    `block import to finality, p50: ${totals.finality_ms_p50} ms (goal: 300)`,
    `signing to a verified, final answer with its proof checked, p50: ${total && Math.round(total)} ms (goal: 3000)`,
  ];
}

/** What is not good enough, one sentence each. */
export function faults({ tasks, totals }: Report, models: Record<ModelName, ModelFiles>): string[] {
  const found = tasks
    .filter(({ answer }) => answer === null)
    .map(({ id, verdict }) => `Task ${id} was not answered (${verdict}). See the logs of validator and solvers.`);
  for (const model of MODELS) {
    const own = tasks.filter((task) => task.model === model && task.answer !== null);
    const right = own.filter(({ answer, expected }) => answer === expected).length;
    const claim = models[model].file.accuracy.find(({ set }) => set === "samples");
    if (!claim) found.push(`The manifest of ${model} claims no accuracy on its samples. Train it again.`);
    else if (atMost(right, own.length, claim.value / 100) < BAD_LUCK) {
      found.push(`${model} was right ${right} of ${own.length} times, but its manifest claims ${claim.value} %. Run inference/models/check.py.`);
    }
  }
  for (const [what, value, goal] of [
    ["Blocks from posting to settled", totals.blocks_p50, 1],
    ["Milliseconds from import to an answer in the pool", totals.import_to_pool_ms_p95, 500],
    ["Milliseconds from import to finality", totals.finality_ms_p50, 300],
  ] as const) {
    if (value === null) found.push(`${what}: nothing was measured. See the nodes' logs.`);
    else if (value > goal * TOLERANCE) found.push(`${what}: ${value}, more than ${TOLERANCE} times the goal of ${goal}. Is the machine busy?`);
  }
  return found;
}

function nullOr(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
