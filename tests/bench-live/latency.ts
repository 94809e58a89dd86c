/**
 * How long things take while nobody hurries: four validators and a solver's node on this machine, single tasks at random moments. From the
 * signature to the proven answer, from block to pool, from block to finality, and what a small task costs.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { devAccount, MICRO, PEN, post, Watch, type Client, type KeyringPair, type Member } from "../../client/ts/src/index.ts";
import { beside, ranked, rounded, type Figure, type Part } from "./figure.ts";
import { four, type Market } from "./market.ts";
import { COW_AUCTION, SDK_FINALITY } from "./peers.ts";
import type { Setting } from "./stage.ts";

/** Blocks until an answer is of no more use. */
const WITHIN = 60;
/** Most that one task may cost. */
const MAX_REWARD = 100n * MICRO;
/** Milliseconds between two posts: at least, and so many more at random. */
const [PAUSE, SPREAD] = [500, 1_000] as const;
/** Who asks. */
const REQUESTER = "//Ferdie";
/** The protocol's share of every price, as the design's fee goal counts it: `market::FEE` of the runtime. */
const PROTOCOL_FEE = 0.02;

/** One task, from signature to proof. */
interface Told {
  /** Milliseconds from signing to having checked the final record's proof. */
  total: number;
  /** Blocks from the post to the answer. */
  blocks: number;
  /** All that it cost beside what the solver and the publisher get, in PEN. */
  fee: number;
}

/** Measures. */
export async function latency({ net, quick, say, command }: Setting): Promise<Part> {
  const count = quick ? 20 : 100;
  const { market, validators } = await four(net);
  say(`four validators and a solver at work; ${count} tasks follow`);
  await sleep(3_000);
  const clocks = await Promise.all(validators.map(finality));
  const pooled: number[] = [];
  const pool = await Watch.open(market.follower.client);
  pool.on((event) => {
    if (event.kind === "answer_pooled" && event.ms_since_import !== null) pooled.push(event.ms_since_import);
  });
  const told = await asks(market, devAccount(REQUESTER), count);
  await pool.close();
  clocks.forEach(({ stop }) => stop());
  const final = clocks.flatMap(({ ms }) => ms);
  say(`${told.length} tasks proven, ${final.length} finalities, ${pooled.length} answers into the pool`);
  return { figures: [...figures(told, final, pooled, command), verificationCost(market.author.client, command)], curves: [] };
}

async function asks(market: Market, requester: KeyringPair, count: number): Promise<Told[]> {
  const { client } = market.author;
  const watch = await Watch.open(client, requester.address);
  try {
    let nonce = (await client.api.rpc.system.accountNextIndex(requester.address)).toNumber();
    const all: Promise<Told>[] = [];
    for (let number = 0; number < count; number += 1) {
      const asked = ask(market, client, watch, requester, number, nonce++);
      // A failure is told when all are awaited, and must not end the process before.
      asked.catch(() => undefined);
      all.push(asked);
      await sleep(PAUSE + Math.random() * SPREAD);
    }
    return await Promise.all(all);
  } finally {
    await watch.close();
  }
}

async function ask({ model, texts }: Market, client: Client, watch: Watch, requester: KeyringPair, number: number, nonce: number): Promise<Told> {
  const deadline = (await client.api.rpc.chain.getHeader()).number.toNumber() + WITHIN;
  const start = performance.now();
  const terms = { model, maxReward: MAX_REWARD, deadline };
  const posted = await post(client, requester, terms, [{ bytes: texts[number % texts.length]! }], { nonce });
  const { record } = await watch.proven(posted.tasks[0]!);
  const total = performance.now() - start;
  if (record.outcome !== "answered") throw new Error(`A task was refunded instead of answered: ${JSON.stringify(record.outcome)}. See the solver's log.`);
  const fee = Number(posted.fee + posted.prepaid) + Number(record.price) * PROTOCOL_FEE;
  return { total, blocks: record.block - posted.number, fee: fee / Number(PEN) };
}

/** Milliseconds from import to finality of each block at one node, both as its messages arrive here. */
async function finality({ client: { api } }: Member): Promise<{ ms: number[]; stop: () => void }> {
  const imported = new Map<number, number>();
  const ms: number[] = [];
  const ends = [
    await api.rpc.chain.subscribeNewHeads(({ number }) => void imported.set(number.toNumber(), performance.now())),
    await api.rpc.chain.subscribeFinalizedHeads(({ number }) => {
      const since = imported.get(number.toNumber());
      if (since !== undefined) ms.push(performance.now() - since);
    }),
  ];
  return { ms, stop: () => ends.forEach((end) => end()) };
}

function figures(told: Told[], final: number[], pooled: number[], command: string): Figure[] {
  const of = (what: "total" | "blocks" | "fee"): number[] => told.map((one) => one[what]);
  const ms = { unit: "ms", command };
  const four = "four validators on this machine";
  return [
    ranked("import-to-pool-p50", pooled, 0.5, { ...ms, note: "import of the block that assigned the task, to the answer in the solver's pool" }),
    ranked("import-to-pool-p95", pooled, 0.95, { ...ms, goal: { max: 500 } }),
    ranked("posted-to-settled-p50", of("blocks"), 0.5, { unit: "blocks", goal: { max: 1 }, command }),
    ranked("posted-to-settled-p99", of("blocks"), 0.99, { unit: "blocks", goal: { max: 2 }, command }),
    beside(ranked("import-to-finality-p50", final, 0.5, { ...ms, goal: { max: 300 }, note: four }), SDK_FINALITY),
    ranked("import-to-finality-p99", final, 0.99, { ...ms, goal: { max: 600 }, note: four }),
    beside(
      ranked("signing-to-final-answer-p50", of("total"), 0.5, { ...ms, goal: { max: 3_000 }, note: "from signing the post to having checked the final record's proof" }),
      COW_AUCTION,
    ),
    ranked("signing-to-final-answer-p95", of("total"), 0.95, ms),
    {
      name: "fee-of-small-task",
      value: rounded(Math.max(...of("fee"))),
      unit: "PEN",
      goal: { max: 0.001 },
      note: "dearest of all: inclusion, prepaid answering, and the protocol's share of the price",
      command,
    },
  ];
}

/** What verifying answers with a window costs on average, in honest runs: the run, and the share of all nodes that audits open. */
function verificationCost({ api }: Client, command: string): Figure {
  const share = Number(api.consts.dispute!.auditShare!.toString()) / 1_000_000;
  return {
    name: "verification-cost-per-honest-run",
    value: rounded(1 + share),
    unit: "runs",
    goal: { max: 1.1 },
    note: "`Replay { window }`: the run, and the share of nodes that audits open, from the chain's constants; nobody disputes",
    command,
  };
}
