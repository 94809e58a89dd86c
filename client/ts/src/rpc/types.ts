/** What the node's RPC gives back, field for field. Amounts travel as decimal strings, because a number loses digits beyond 2⁵³. */
import type { Address, BatchId, Digest, Hex, ModelId, TaskId } from "../units.ts";

/** Why a task was refunded. */
export type Reason = "cancelled" | "deadline_passed" | "nobody_left" | "input_unreadable" | "model_gone";
/** How a task ended. */
export type Outcome = "answered" | { refunded: Reason };
/** How an answer is verified. */
export interface Verification {
  replay: { window: number };
}

/** An open task. */
export interface OpenTask {
  task: TaskId;
  batch: BatchId;
  model: ModelId;
  requester: Address;
  state: "assigned";
  solver: Address | null;
  price: string;
  max_reward: string;
  input: Digest;
  verification: Verification;
  posted_at: number;
  answer_by: number;
  deadline: number;
  failed_solvers: number;
  next: string;
}

/** A task that has ended. */
export interface EndedTask {
  task: TaskId;
  batch: BatchId;
  model: ModelId;
  requester: Address;
  state: "ended";
  outcome: Outcome;
  solver: Address | null;
  price: string;
  input: Digest;
  output: Hex;
  verification: Verification;
  posted_at: number;
  block: number;
  block_hash: Digest;
  finalized: boolean;
  next: string;
}

/** Where a task stands. */
export type TaskStatus = OpenTask | EndedTask;

/** What a model reads. */
export type InputSchema = { text: { max_bytes: number } } | { tensor: { len: number } };

/** A model. */
export interface ModelView {
  id: ModelId;
  name: string;
  version: string;
  kind: "graph";
  state: { active: { from: number } } | "flagged" | { retired: { at: number } };
  weights: Digest;
  on_chain: boolean;
  input: InputSchema;
  output_len: number;
  labels: string[];
  cost: number;
  licence: string;
  previous: ModelId | null;
  parents: ModelId[];
  data_sets: [name: string, licence: string][];
  publisher: Address;
  royalty_ppm: number;
}

/** A solver's standing price for a model. */
export interface OfferTerms {
  base: string;
  per_byte: string;
  min_reward: string;
  capacity: number;
}

/** A standing offer, and who made it. */
export interface OfferView extends OfferTerms {
  solver: Address;
}

/** What a solver did wrong. */
export type Fault = "timed_out" | "wrong";

/** A solver. */
export interface SolverStatus {
  stash: Address;
  operator: Address;
  bonded: string;
  locked: string;
  at_risk: string;
  free: string;
  unbonding: [amount: string, from: number][];
  in_flight: number;
  reputation: number;
  jailed_until: number | null;
  offers: [model: ModelId, offer: OfferTerms][];
  pending_slashes: [id: number, amount: string, fault: Fault, at: number][];
}

/** The permanent entry of a task that has ended. */
export interface Record {
  task: TaskId;
  model: ModelId;
  requester: Address;
  input: Digest;
  output: Digest;
  solvers: Address[];
  verification: Verification;
  evidence: Digest;
  upstream: TaskId[];
  outcome: Outcome;
  price: string;
  posted_at: number;
  block: number;
}

/** A record with everything that proves it. */
export interface RecordView {
  record: Record;
  output: Hex;
  block: number;
  block_hash: Digest;
  finalized: boolean;
  root: Digest;
  leaf: Digest;
  leaf_index: number;
  leaf_count: number;
  proof: Digest[];
}

/** A model on the way up or down. */
export interface RelatedModel {
  id: ModelId;
  name: string;
  version: string;
  state: ModelView["state"];
  licence: string;
  publisher: Address;
  parents: ModelId[];
  previous: ModelId | null;
  data_sets: [name: string, licence: string][];
  depth: number;
}

/** Whether something upstream is flagged. */
interface Taint {
  tainted: boolean;
  tainted_by: ModelId[];
  truncated: boolean;
}

/** Where a model comes from. */
export interface ModelLineage extends Taint {
  model: ModelId;
  upstream: RelatedModel[];
  unknown: ModelId[];
}

/** Where a task's answer comes from. */
export interface TaskLineage extends Taint {
  task: TaskId;
  input: Digest;
  tasks: { task: TaskId; model: ModelId | null; depth: number }[];
  models: RelatedModel[];
}

/** What was made from a model, and a page of the tasks it answered. */
export interface Impact {
  model: ModelId;
  downstream: (RelatedModel & { tasks: number })[];
  total_tasks: number;
  tasks: TaskId[];
  next: number | null;
  truncated: boolean;
}

/** Where an event happened. */
interface At {
  block: number;
  block_hash: Digest;
}

/** What happened to a task, as `task_subscribe` tells it. */
export type TaskEvent = At &
  (
    | { kind: "posted"; first: TaskId; tasks: number; requester: Address; solver: Address }
    | { kind: "handed_over"; batch: BatchId; from: Address; to: Address }
    | { kind: "answered"; task: TaskId; solver: Address; output: Hex; price: string }
    | { kind: "refunded"; task: TaskId; reason: Reason }
    | { kind: "answer_pooled"; tasks: TaskId[]; ms_since_import: number | null }
    | { kind: "finalized" }
    | { kind: "retracted" }
    | { kind: "missed"; events: number }
  );
