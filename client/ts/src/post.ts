/** Posting tasks. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { stringToU8a, u8aToHex } from "@polkadot/util";
import type { Client } from "./connect.ts";
import { ChainError } from "./errors.ts";
import type { Matching, Verification } from "./rpc/types.ts";
import { scaleMatching, scaleVerification } from "./terms.ts";
import { eventsOf, field, send, type Included, type SendOptions, type Transaction } from "./transaction.ts";
import { batchOf, MAX_BATCH, MAX_INLINE, taskOf, type Address, type AssetId, type BatchId, type Digest, type ModelId, type TaskId } from "./units.ts";

/** What the model shall read. */
export type Input =
  | { text: string }
  | { bytes: Uint8Array }
  /** Bytes in the solvers' content stores: their `sha2_256` and length. */
  | { blob: { sha256: Digest; len: number } };

/** The terms on which a batch is posted. */
export interface Terms {
  model: ModelId;
  /** Most that one task may cost, in the smallest unit of `asset`. */
  maxReward: bigint;
  /** The listed asset that pays, for the prepaid fee too; PEN by default. */
  asset?: AssetId | null;
  /** The last block in which an answer is of use. */
  deadline: number;
  /** How the solver is chosen: by the book unless said otherwise. */
  matching?: Matching;
  /** How the answer is verified: replayed at once unless said otherwise. */
  verification?: Verification;
  /** Least reputation of a solver, in parts per million; any by default. */
  minReputation?: number;
  /** Take the model even if it is flagged. */
  allowFlagged?: boolean;
}

/** The tasks of a post that one solver holds. */
export interface Part {
  first: TaskId;
  tasks: number;
  solver: Address;
  /** What all of them cost, in PEN. */
  price: bigint;
}

/** A post in a block. */
export interface Posted extends Included {
  batch: BatchId;
  /** The tasks, in the order of the inputs. */
  tasks: TaskId[];
  /** Who holds them. */
  parts: Part[];
  /** What answering and replaying was prepaid, in units of the asset that pays. */
  prepaid: bigint;
}

/** The call that posts a batch. */
export function posting(client: Client, terms: Terms, inputs: Input[]): Transaction {
  const { model, maxReward, asset = null, deadline, minReputation = 0, allowFlagged = false } = terms;
  const matching = scaleMatching(terms.matching ?? "book");
  const verification = scaleVerification(terms.verification ?? { replay: { window: 0 } });
  // Beyond these bounds a transaction cannot even be read, and the pool could give no better reason.
  if (inputs.length > MAX_BATCH) {
    throw new ChainError("client", "TooManyInputs", `There are ${inputs.length} inputs and a batch holds ${MAX_BATCH}.`, "Post several batches.");
  }
  return client.call("taskMarket", "post")(
    { model, maxReward, asset, deadline, matching, verification, minReputation, allowFlagged },
    inputs.map(scaleInput),
  );
}

/** Posts a batch and waits until it is in a block and assigned. */
export async function post(
  client: Client,
  requester: KeyringPair,
  terms: Terms,
  inputs: Input[],
  options: SendOptions = {},
): Promise<Posted> {
  const included = await send(client.api, requester, posting(client, terms, inputs), options);
  const parts = eventsOf(included.events, "taskMarket", "TasksPosted").map((event) => ({
    first: Number(field(event, "first")),
    tasks: Number(field(event, "tasks")),
    solver: field(event, "solver"),
    price: BigInt(field(event, "price")),
  }));
  const [first] = parts;
  if (!first) throw new Error("The post left no event. Look at its block in an explorer.");
  const batch = batchOf(first.first);
  const [prepaid] = eventsOf(included.events, "taskMarket", "AnswersPrepaid");
  return {
    ...included,
    batch,
    tasks: inputs.map((_, place) => taskOf(batch, place)),
    parts,
    prepaid: prepaid ? BigInt(field(prepaid, "fee")) : 0n,
  };
}

/** A deadline so many blocks after the best block. */
export async function blocksFromNow(client: Client, blocks: number): Promise<number> {
  return (await client.api.rpc.chain.getHeader()).number.toNumber() + blocks;
}

/** An input as a transaction carries it. */
export function scaleInput(input: Input): unknown {
  if ("blob" in input) return { Blob: { digest: input.blob.sha256, len: input.blob.len } };
  const bytes = "text" in input ? stringToU8a(input.text) : input.bytes;
  if (bytes.length > MAX_INLINE) {
    const fact = `An input has ${bytes.length} bytes and a transaction carries ${MAX_INLINE}.`;
    throw new ChainError("client", "InputTooLong", fact, "Shorten it, or cut it into several tasks.");
  }
  return { Inline: u8aToHex(bytes) };
}
