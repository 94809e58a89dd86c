/** What a solver's operator key signs. The node does this by itself; it is here for tools and tests. */
import type { ApiPromise } from "@polkadot/api";
import type { KeyringPair } from "@polkadot/keyring/types";
import { hexToU8a, stringToU8a, u8aConcat } from "@polkadot/util";
import type { Client } from "./connect.ts";
import { encode } from "./scale.ts";
import { variant } from "./terms.ts";
import { sendGeneral } from "./transaction.ts";
import type { BatchId, Digest, Hex, TaskId } from "./units.ts";

/** One answer to one task. */
export interface Answer {
  task: TaskId;
  output: Hex;
  /** The input's bytes, where the task names its input by digest and the chain runs the model itself. */
  blob?: Hex;
  /** The digest of every node's output, where the answer can be challenged. */
  trace?: Digest[];
}

/** Why a solver cannot answer. */
export type Unable = "model_missing" | "blob_missing" | "engine_failed" | "input_refused";

/** What the key signs to show that its holder works for `stash`. */
export function ownershipPayload(genesis: Digest, stash: Uint8Array): Uint8Array {
  return u8aConcat(stringToU8a("pensum/operator"), hexToU8a(genesis), stash);
}

/** What the key signs to answer. */
export function answerPayload(genesis: Digest, operator: Uint8Array, answers: Answer[]): Uint8Array {
  return u8aConcat(stringToU8a("pensum/answer"), hexToU8a(genesis), operator, encode("Vec<PensumAnswer>", answers));
}

/** What the key signs to decline a batch. */
export function declinePayload(genesis: Digest, operator: Uint8Array, batch: BatchId, reason: Unable): Uint8Array {
  const content = u8aConcat(encode("u64", batch), encode("PensumUnable", variant(reason)));
  return u8aConcat(stringToU8a("pensum/decline"), hexToU8a(genesis), operator, content);
}

/** What an operator signs: a tag, the chain, the key, and what it is about. */
export function signedPayload({ api }: Client, tag: string, operator: KeyringPair, content: Uint8Array): Uint8Array {
  return u8aConcat(stringToU8a(tag), hexToU8a(api.genesisHash.toHex()), operator.publicKey, content);
}

/** Shows that the operator key's holder agrees to work for `stash`. */
export function proveOwnership(api: ApiPromise, operator: KeyringPair, stash: KeyringPair | { publicKey: Uint8Array }): Uint8Array {
  return operator.sign(ownershipPayload(api.genesisHash.toHex(), stash.publicKey));
}

/** Answers tasks; the pool refuses it unless every answer is due. */
export async function answer(client: Client, operator: KeyringPair, answers: Answer[]): Promise<Digest> {
  const signature = operator.sign(answerPayload(client.api.genesisHash.toHex(), operator.publicKey, answers));
  const sheet = answers.map(({ task, output, blob, trace }) => ({ task, output, blob: blob ?? null, trace: trace ?? null }));
  return sendGeneral(client, client.call("taskMarket", "answer")(operator.publicKey, sheet, signature));
}

/** Gives back everything that the key's solver holds of a batch. */
export async function decline(client: Client, operator: KeyringPair, batch: BatchId, reason: Unable): Promise<Digest> {
  const signature = operator.sign(declinePayload(client.api.genesisHash.toHex(), operator.publicKey, batch, reason));
  return sendGeneral(client, client.call("taskMarket", "decline")(operator.publicKey, batch, variant(reason), signature));
}
