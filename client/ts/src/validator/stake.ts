/** A validator's stake: joining the set and leaving it. */
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "../connect.ts";
import { send, type Included } from "../transaction.ts";
import type { Address } from "../units.ts";
import { rotateKeys, settingKeys, type NewKeys } from "./session.ts";

/** Parts of a billion in a percent. */
const PER_PERCENT = 10_000_000;

/** How to join. */
export interface Joining {
  /** What to bond, in the smallest unit of PEN. */
  bond: bigint;
  /** The share of nominators' rewards that the validator keeps, in percent. */
  commission?: number;
}

/** What an account has bonded. */
export interface Bonded {
  /** What counts. */
  active: bigint;
  /** What was unbonded, and the era from which it can be withdrawn. */
  unlocking: { value: bigint; era: number }[];
}

/** Makes session keys in the node that `client` is connected to, and bonds, registers and runs for election in one transaction. */
export async function joinSet(client: Client, account: KeyringPair, { bond, commission = 0 }: Joining): Promise<NewKeys & { included: Included }> {
  const fresh = await rotateKeys(client, account);
  const calls = [
    client.call("staking", "bond")(bond, "Staked"),
    client.call("staking", "validate")({ commission: Math.round(commission * PER_PERCENT), blocked: false }),
    settingKeys(client, fresh),
  ];
  return { ...fresh, included: await send(client.api, account, client.call("utility", "batchAll")(calls)) };
}

/** Stops running for election and unbonds everything. The node must go on until the account is in no set any more. */
export async function leaveSet(client: Client, account: KeyringPair): Promise<Included> {
  const { active } = await bondedOf(client, account.address);
  const calls = [client.call("staking", "chill")(), client.call("staking", "unbond")(active)];
  return send(client.api, account, client.call("utility", "batchAll")(calls));
}

/** Takes out what was unbonded long enough ago. */
export async function withdraw(client: Client, account: KeyringPair): Promise<Included> {
  return send(client.api, account, client.call("staking", "withdrawUnbonded")(0));
}

/** Takes the account's session keys off the chain, once it is in no set any more; their deposit comes back. */
export async function removeKeys(client: Client, account: KeyringPair): Promise<Included> {
  return send(client.api, account, client.call("session", "purgeKeys")());
}

/** What an account has bonded; nothing where it never did. */
export async function bondedOf({ api }: Client, account: Address): Promise<Bonded> {
  const found = (await api.query.staking!.ledger!(account)).toJSON() as {
    active: number | string;
    unlocking: { value: number | string; era: number }[];
  } | null;
  const unlocking = (found?.unlocking ?? []).map(({ value, era }) => ({ value: BigInt(value), era }));
  return { active: BigInt(found?.active ?? 0), unlocking };
}
