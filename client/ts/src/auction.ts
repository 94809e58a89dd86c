/** Bidding by hand. A solver's node does this by itself; it is here for tools and tests. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { hexToU8a, stringToU8a, u8aConcat, u8aToHex } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import type { Client } from "./connect.ts";
import { signedPayload } from "./operator.ts";
import { encode } from "./scale.ts";
import { sendGeneral } from "./transaction.ts";
import type { BatchId, Digest, Hex } from "./units.ts";

/** A round of an auction, and who bids in it. */
export interface Bidder {
  batch: BatchId;
  round: number;
  /** The key that signs, and the public key of the solver's stash. */
  operator: KeyringPair;
  stash: Uint8Array;
}

/** Takes a batch from a Dutch auction, for no less than `floor` a task. */
export async function take(client: Client, operator: KeyringPair, batch: BatchId, floor: bigint): Promise<Digest> {
  const content = u8aConcat(encode("u64", batch), encode("u128", floor));
  const signature = operator.sign(signedPayload(client, "pensum/take", operator, content));
  return sendGeneral(client, client.call("auction", "take")(operator.publicKey, batch, floor, signature));
}

/** What a bidder commits to: bound to batch, round and bidder. */
export function bidCommitment({ batch, round, stash }: Bidder, price: bigint, salt: Hex): Digest {
  const content = u8aConcat(encode("u64", batch), encode("u8", round), stash, encode("u128", price), hexToU8a(salt));
  return u8aToHex(blake2AsU8a(u8aConcat(stringToU8a("pensum/bid"), content)));
}

/** Commits to a bid in a sealed auction. */
export async function bid(client: Client, { batch, round, operator }: Bidder, commitment: Digest): Promise<Digest> {
  const content = u8aConcat(encode("u64", batch), encode("u8", round), hexToU8a(commitment));
  const signature = operator.sign(signedPayload(client, "pensum/bid", operator, content));
  return sendGeneral(client, client.call("auction", "bid")(operator.publicKey, batch, round, commitment, signature));
}

/** Reveals a bid. */
export async function revealBid(client: Client, { batch, round, operator }: Bidder, price: bigint, salt: Hex): Promise<Digest> {
  const content = u8aConcat(encode("u64", batch), encode("u8", round), encode("u128", price), hexToU8a(salt));
  const signature = operator.sign(signedPayload(client, "pensum/reveal-bid", operator, content));
  return sendGeneral(client, client.call("auction", "revealBid")(operator.publicKey, batch, round, price, salt, signature));
}
