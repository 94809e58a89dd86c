/**
 * Accounts that send much, and their transactions, signed before anything is measured. Their keys are ed25519, which Node.js signs with a
 * hundred times faster than `polkadot-js` with sr25519; to the nodes both cost the same.
 */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import { blake2, devAccount, PEN, send, type Client, type Hex } from "../../client/ts/src/index.ts";
import { assemble, payload, type ChainFacts } from "./extrinsic.ts";

/** What each account is given. */
const GIFT = 20n * PEN;
/** Most gifts in one transaction. */
const GIFTS = 50;
/** What stands before the seed in PKCS #8. */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** An account that can sign. */
export interface Person {
  id: Uint8Array;
  key: KeyObject;
}

/** Accounts with a name in common, without money. */
export function poor(name: string, count: number): Person[] {
  return Array.from({ length: count }, (_, number) => {
    const key = createPrivateKey({ key: Buffer.concat([PKCS8, blake2(`bench/${name}/${number}`)]), format: "der", type: "pkcs8" });
    return { id: createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32), key };
  });
}

/** The same with money, from Alice. */
export async function rich(client: Client, name: string, count: number): Promise<Person[]> {
  const [all, giver] = [poor(name, count), devAccount("//Alice")];
  const nonce = (await client.api.rpc.system.accountNextIndex(giver.address)).toNumber();
  const gifts = all.map(({ id }) => client.call("balances", "transferKeepAlive")(id, GIFT));
  const batches = Array.from({ length: Math.ceil(gifts.length / GIFTS) }, (_, at) => gifts.slice(at * GIFTS, (at + 1) * GIFTS));
  await Promise.all(batches.map((batch, at) => send(client.api, giver, client.call("utility", "batchAll")(batch), { nonce: nonce + at })));
  return all;
}

/** Who signs what. */
export interface Plan {
  signers: Person[];
  /** The first nonce of all of them: accounts that are new have 0. */
  nonce?: number;
  /** How many transactions. */
  count: number;
  /** The calls, taken in turn. */
  calls: Uint8Array[];
}

/** Signs: first one transaction of each signer, then the second of each, and so on. */
export function presign(facts: ChainFacts, { signers, nonce: first = 0, count, calls }: Plan): Hex[] {
  return Array.from({ length: count }, (_, at) => {
    const { id, key } = signers[at % signers.length]!;
    const [nonce, call] = [first + Math.floor(at / signers.length), calls[at % calls.length]!];
    return assemble(id, sign(null, payload(facts, call, nonce), key), call, nonce);
  });
}
