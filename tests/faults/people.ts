/** Who plays: the requester, the models, and the two solvers' ever new identities. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
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
  type ModelId,
} from "../../client/ts/src/index.ts";
import type { Peer } from "./peer.ts";

/** Folder with the shipped models. */
export const MODELS = fileURLToPath(new URL("../../inference/models/", import.meta.url));

const SUDO = devAccount("//Alice");
const PUBLISHER = devAccount("//Eve");
/** Posts the stream of tasks, and does nothing else. */
export const REQUESTER = devAccount("//FaultsRequester");

const GIFT = 10_000n * PEN;
const BOND = 100n * PEN;
/** Both solvers ask the same, so that the book gives each of them half of the tasks. */
const PRICE = 10n * MICRO;

/** A model on chain, and inputs for it. */
export interface Model {
  id: ModelId;
  inputs: { bytes: Uint8Array }[];
}

/** Registers the language model, and gives the requester money. */
export async function opens(client: Client): Promise<Model> {
  await gives(client, REQUESTER);
  const folder = join(MODELS, "langid");
  const { id } = await registerModel(client, PUBLISHER, await readModel(folder));
  const vectors = JSON.parse(await readFile(join(folder, "vectors.json"), "utf8")) as { input: Hex }[];
  return { id, inputs: vectors.map(({ input }) => ({ bytes: Buffer.from(input.slice(2), "hex") })) };
}

async function gives(client: Client, to: KeyringPair): Promise<void> {
  await send(client.api, SUDO, client.call("balances", "transferKeepAlive")(to.address, GIFT));
}

/**
 * A solver's node, and who it works for. A solver whose node is broken on purpose runs out of time so often that it is jailed; the node
 * then goes on for a new one.
 */
export class Solver {
  private count = 0;
  /** Who it works for. */
  stash: KeyringPair = devAccount("//Nobody");

  constructor(readonly peer: Peer) {}

  /** Whether it is ready for tasks. */
  async ready(client: Client, model: ModelId): Promise<boolean> {
    if (this.count === 0) return false;
    const { jailed_until, offers } = await client.rpc.solverStatus(this.stash.address);
    return jailed_until === null && offers.some(([id]) => id === model);
  }

  /** Becomes somebody new. */
  async enlists(client: Client, model: ModelId): Promise<void> {
    this.count += 1;
    const name = `${this.peer.name}-${this.count}`;
    this.stash = devAccount(`//Stash-${name}`);
    const operator = devAccount(`//Operator-${name}`);
    await this.peer.rpc("author_insertKey", ["oper", `//Operator-${name}`, u8aToHex(operator.publicKey)]);
    await gives(client, this.stash);
    await joinMarket(client, this.stash, operator, BOND, [[model, { base: PRICE, perByte: 0n, minReward: PRICE, capacity: 64 }]]);
  }
}
