/**
 * Thirty thousand transactions that cannot be included at once, while honest tasks are posted at the same node: nonces of the future, accounts
 * that cannot pay, and the same transaction again and again.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { devAccount, MICRO, PEN, post, Watch, type Client, type Hex } from "../../client/ts/src/index.ts";
import { Client as Connection } from "../../client/ts/src/connect.ts";
import { factsOf } from "./extrinsic.ts";
import { feed, type Fed } from "./feed.ts";
import { type Figure, type Part } from "./figure.ts";
import { pair, type Market } from "./market.ts";
import { poor, presign, rich } from "./people.ts";
import { watchMemory } from "./resources.ts";
import type { Setting } from "./stage.ts";

/** Accounts of each kind of spammer. */
const ACCOUNTS = 100;
/** Nonces that are left out, so that nothing after them can be included. */
const GAP = 1;
/** Milliseconds between two honest tasks. */
const PAUSE = 1_000;
/** Longest time that the spam may take, in milliseconds. */
const PATIENCE = 120_000;
/** Most that one task may cost; blocks until it is of no more use. */
const [MAX_REWARD, WITHIN] = [100n * MICRO, 60] as const;

/** Who posts them. */
const REQUESTER = "//Ferdie";

/** An honest task under spam. */
interface Honest {
  /** Blocks from the head when it was sent to the block that has it. */
  inclusion: number;
  /** Blocks from there to its answer. */
  settlement: number;
}

/** Measures. */
export async function spam({ net, quick, say, command }: Setting): Promise<Part> {
  const each = quick ? 1_000 : 10_000;
  const market = await pair(net, 1);
  const { client, node } = market.author;
  const kinds = await spamOf(client, each);
  const all = Array.from({ length: each }, (_, at) => kinds.map((kind) => kind[at]!)).flat();
  say(`${all.length} transactions signed that cannot be included at once`);
  const requester = devAccount(REQUESTER);
  const watch = await Watch.open(client, requester.address);
  const own = await Connection.connect(node.url);
  const stopWatching = watchMemory([node]);
  try {
    let over = false;
    const flood = feed(own, all, { ms: PATIENCE, backlog: Infinity, included: () => 0 }).finally(() => (over = true));
    const asked: Promise<Honest>[] = [];
    let nonce = (await client.api.rpc.system.accountNextIndex(requester.address)).toNumber();
    while (!over) {
      const one = honest(market, watch, (terms, input) => post(client, requester, terms, [input], { nonce: nonce++ }));
      // A failure is told when all are awaited, and must not end the process before.
      one.catch(() => undefined);
      asked.push(one);
      await sleep(PAUSE);
    }
    const [fed, tasks] = await Promise.all([flood, Promise.all(asked)]);
    const [most] = stopWatching();
    say(`${fed.accepted} taken, ${sum(fed)} refused in ${(fed.ms / 1000).toFixed(1)} s; ${tasks.length} honest tasks went through`);
    return { figures: figures(all.length, fed, tasks, most!, command), curves: [] };
  } finally {
    stopWatching();
    await own.close();
    await watch.close();
  }
}

async function honest(
  { author: { client }, model, texts }: Market,
  watch: Watch,
  send: (terms: { model: Market["model"]; maxReward: bigint; deadline: number }, input: { bytes: Uint8Array }) => ReturnType<typeof post>,
): Promise<Honest> {
  const head = (await client.api.rpc.chain.getHeader()).number.toNumber();
  const posted = await send({ model, maxReward: MAX_REWARD, deadline: head + WITHIN }, { bytes: texts[head % texts.length]! });
  const ended = await watch.settled(posted.tasks[0]!);
  if (ended.outcome !== "answered") throw new Error("A task was refunded instead of answered. See the solver's log.");
  return { inclusion: posted.number - head, settlement: ended.block - posted.number };
}

/** The three kinds, `each` of each. */
async function spamOf(client: Client, each: number): Promise<Hex[][]> {
  const [facts, beggars] = [factsOf(client), poor("poor", ACCOUNTS)];
  const plan = { count: each, calls: [client.call("balances", "transferKeepAlive")(beggars[0]!.id, PEN).method.toU8a()] };
  const future = presign(facts, { ...plan, signers: await rich(client, "impatient", ACCOUNTS), nonce: GAP });
  const unpaid = presign(facts, { ...plan, signers: beggars });
  return [future, unpaid, future.map(() => future[0]!)];
}

function sum({ refused }: Fed): number {
  return [...refused.values()].reduce((all, count) => all + count, 0);
}

function figures(sent: number, fed: Fed, tasks: Honest[], memory: number, command: string): Figure[] {
  const words = [...fed.refused].sort(([, a], [, b]) => b - a).map(([what, count]) => `${count} × ${what}`);
  const of = (what: keyof Honest): number[] => tasks.map((one) => one[what]);
  return [
    {
      name: "spam-honest-inclusion-worst",
      value: Math.max(...of("inclusion")),
      unit: "blocks",
      goal: { max: 2 },
      samples: of("inclusion"),
      note: `honest posts while ${sent} transactions came that cannot be included at once: nonces of the future, accounts that cannot pay, one again and again`,
      command,
    },
    { name: "spam-honest-settlement-worst", value: Math.max(...of("settlement")), unit: "blocks", goal: { max: 2 }, samples: of("settlement"), command },
    { name: "spam-refused", value: sum(fed), unit: "transactions", note: words.join("; "), command },
    { name: "spam-kept-for-later", value: fed.accepted, unit: "transactions", note: "nonces of the future that the pool keeps", command },
    { name: "spam-handled-per-second", value: Math.round((fed.accepted + sum(fed)) / (fed.ms / 1000)), unit: "transactions/s", command },
    { name: "spam-memory-author", value: Math.round(memory), unit: "MiB", note: "the most during the spam", command },
  ];
}
