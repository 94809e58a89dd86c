/**
 * How many tasks a second go all the way: RPC, pool, author, import by a full node, solver, answer, settlement. One author, and one full node
 * that is the solvers' node. Transfers first, in the same way, to compare with; then one intent in each transaction; then full batches.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_BATCH, MICRO, PEN, posting, type Client, type Hex } from "../../client/ts/src/index.ts";
import { perSecond, survey, type BlockView } from "./blocks.ts";
import { factsOf } from "./extrinsic.ts";
import { feed, Inclusion, type Fed } from "./feed.ts";
import { beside, median, rounded, type Curve, type Figure, type Part, type Peer } from "./figure.ts";
import { makingTimes } from "./log.ts";
import { pair, type Market } from "./market.ts";
import { ACURAST, SUBTENSOR_MEMORY } from "./peers.ts";
import { presign, rich, type Person } from "./people.ts";
import { databaseBytes, memory, watchMemory } from "./resources.ts";
import type { Setting } from "./stage.ts";

/** Solvers behind the full node, with room for 4 096 tasks each: twice what shall be posted in a block, for a block that comes late. */
const SOLVERS = 8;
/** Blocks at the beginning that do not count: the pool fills. */
const RAMP = 3;
/** Blocks in which everything posted must have ended. */
const DEADLINE = 600;
/** Most that one task may cost. */
const MAX_REWARD = 100n * MICRO;
/** How long nothing may be included or settled before what is left counts as lost, in milliseconds. */
const DRAIN = 12_000;
/** Longest wait for a load to settle, in milliseconds. What is open then is told. */
const PATIENCE = 45_000;
/** Different inputs, or batches of inputs, that are posted. */
const VARIETY = 24;

/** One kind of load. */
interface Load {
  name: "transfers" | "single" | "batched";
  /** Who signs. */
  signers: number;
  /** Most transactions a second that are prepared; more than can be hoped for. */
  rate: number;
  /** Most under way, in transactions. */
  backlog: number;
  /** Tasks in each. */
  tasks: number;
}

const LOADS: readonly Load[] = [
  { name: "transfers", signers: 200, rate: 1_600, backlog: 3_000, tasks: 0 },
  { name: "single", signers: 200, rate: 1_300, backlog: 2_000, tasks: 1 },
  { name: "batched", signers: 100, rate: 60, backlog: 120, tasks: MAX_BATCH },
];

/** What one load came to. */
interface Outcome {
  load: Load;
  fed: Fed;
  /** Transactions that the pool took and no block has. */
  lost: number;
  /** The blocks that count. */
  blocks: BlockView[];
  /** All blocks until everything had settled. */
  all: BlockView[];
  /** Milliseconds in which the author made the blocks that count. */
  making: number[];
  /** Milliseconds from a head at the author to the same head at the full node. */
  lag: number[];
  /** Most memory of author and full node, in MiB. */
  memory: number[];
  /** Bytes by which both databases grew. */
  grown: number[];
}

/** Measures all three. */
export async function throughput({ net, quick, say, command }: Setting): Promise<Part> {
  const seconds = quick ? 10 : 25;
  const market = await pair(net, SOLVERS);
  const { client } = market.author;
  const facts = factsOf(client);
  const nodes = [market.author.node, market.follower.node];
  const prepared: { load: Load; signers: Person[]; transactions: Hex[] }[] = [];
  await sleep(5_000);
  const idle = await Promise.all(nodes.map(memory));
  for (const load of LOADS) {
    const signers = await rich(client, load.name, load.signers);
    const calls = load.name === "transfers" ? transfersTo(client, signers) : await postsOf(market, load.tasks);
    const transactions = presign(facts, { signers, count: load.rate * seconds, calls });
    say(`${transactions.length} ${load.name} signed`);
    prepared.push({ load, signers, transactions });
  }
  const outcomes: Outcome[] = [];
  for (const { load, signers, transactions } of prepared) {
    const outcome = await bear(market, load, signers, transactions, seconds);
    outcomes.push(outcome);
    say(told(outcome));
  }
  return { figures: figures(outcomes, idle, command), curves: outcomes.map(curve) };
}

/** Transfers between accounts that exist, as the usual measure of Substrate chains (sTPS) has it. */
function transfersTo(client: Client, accounts: Person[]): Uint8Array[] {
  return accounts.map((_, at) => {
    const to = accounts[(at + 1) % accounts.length]!.id;
    return client.call("balances", "transferKeepAlive")(to, PEN / 1_000n).method.toU8a();
  });
}

/** Posts of real text with the default terms: matched by the book, replayed at once. */
async function postsOf({ author: { client }, model, texts }: Market, tasks: number): Promise<Uint8Array[]> {
  const deadline = (await client.api.rpc.chain.getHeader()).number.toNumber() + DEADLINE;
  const text = (number: number): { bytes: Uint8Array } => ({ bytes: texts[number % texts.length]! });
  return Array.from({ length: VARIETY }, (_, variety) => {
    const inputs = Array.from({ length: tasks }, (_, place) => text(variety * 7 + place));
    return posting(client, { model, maxReward: MAX_REWARD, deadline }, inputs).method.toU8a();
  });
}

async function bear(market: Market, load: Load, signers: Person[], transactions: Hex[], seconds: number): Promise<Outcome> {
  const { author, follower } = market;
  const { client } = author;
  const nodes = [author.node, follower.node];
  const before = await Promise.all(nodes.map(databaseBytes));
  const inclusion = await Inclusion.of(client, signers);
  const heads = await Promise.all([author, follower].map((member) => arrivals(member.client)));
  const [first, stopWatching] = [await head(client), watchMemory(nodes)];
  const fed = await feed(client, transactions, { ms: seconds * 1_000, backlog: load.backlog, included: () => inclusion.count });
  const last = await head(client);
  const lost = fed.accepted - (await drained(client, inclusion, fed));
  inclusion.close();
  heads.forEach(({ stop }) => stop());
  const most = stopWatching();
  const all = await survey(client, first + 1, await head(client));
  const grown = await Promise.all(nodes.map(databaseBytes));
  const blocks = all.filter(({ number }) => number > first + RAMP && number <= last);
  const times = await makingTimes(author.node.options.log);
  return {
    load,
    fed,
    lost,
    blocks,
    all,
    making: blocks.flatMap(({ number }) => times.get(number) ?? []),
    lag: blocks.flatMap(({ number }) => {
      const [here, there] = heads.map(({ at }) => at.get(number));
      return here === undefined || there === undefined ? [] : there - here;
    }),
    memory: most,
    grown: grown.map((bytes, at) => bytes - before[at]!),
  };
}

/** Waits until everything that the pool took is in a block and no task is open, or nothing moves any more, or it takes too long; how many are in blocks. */
async function drained(client: Client, inclusion: Inclusion, { accepted }: Fed): Promise<number> {
  const prefix = client.api.query.taskMarket!.batches!.keyPrefix();
  const start = Date.now();
  let [moved, before] = [start, ""];
  for (; ; await sleep(500)) {
    const [included, open] = [await inclusion.look(), await client.send<string[]>("state_getKeysPaged", [prefix, 1_000])];
    if (included >= accepted && open.length === 0) return included;
    const now = `${included} ${open.join()}`;
    if (now !== before) [moved, before] = [Date.now(), now];
    else if (Date.now() - moved > DRAIN || Date.now() - start > PATIENCE) return included;
  }
}

async function arrivals({ api }: Client): Promise<{ at: Map<number, number>; stop: () => void }> {
  const at = new Map<number, number>();
  const stop = await api.rpc.chain.subscribeNewHeads(({ number }) => void at.set(number.toNumber(), performance.now()));
  return { at, stop };
}

async function head({ api }: Client): Promise<number> {
  return (await api.rpc.chain.getHeader()).number.toNumber();
}

/** Tasks that went all the way, or transfers, a second. */
function settledPerSecond({ load, blocks }: Outcome): number {
  return perSecond(blocks, (block) => (load.tasks > 0 ? block.answered : block.transfers));
}

function includedPerSecond({ load, blocks }: Outcome): number {
  return perSecond(blocks, (block) => (load.tasks > 0 ? block.posted : block.transfers));
}

/** What the load met first: what to change to make it faster. */
function bound({ fed, lost, load, blocks, making }: Outcome): string {
  const full = median(blocks.map((block) => block.full));
  const failed = blocks.reduce((sum, block) => sum + block.failed, 0);
  const refused = [...fed.refused].map(([words, count]) => `${count} × ${words}`).join("; ");
  return [
    `blocks ${Math.round(full * 100)} % full by weight, made in ${Math.round(median(making))} ms (median)`,
    ...(failed ? [`${failed} transactions failed`] : []),
    ...(lost ? [`the pool lost ${lost} that it had taken`] : []),
    ...(refused ? [`pool refused ${refused}`] : []),
    ...(fed.accepted >= load.rate * Math.floor(fed.ms / 1000) ? ["all that was prepared was sent"] : []),
  ].join("; ");
}

function told(outcome: Outcome): string {
  const { load, all } = outcome;
  const settled = all.reduce((sum, block) => sum + (load.tasks > 0 ? block.answered : block.transfers), 0);
  const refunded = all.reduce((sum, block) => sum + block.refunded, 0);
  const rates = `${Math.round(includedPerSecond(outcome))} included and ${Math.round(settledPerSecond(outcome))} settled a second`;
  return `${load.name}: ${rates} over ${outcome.blocks.length} blocks, ${settled} in all, ${refunded} refunded; ${bound(outcome)}`;
}

function figures(outcomes: Outcome[], idle: number[], command: string): Figure[] {
  const [transfers, single, batched] = outcomes as [Outcome, Outcome, Outcome];
  const unit = "tasks/s";
  const rate = rounded(includedPerSecond(transfers));
  const same: Peer = { name: "transfers a second, same run", value: rate };
  const settled = (outcome: Outcome): Figure => ({
    name: `tasks-settled-per-second-${outcome.load.name}`,
    value: rounded(settledPerSecond(outcome)),
    unit,
    note: `${outcome.all.reduce((sum, { refunded }) => sum + refunded, 0)} refunded`,
    command,
  });
  const included = (outcome: Outcome, min: number): Figure => ({
    name: `tasks-per-second-${outcome.load.name}`,
    value: rounded(includedPerSecond(outcome)),
    unit,
    goal: { min },
    note: bound(outcome),
    command,
  });
  return [
    { name: "transfers-per-second", value: rate, unit: "transactions/s", note: bound(transfers), command },
    beside(included(single, 1_000), same),
    beside(settled(single), ACURAST),
    beside(included(batched, 10_000), same),
    beside(settled(batched), ACURAST),
    ...outcomes.flatMap((outcome) => resources(outcome, command)),
    beside({ name: "memory-author-idle", value: rounded(idle[0]!), unit: "MiB", command }, SUBTENSOR_MEMORY),
    beside({ name: "memory-solver-idle", value: rounded(idle[1]!), unit: "MiB", note: "full node with its gateway in process", command }, SUBTENSOR_MEMORY),
  ];
}

function resources(outcome: Outcome, command: string): Figure[] {
  const { load, making, lag, memory, grown, all } = outcome;
  const settled = all.reduce((sum, { answered }) => sum + answered, 0);
  const growth = ["author", "solver"].map((name, at): Figure => ({
    name: `database-growth-${name}-${load.name}`,
    value: rounded((grown[at]! / settled) * (1_000_000 / 2 ** 20)),
    unit: "MiB per million tasks",
    note: `bodies of blocks included; ${settled} tasks`,
    command,
  }));
  return [
    { name: `block-making-${load.name}`, value: Math.round(median(making)), unit: "ms", samples: making, note: "author, median, from its log", command },
    { name: `full-node-lag-${load.name}`, value: Math.round(median(lag)), unit: "ms", samples: lag.map(rounded), note: "from the head at the author to the head at the full node, median", command },
    ...["author", "solver"].map((name, at): Figure => ({ name: `memory-${name}-${load.name}`, value: rounded(memory[at]!), unit: "MiB", note: "the most while under load", command })),
    ...(settled > 0 ? growth : []),
  ];
}

function curve({ load, all }: Outcome): Curve {
  const start = all[0]?.time ?? 0;
  return {
    name: `included-per-block-${load.name}`,
    unit: load.tasks > 0 ? "tasks" : "transfers",
    x: all.map(({ time }) => (time - start) / 1000),
    y: all.map(({ posted, transfers }) => (load.tasks > 0 ? posted : transfers)),
    x_label: "seconds",
    y_label: "tasks, or transfers, in a block",
  };
}
