/** Becoming a solver and setting prices. */
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "./connect.ts";
import { proveOwnership } from "./operator.ts";
import { send, type Included, type SendOptions, type Transaction } from "./transaction.ts";
import type { Unit } from "./rpc/types.ts";
import type { AssetId, ModelId } from "./units.ts";

/** A standing price for a model. */
export interface Offer {
  /** Price of a task with an empty input. */
  base: bigint;
  /** Price that each byte of input adds. */
  perByte: bigint;
  /** Least price of a task. */
  minReward: bigint;
  /** Most tasks held at once. */
  capacity: number;
  /** What the amounts count: 10⁻¹² of a PEN by default, or of a whole unit of the stable asset. */
  unit?: Unit;
}

/** The call that makes the signer a solver whose node works with `operator`. */
export function joining(client: Client, stash: KeyringPair, operator: KeyringPair, bond: bigint): Transaction {
  const proof = proveOwnership(client.api, operator, stash);
  return client.call("solverStaking", "join")(operator.publicKey, proof, bond);
}

/** The call that sets a standing price. */
export function offering(client: Client, model: ModelId, offer: Offer): Transaction {
  const unit = offer.unit === "stable" ? "Stable" : "Native";
  return client.call("solverStaking", "setOffer")(model, { ...offer, unit });
}

/** Takes tasks that are paid in a listed asset too. PEN every solver takes. */
export async function acceptAsset(client: Client, stash: KeyringPair, asset: AssetId, options: SendOptions = {}): Promise<Included> {
  return send(client.api, stash, client.call("solverStaking", "acceptAsset")(asset), options);
}

/** Takes no new tasks that are paid in an asset. */
export async function refuseAsset(client: Client, stash: KeyringPair, asset: AssetId, options: SendOptions = {}): Promise<Included> {
  return send(client.api, stash, client.call("solverStaking", "refuseAsset")(asset), options);
}

/** Joins and offers in one transaction. */
export async function join(
  client: Client,
  stash: KeyringPair,
  operator: KeyringPair,
  bond: bigint,
  offers: Iterable<readonly [ModelId, Offer]> = [],
  options: SendOptions = {},
): Promise<Included> {
  const calls = [joining(client, stash, operator, bond), ...Array.from(offers, ([model, offer]) => offering(client, model, offer))];
  return send(client.api, stash, client.call("utility", "batchAll")(calls), options);
}
