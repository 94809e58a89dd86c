/** Sitting on a panel by hand. A solver's node does this by itself; it is here for tools and tests. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { hexToU8a, stringToU8a, u8aConcat, u8aToHex } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import type { Client } from "./connect.ts";
import { signedPayload, type Unable } from "./operator.ts";
import { encode } from "./scale.ts";
import { variant } from "./terms.ts";
import { sendGeneral } from "./transaction.ts";
import type { BatchId, Digest, Hex } from "./units.ts";

/** A member's answer to each task, in order of place; none where it has none. A juror's answer is one byte: 1, it stands; 0, not. */
export type Ballot = (Hex | null)[];

/** A seat on a panel. */
export interface Seat {
  batch: BatchId;
  /** The round, named by the block of its draw. */
  round: number;
  /** The key that signs, and the public key of the solver's stash. */
  operator: KeyringPair;
  stash: Uint8Array;
}

/** What a member commits to: bound to batch, round and member. */
export function commitmentTo({ batch, round, stash }: Seat, ballot: Ballot, salt: Hex): Digest {
  const content = u8aConcat(encode("u64", batch), encode("u32", round), stash, encode("Vec<Option<Bytes>>", ballot), hexToU8a(salt));
  return u8aToHex(blake2AsU8a(u8aConcat(stringToU8a("pensum/ballot"), content)));
}

/** Commits; the pool refuses it unless the panel commits now and the solver has a seat. */
export async function commit(client: Client, { batch, round, operator }: Seat, commitment: Digest): Promise<Digest> {
  const content = u8aConcat(encode("u64", batch), encode("u32", round), hexToU8a(commitment));
  const signature = operator.sign(signedPayload(client, "pensum/commit", operator, content));
  return sendGeneral(client, client.call("panel", "commit")(operator.publicKey, batch, round, commitment, signature));
}

/** Reveals; the pool refuses it unless the panel reveals now and this is what the solver committed to. */
export async function reveal(client: Client, { batch, round, operator }: Seat, ballot: Ballot, salt: Hex): Promise<Digest> {
  const votes = encode("Vec<Option<Bytes>>", ballot);
  const content = u8aConcat(encode("u64", batch), encode("u32", round), votes, hexToU8a(salt));
  const signature = operator.sign(signedPayload(client, "pensum/reveal", operator, content));
  return sendGeneral(client, client.call("panel", "reveal")(operator.publicKey, batch, round, ballot, salt, signature));
}

/** Leaves a panel before committing; it costs no stake. */
export async function excuse(client: Client, { batch, round, operator }: Seat, reason: Unable): Promise<Digest> {
  const content = u8aConcat(encode("u64", batch), encode("u32", round), encode("PensumUnable", variant(reason)));
  const signature = operator.sign(signedPayload(client, "pensum/excuse", operator, content));
  return sendGeneral(client, client.call("panel", "excuse")(operator.publicKey, batch, round, variant(reason), signature));
}
