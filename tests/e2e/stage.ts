/** What every end-to-end test needs: a chain of its own, models and solvers on it, and a way to expect a refusal. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  blocksFromNow,
  ChainError,
  devAccount,
  DevNet,
  eventsOf,
  join as joinMarket,
  MICRO,
  PEN,
  readModel,
  registerModel,
  send,
  u8aToHex,
  type Client,
  type EventRecord,
  type Hex,
  type Included,
  type KeyringPair,
  type ModelFiles,
  type ModelId,
  type Offer,
  type Terms,
} from "../../client/ts/src/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Folder with the shipped models. */
export const MODELS = join(ROOT, "inference/models");
/** Folder of the client. */
export const CLIENT = join(ROOT, "client/ts");
/** Folder for logs: one below it for each file of tests. */
export const LOGS = join(ROOT, "target/e2e");

/** Who is who. */
export const [SUDO, BOB, CHARLIE, DAVE, PUBLISHER, REQUESTER] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"] as const;

/** What a solver of these tests bonds. */
export const BOND = 100n * PEN;

/** A shipped model on chain, with inputs whose answers are known to the bit. */
export interface Model extends ModelFiles {
  id: ModelId;
  vectors: Vector[];
}

/** An input, and what the model says to it. */
export interface Vector {
  input: Uint8Array;
  output: Hex;
}

/** An account by its first name. */
export function account(name: string): KeyringPair {
  return devAccount(`//${name}`);
}

/** The network of this file of tests. */
let net: DevNet | undefined;
// Registered here, since a hook that is registered inside another one runs at once.
after(async () => net?.stop());

/** An empty network that ends with the file's tests, or with a signal. */
export async function network(name: string): Promise<DevNet> {
  const binary = process.env.PENSUM_NODE;
  assert.ok(binary, "PENSUM_NODE does not name the node's binary. Run scripts/e2e.");
  net = await DevNet.create({ binary, logs: join(LOGS, name) });
  net.endOnSignal();
  return net;
}

/** Registers a shipped model. */
export async function register(client: Client, name: "langid" | "digits"): Promise<Model> {
  const files = await readModel(join(MODELS, name));
  const { id } = await registerModel(client, account(PUBLISHER), files);
  const vectors = JSON.parse(await readFile(join(MODELS, name, "vectors.json"), "utf8")) as { input: Hex; output: Hex }[];
  return { ...files, id, vectors: vectors.map(({ input, output }) => ({ input: Buffer.from(input.slice(2), "hex"), output })) };
}

/** An offer at a flat price. */
export function offer(price: bigint, capacity = 64): Offer {
  return { base: price, perByte: 0n, minReward: price, capacity };
}

/** Makes an account a solver for some models, at a flat price. */
export async function joins(client: Client, name: string, operator: string, models: Model[], price: bigint): Promise<void> {
  const offers = models.map(({ id }) => [id, offer(price)] as const);
  await joinMarket(client, account(name), devAccount(operator), BOND, offers);
}

/** Gives a node further operator keys, so that one node works for several solvers. */
export async function operates(client: Client, ...operators: string[]): Promise<void> {
  for (const operator of operators) {
    await client.send("author_insertKey", ["oper", operator, u8aToHex(devAccount(operator).publicKey)]);
  }
}

/** Gives money to accounts that the chain does not start with. */
export async function funds(client: Client, ...names: string[]): Promise<void> {
  const gifts = names.map((name) => client.call("balances", "transferKeepAlive")(account(name).address, 10_000n * PEN));
  await send(client.api, account(SUDO), client.call("utility", "batchAll")(gifts));
}

/** Waits for an event of a block from `from` on, and returns it. */
export async function awaits(
  client: Client,
  from: number,
  [section, method]: [section: string, method: string],
  fits: (event: EventRecord["event"]) => boolean = () => true,
  blocks = 80,
): Promise<EventRecord["event"]> {
  for (let block = from; block < from + blocks; block += 1) {
    while ((await client.api.rpc.chain.getHeader()).number.toNumber() < block) await sleep(200);
    const found = eventsOf(await eventsAt(client, block), section, method).find(fits);
    if (found) return found;
  }
  throw new assert.AssertionError({ message: `No ${section}.${method} in ${blocks} blocks from ${from} on` });
}

/** Usual terms, with some of them changed. */
export async function terms(client: Client, { id }: Model, changes: Partial<Terms> = {}): Promise<Terms> {
  return { model: id, maxReward: 100n * MICRO, deadline: await blocksFromNow(client, 60), ...changes };
}

/** Signs, sends, and waits until it is in a block. */
export async function sends(client: Client, name: string, pallet: string, call: string, ...args: unknown[]): Promise<Included> {
  return send(client.api, account(name), client.call(pallet, call)(...args));
}

/** Expects the refusal of this name, with its fact and its remedy. */
export async function refuses(work: Promise<unknown>, section: string, code: string, remedy: RegExp = /./): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof ChainError, `expected ${section}.${code}, got ${String(error)}`);
    assert.equal(`${error.section}.${error.code}`, `${section}.${code}`, error.message);
    assert.match(error.fact, /\w+ .*\.$/, `${code} tells no fact`);
    assert.match(error.remedy, remedy, `${code} gives another remedy: ${error.remedy}`);
    return true;
  });
}

/** What an account has: what it can spend and what is held. */
export async function balance({ api }: Client, name: string): Promise<{ free: bigint; held: bigint }> {
  const found = await api.query.system!.account!(account(name).address);
  const { free, reserved } = (found as unknown as { data: { free: { toBigInt(): bigint }; reserved: { toBigInt(): bigint } } }).data;
  return { free: free.toBigInt(), held: reserved.toBigInt() };
}

/** The events of a block. */
export async function eventsAt({ api }: Client, block: number): Promise<EventRecord["event"][]> {
  const at = await api.at(await api.rpc.chain.getBlockHash(block));
  const records = (await at.query.system!.events!()) as unknown as EventRecord[];
  return records.map(({ event }) => event);
}
