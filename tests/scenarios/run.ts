/** One run of the scenarios on a network of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { devAccount, u8aToHex, type Client, type DevNet } from "../../client/ts/src/index.ts";
import { fortune, funds, operatorUri, Party } from "./cast.ts";
import { Ledger, type ChainEvent, type Task } from "./ledger.ts";
import { plan } from "./plan.ts";
import { Pool } from "./pool.ts";
import { Random } from "./random.ts";
import { report, type Report } from "./report.ts";
import { Colluders } from "./strategies/colluders.ts";
import { Copier } from "./strategies/copier.ts";
import { Framer } from "./strategies/framer.ts";
import { Grinder } from "./strategies/grinder.ts";
import { Haggler } from "./strategies/haggler.ts";
import { Honest } from "./strategies/honest.ts";
import { Liar } from "./strategies/liar.ts";
import { Requesters } from "./strategies/requesters.ts";
import { Spammer } from "./strategies/spammer.ts";
import { Unreachable } from "./strategies/unreachable.ts";
import { Watcher } from "./strategies/watcher.ts";
import { Withholder } from "./strategies/withholder.ts";
import type { Scene, Strategy } from "./strategy.ts";
import { disagreements, MODELS, registered } from "./truths.ts";

/** Honest solvers: enough for two rounds of seven beside those that fail, and for a jury of twelve. */
const HONEST = 12;
/** Blocks after its deadline and window in which a task may still be audited; and the longest that appeals take: three juries of two rounds. */
const [AUDITS, APPEALS] = [60, 440] as const;
/** Blocks that a late end is forgiven. */
const MARGIN = 20;
/** A task whose post is not known to the script can live for so long. */
const UNKNOWN = 400;

/** What to run. */
export interface RunOptions {
  tasks: number;
  seed: number;
  /** Posts in each block. */
  pace: number;
  /** Hears what goes on. */
  say: (line: string) => void;
}

/** Plays all parties until every task has ended, or should have. */
export async function run(net: DevNet, { tasks, seed, pace, say }: RunOptions): Promise<Report> {
  const start = Date.now();
  const { client, gateway } = await net.validator({ solver: { name: "node", operator: operatorUri("Honest", 0), models: MODELS } });
  const publisher = devAccount("//Eve");
  const models = { langid: await registered(client, publisher, "langid"), digits: await registered(client, publisher, "digits") };
  const ledger = new Ledger();
  const random = new Random(seed, "scenarios");
  const crowd = new Party("Honest", HONEST);
  const scene: Scene = { client, gateway, ledger, pool: new Pool(client), honest: crowd, models, random };

  const honest = new Honest(scene, crowd);
  const requesters = new Requesters(scene, new Party("Requesters", 4), plan(tasks, models, random.named("plan")), pace);
  const colluders = new Colluders(scene, new Party("Colluders", 24));
  const extras = Math.max(2, Math.ceil(tasks / 50));
  const grinder = new Grinder(scene, new Party("Grinder", 2), colluders.party, extras);
  const strategies: Strategy[] = [
    honest,
    requesters,
    new Watcher(scene, new Party("Watcher", 4)),
    new Liar(scene, new Party("Liar", 80)),
    new Copier(scene, new Party("Copier", 50)),
    new Withholder(scene, new Party("Withholder", 40)),
    new Unreachable(scene, new Party("Unreachable", 2)),
    colluders,
    grinder,
    new Spammer(scene, new Party("Spammer", 6)),
    new Framer(scene, new Party("Framer", 1)),
    new Haggler(scene, new Party("Haggler", 1), Math.max(1, Math.ceil(tasks / 400))),
  ];
  const parties = strategies.map(({ party }) => party);
  await funds(client, devAccount("//Alice"), parties);
  const before = await Promise.all(parties.map((party) => fortune(client, party)));
  for (const [number, { operator }] of honest.party.identities.entries()) {
    await client.send("author_insertKey", ["oper", operatorUri("Honest", number), u8aToHex(operator.publicKey)]);
  }
  await honest.joins();
  say(`${parties.length} parties, ${honest.party.solvers.length} honest solvers, from block ${(await head(client)) + 1} on`);

  const watching = scene.pool.watch();
  const blocks = await plays(scene, strategies, () => requesters.finished, say);
  scene.pool.close();
  await watching;
  const read = grinder.gains();
  const after = await Promise.all(parties.map((party) => fortune(client, party)));
  const different = await Promise.all(Object.values(models).map((model) => disagreements(client, model)));
  return report({
    seed,
    ledger,
    honest: honest.party,
    fortunes: strategies.map(({ party, figures }, at) => ({ party, figures, before: before[at]!, after: after[at]! })),
    disagreements: different.flat().length,
    read,
    blocks,
    seconds: (Date.now() - start) / 1000,
  });
}

/** Reads every block and lets all parties act after each, until all is posted and no task is left that could still end. */
async function plays({ client, ledger }: Scene, strategies: Strategy[], posted: () => boolean, say: (line: string) => void): Promise<number> {
  const busy = new Map<Strategy, Promise<void>>();
  const failures: unknown[] = [];
  const first = (await head(client)) + 1;
  for (let block = first; ; block += 1) {
    while ((await head(client)) < block) await sleep(100);
    ledger.hear(block, await eventsAt(client, block));
    if (failures.length > 0) throw failures[0];
    if (posted() && ledger.unended().every((task) => block > lastBlock(task))) {
      await Promise.all(busy.values());
      return block - first;
    }
    if ((await head(client)) > block) continue;
    // Who is not done with the last block leaves this one out: nobody holds the others up.
    for (const strategy of strategies.filter((one) => !busy.has(one))) {
      const acts = strategy
        .act(block)
        .catch((error: unknown) => void failures.push(error))
        .then(() => void busy.delete(strategy));
      busy.set(strategy, acts);
    }
    if (block % 20 === 0) {
      const unended = ledger.unended().length;
      say(`block ${block}: ${ledger.tasks.size} tasks posted, ${unended} open, ${ledger.slashes.length} slashes`);
    }
  }
}

/** The block by which a task must have ended. */
function lastBlock({ posted, deadline, post, appealed }: Task): number {
  if (!post || deadline === undefined) return posted + UNKNOWN;
  const { verification } = post;
  const window = "replay" in verification ? verification.replay.window : "requester" in verification ? verification.requester.window : 0;
  return deadline + window + AUDITS + (appealed ? APPEALS : 0) + MARGIN;
}

async function head({ api }: Client): Promise<number> {
  return (await api.rpc.chain.getHeader()).number.toNumber();
}

async function eventsAt({ api }: Client, block: number): Promise<ChainEvent[]> {
  const at = await api.at(await api.rpc.chain.getBlockHash(block));
  const records = (await at.query.system!.events!()) as unknown as { event: ChainEvent }[];
  return records.map(({ event }) => event);
}
