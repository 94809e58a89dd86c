/** Who plays on Pensum: accounts by their names, money for new ones, a model and those who solve it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  acceptAsset,
  devAccount,
  join as joinMarket,
  MICRO,
  PEN,
  readModel,
  registerModel,
  send,
  u8aToHex,
  type Client,
  type Hex,
  type KeyringPair,
  type ModelFiles,
  type ModelId,
} from "../../client/ts/src/index.ts";
import { ASSET } from "./evm.ts";

/** Folder with the shipped models. */
export const MODELS = fileURLToPath(new URL("../../inference/models/", import.meta.url));
/** Who has the sudo key, publishes, and sends. */
export const [SUDO, PUBLISHER, SENDER] = ["Alice", "Eve", "Ferdie"] as const;

/** Solvers by name, and their operator keys. */
export const SOLVERS = [
  { name: "Bob", operator: "//Solver1" },
  { name: "Charlie", operator: "//Solver2" },
  { name: "Dave", operator: "//Solver3" },
] as const;
/** What the first solver asks; each next one asks a little more. */
export const PRICE = 20n * MICRO;
/** What a solver bonds. */
const BOND = 100n * PEN;
/** What a new account gets. */
const GIFT = 10_000n * PEN;

/** The language model on chain, with texts whose answers are known to the bit. */
export interface Model extends ModelFiles {
  id: ModelId;
  labels: string[];
  vectors: { input: Uint8Array; output: Hex }[];
}

/** An account by its first name. */
export function account(name: string): KeyringPair {
  return devAccount(`//${name}`);
}

/** Gives money to an account that the chain does not start with. */
export async function fund(client: Client, name: string): Promise<void> {
  await send(client.api, account(SUDO), client.call("balances", "transferKeepAlive")(account(name).address, GIFT));
}

/** Registers the language model, and lets so many solvers join, all on the node of `client`. They take test dollars as well. */
export async function openMarket(client: Client, solvers: number): Promise<Model> {
  const folder = join(MODELS, "langid");
  const files = await readModel(folder);
  const { id } = await registerModel(client, account(PUBLISHER), files);
  const { labels } = await client.rpc.modelInfo(id);
  const vectors = JSON.parse(await readFile(join(folder, "vectors.json"), "utf8")) as { input: Hex; output: Hex }[];
  await Promise.all(
    SOLVERS.slice(0, solvers).map(async ({ name, operator }, place) => {
      // The first one's key the node was started with.
      if (place > 0) await client.send("author_insertKey", ["oper", operator, u8aToHex(devAccount(operator).publicKey)]);
      const price = PRICE + BigInt(place) * MICRO;
      const offer = { base: price, perByte: 0n, minReward: price, capacity: 128 };
      await joinMarket(client, account(name), devAccount(operator), BOND, [[id, offer]]);
      await acceptAsset(client, account(name), ASSET);
    }),
  );
  return { ...files, id, labels, vectors: vectors.map(({ input, output }) => ({ input: Buffer.from(input.slice(2), "hex"), output })) };
}
