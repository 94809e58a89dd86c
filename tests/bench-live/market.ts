/** The network under measurement: who makes blocks, who works as a solver, and the shipped model. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFile } from "node:fs/promises";
import {
  devAccount,
  join as joins,
  MICRO,
  PEN,
  readModel,
  registerModel,
  u8aToHex,
  type DevNet,
  type Member,
  type ModelId,
  type Offer,
} from "../../client/ts/src/index.ts";

/** Folder with the shipped models. */
const MODELS = fileURLToPath(new URL("../../inference/models", import.meta.url));
/** The solvers' stashes. All are served by one node: what is measured is the chain and not the number of machines. */
const STASHES = ["//Bob", "//Charlie", "//Dave", "//Eve"].flatMap((name) => [name, `${name}//stash`]);
/** What each bonds: more than its capacity needs. */
const BOND = 10_000n * PEN;
/**
 * What they ask. The best reputed takes all that it has room for, and then the next: room for what a node asks its gateway at one block for one
 * operator.
 */
const OFFER: Offer = { base: 10n * MICRO, perByte: (10n * MICRO) / 500n, minReward: 10n * MICRO, capacity: 4_096 };

/** A network with a market on it. */
export interface Market {
  /** Makes blocks; transactions are sent to it. */
  author: Member;
  /** A full node that works for all solvers. */
  follower: Member;
  model: ModelId;
  /** Real text to ask about. */
  texts: Uint8Array[];
}

/** Registers the language model, and lets the solvers join that the follower's node works for. */
export async function openMarket(author: Member, follower: Member, operators: string[]): Promise<Market> {
  const { client } = author;
  const { id: model } = await registerModel(client, devAccount("//Eve"), await readModel(join(MODELS, "langid")));
  for (const [at, name] of operators.entries()) {
    const operator = devAccount(name);
    await follower.client.send("author_insertKey", ["oper", name, u8aToHex(operator.publicKey)]);
    await joins(client, devAccount(STASHES[at % STASHES.length]!), operator, BOND, [[model, OFFER]]);
  }
  const samples = JSON.parse(await readFile(join(MODELS, "langid/samples.json"), "utf8")) as { text: string }[];
  return { author, follower, model, texts: samples.map(({ text }) => new TextEncoder().encode(text)) };
}

/** One author and one full node, which is the node of `solvers` solvers. */
export async function pair(net: DevNet, solvers: number): Promise<Market> {
  // What else the author's log shall tell, such as `txpool=debug`.
  const { PENSUM_LOG: log } = process.env;
  const author = await net.validator({ args: log ? ["--log", log] : [] });
  const operators = Array.from({ length: solvers }, (_, number) => `//Solver${number + 1}`);
  const follower = await net.solver({ name: "solver", operator: operators[0]!, models: MODELS });
  return openMarket(author, follower, operators);
}

/** Four validators, and a full node that is a solver's. */
export async function four(net: DevNet): Promise<{ market: Market; validators: Member[] }> {
  const validators: Member[] = [];
  for (const name of ["alice", "bob", "charlie", "dave"] as const) validators.push(await net.validator({ name }));
  const follower = await net.solver({ name: "solver", operator: "//Solver1", models: MODELS });
  return { market: await openMarket(validators[0]!, follower, ["//Solver1"]), validators };
}
