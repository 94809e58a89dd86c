/** What came of the run: `report.json`, the tables, and whether it is good enough. */
import { showAmount, type Address, type TaskId } from "../../client/ts/src/index.ts";
import { table } from "../../client/ts/src/demo/table.ts";
import type { Party } from "./cast.ts";
import type { Ledger, Task } from "./ledger.ts";

/** What one strategy did and what it got. Amounts are decimal strings in the smallest unit. */
export interface StrategyReport {
  identities: number;
  /** Tasks that its solvers held, sat on a panel for, or bid for. */
  tasks: number;
  earned: string;
  slashed: string;
  faults: { [fault: string]: number };
  jailed: number;
  /** What it owns in the end less what it began with, pending slashes taken off. */
  net: string;
  figures: { [what: string]: number };
}

/** How tasks of one matching and verification ended. */
export interface KindReport {
  tasks: number;
  answered: number;
  refunded: number;
  refunds: { [reason: string]: number };
  wrong_paid: number;
  undetected: number;
  stuck: number;
}

/** Something that should not have happened, with everything that the chain said about the batch. */
export interface Finding {
  what: string;
  task: TaskId;
  block: number;
  events: string[];
}

/** `report.json`. */
export interface Report {
  seed: number;
  /** Tasks of the honest requesters. */
  tasks: number;
  answered: number;
  refunded: number;
  refunds: { [reason: string]: number };
  /** Tasks paid for a wrong answer: must be 0. */
  wrong_paid: number;
  /** Slashes of honest solvers, pending or applied: must be 0. */
  honest_slashed: number;
  /** Tasks without an end when every deadline and window had passed: must be 0. */
  stuck: number;
  /** Wrong answers with a window that were paid while nobody watched and no audit hit: possible by design. */
  undetected: number;
  /** What wrong answers with a window brought and cost where nobody watched. Audits alone must make `net` negative. */
  unwatched: { answered_wrong: number; convicted: number; earned: string; slashed: string; net: string };
  /** Inputs on which the node's own dry run disagrees with the shipped vectors: must be 0. */
  disagreements: number;
  by_strategy: { [strategy: string]: StrategyReport };
  by_kind: { [kind: string]: KindReport };
  blocks: number;
  duration_s: number;
  /** How often each event came. */
  events: { [event: string]: number };
  /** What is allowed and yet worth knowing. */
  remarks: Finding[];
  /** What must not be. */
  findings: Finding[];
}

/** A party with what it began with and what it has in the end. */
export interface Fortune {
  party: Party;
  before: bigint;
  after: bigint;
  figures: { [what: string]: number };
}

/** What the report is made from. */
export interface Outcome {
  seed: number;
  ledger: Ledger;
  honest: Party;
  fortunes: Fortune[];
  disagreements: number;
  /** Batches whose right answer was read in the pool and then cancelled. */
  read: number[];
  blocks: number;
  seconds: number;
}

/** Puts the report together. */
export function report({ seed, ledger, honest, fortunes, disagreements, read, blocks, seconds }: Outcome): Report {
  const all = [...ledger.tasks.values()];
  const planned = all.filter(({ post }) => !post?.own);
  const wrong = all.filter((task) => isWrong(task) && !isUnwatched(task));
  const stuck = all.filter(({ end }) => !end);
  const names = new Set<Address>(honest.identities.map(({ stash }) => stash.address));
  const slashed = ledger.slashes.filter(({ solver }) => names.has(solver));
  const finding = (what: string, task: TaskId, block: number): Finding => ({
    what,
    task,
    block,
    events: ledger.history.get(Math.floor(task / 256)) ?? [],
  });
  return {
    seed,
    tasks: planned.length,
    answered: planned.filter(({ end }) => end && !end.refunded).length,
    refunded: planned.filter(({ end }) => end?.refunded).length,
    refunds: tally(planned.flatMap(({ end }) => end?.refunded ?? [])),
    wrong_paid: wrong.length,
    honest_slashed: slashed.length,
    stuck: stuck.length,
    undetected: all.filter((task) => isWrong(task) && isUnwatched(task)).length,
    unwatched: unwatched(all, ledger),
    disagreements,
    by_strategy: Object.fromEntries(fortunes.map((fortune) => [fortune.party.name.toLowerCase(), strategyReport(fortune, ledger, all)])),
    by_kind: byKind(all),
    blocks,
    duration_s: Math.round(seconds),
    events: Object.fromEntries([...ledger.counts].sort()),
    remarks: read.map((batch) => finding("a right answer was read in the pool and cancelled for the cancel fee", batch * 256, 0)),
    findings: [
      ...wrong.map(({ id, end }) => finding("a wrong answer was paid", id, end!.block)),
      ...slashed.map(({ task, block, fault }) => finding(`an honest solver was slashed: ${fault}`, task, block)),
      ...stuck.map(({ id, posted }) => finding("a task has no end", id, posted)),
    ],
  };
}

/** What is not as it must be, in words; nothing if all is well. */
export function shortcomings(report: Report, tasks: number): string[] {
  const zero = ["wrong_paid", "honest_slashed", "stuck", "disagreements"] as const;
  const wrong = zero.filter((key) => report[key] !== 0).map((key) => `${key} is ${report[key]} and must be 0`);
  if (BigInt(report.unwatched.net) > 0n) wrong.push(`wrong answers that nobody watched earned ${report.unwatched.net} and must lose`);
  if (report.tasks < tasks) wrong.push(`${report.tasks} tasks were posted and ${tasks} were asked for`);
  return wrong;
}

/** The tables for the screen. */
export function lines(report: Report): string[] {
  const right = (title: string): { title: string; right: true } => ({ title, right: true });
  const kinds = Object.entries(report.by_kind).map(([kind, k]) => [kind, k.tasks, k.answered, k.refunded, k.wrong_paid, k.undetected, k.stuck].map(String));
  const strategies = Object.entries(report.by_strategy).map(([name, s]) => [
    name,
    `${s.identities}`,
    `${s.tasks}`,
    showAmount(BigInt(s.earned)),
    showAmount(BigInt(s.slashed)),
    `${s.jailed}`,
    signed(BigInt(s.net)),
    Object.entries(s.faults).map(([fault, count]) => `${count} ${fault}`).join(", "),
  ]);
  return [
    ...table([{ title: "kind" }, right("tasks"), right("answered"), right("refunded"), right("wrong paid"), right("undetected"), right("stuck")], kinds),
    "",
    ...table(
      [{ title: "strategy" }, right("solvers"), right("tasks"), right("earned"), right("slashed"), right("jailed"), right("net"), { title: "faults" }],
      strategies,
    ),
    "",
    `tasks ${report.tasks}  answered ${report.answered}  refunded ${report.refunded}  wrong paid ${report.wrong_paid}  ` +
      `honest slashed ${report.honest_slashed}  stuck ${report.stuck}  undetected ${report.undetected}  ` +
      `blocks ${report.blocks}  ${report.duration_s} s`,
    `refunds to requesters: ${Object.entries(report.refunds).map(([reason, count]) => `${count} ${reason}`).join(", ") || "none"}`,
    `unwatched: ${report.undetected} wrong answers paid ${showAmount(BigInt(report.unwatched.earned))}, ` +
      `${report.unwatched.convicted} convicted by audits for ${showAmount(BigInt(report.unwatched.slashed))}`,
  ];
}

function isWrong({ end, truth }: Task): boolean {
  return end?.output !== undefined && truth !== undefined && end.output !== truth.output;
}

/** Whether nobody watched by design: only the solvers' fear of audits speaks for such an answer. */
function isUnwatched({ post }: Task): boolean {
  return post !== undefined && !post.watched && "replay" in post.verification && post.verification.replay.window > 0;
}

function unwatched(tasks: Task[], ledger: Ledger): Report["unwatched"] {
  const here = new Set(tasks.filter(isUnwatched).map(({ id }) => id));
  const paid = tasks.filter((task) => isWrong(task) && isUnwatched(task)).flatMap(({ end }) => [...end!.paid.values()]);
  const convictions = ledger.slashes.filter(({ task, fault }) => here.has(task) && (fault === "Unopened" || fault === "Wrong"));
  const [earned, slashed] = [sum(paid), sum(convictions.map(({ amount }) => amount))];
  return {
    answered_wrong: paid.length + convictions.length,
    convicted: convictions.length,
    earned: earned.toString(),
    slashed: slashed.toString(),
    net: (earned - slashed).toString(),
  };
}

function sum(amounts: bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n);
}

function strategyReport({ party, before, after, figures }: Fortune, ledger: Ledger, tasks: Task[]): StrategyReport {
  const own = new Set<Address>(party.identities.map(({ stash }) => stash.address));
  const earned = tasks.flatMap(({ end }) => [...(end?.paid ?? [])]).filter(([solver]) => own.has(solver));
  const slashes = ledger.slashes.filter(({ solver }) => own.has(solver));
  return {
    identities: party.solvers.length,
    tasks: tasks.filter(({ touched }) => [...touched].some((solver) => own.has(solver))).length,
    earned: sum(earned.map(([, price]) => price)).toString(),
    slashed: sum(slashes.map(({ amount }) => amount)).toString(),
    faults: tally(slashes.map(({ fault }) => fault)),
    jailed: new Set(ledger.jailed.filter((solver) => own.has(solver))).size,
    net: (after - before).toString(),
    figures,
  };
}

function byKind(tasks: Task[]): { [kind: string]: KindReport } {
  const kinds: { [kind: string]: KindReport } = {};
  for (const task of [...tasks].sort((a, b) => (a.post?.kind ?? "").localeCompare(b.post?.kind ?? ""))) {
    const kind = (kinds[task.post?.kind ?? "not known"] ??= { tasks: 0, answered: 0, refunded: 0, refunds: {}, wrong_paid: 0, undetected: 0, stuck: 0 });
    kind.tasks += 1;
    if (!task.end) kind.stuck += 1;
    else if (task.end.refunded) {
      kind.refunded += 1;
      kind.refunds[task.end.refunded] = (kind.refunds[task.end.refunded] ?? 0) + 1;
    }
    else kind.answered += 1;
    if (isWrong(task)) kind[isUnwatched(task) ? "undetected" : "wrong_paid"] += 1;
  }
  return kinds;
}

function tally(words: string[]): { [word: string]: number } {
  const counts: { [word: string]: number } = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function signed(amount: bigint): string {
  return amount < 0n ? `-${showAmount(-amount)}` : showAmount(amount);
}
