/** Session keys: made inside a node, registered from the account that validates. */
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "../connect.ts";
import { send, type Included, type Transaction } from "../transaction.ts";
import type { Address, Hex } from "../units.ts";
import { u8aToHex } from "@polkadot/util";

/** Public session keys, one after the other, and the proof that their holder agrees to sign for an account. */
export interface NewKeys {
  keys: Hex;
  proof: Hex;
}

/** The session keys by what they are for. */
export interface SessionKeys {
  /** Votes for finality. */
  grandpa: Hex;
  /** Makes blocks. */
  babe: Hex;
  /** Names the node's addresses to other validators. */
  authorityDiscovery: Hex;
  /** Signs checkpoints of messages to other chains. */
  hyperlane: Hex;
}

/** Bytes of each session key, in the order in which they stand. */
const LENGTHS = { grandpa: 32, babe: 32, authorityDiscovery: 32, hyperlane: 33 } as const;

/** Makes new session keys in the node's keystore, for an account. The old ones stay there. Only a node's own machine may ask for it. */
export async function rotateKeys(client: Client, account: { publicKey: Uint8Array }): Promise<NewKeys> {
  return client.send<NewKeys>("author_rotateKeysWithOwner", [u8aToHex(account.publicKey)]);
}

/** The call that registers session keys for the signer. */
export function settingKeys(client: Client, { keys, proof }: NewKeys): Transaction {
  return client.call("session", "setKeys")(keys, proof);
}

/** Makes new session keys and registers them. They are at work two sessions later; until then the old ones are. */
export async function replaceKeys(client: Client, account: KeyringPair): Promise<NewKeys & { included: Included }> {
  const fresh = await rotateKeys(client, account);
  return { ...fresh, included: await send(client.api, account, settingKeys(client, fresh)) };
}

/** The session keys that an account has registered; undefined where it has none. */
export async function registeredKeys(client: Client, account: Address): Promise<Hex | undefined> {
  const found = (await client.api.query.session!.nextKeys!(account)) as unknown as { isSome: boolean; unwrap(): { toHex(): Hex } };
  return found.isSome ? found.unwrap().toHex() : undefined;
}

/** Whether the node's keystore holds all of these session keys. */
export async function holdsKeys(client: Client, keys: Hex): Promise<boolean> {
  return client.send<boolean>("author_hasSessionKeys", [keys]);
}

/** Takes session keys apart. */
export function splitKeys(keys: Hex): SessionKeys {
  const parts: Partial<SessionKeys> = {};
  let from = 2;
  for (const [name, length] of Object.entries(LENGTHS) as [keyof SessionKeys, number][]) {
    parts[name] = `0x${keys.slice(from, from + 2 * length)}`;
    from += 2 * length;
  }
  if (keys.length !== from) throw new Error(`These session keys have ${keys.length / 2 - 1} bytes instead of ${from / 2 - 1}. Update this client.`);
  return parts as SessionKeys;
}
