/** What the node's RPC gives back, field for field. Amounts travel as decimal strings, because a number loses digits beyond 2⁵³. */
import type { Address, AssetId, BatchId, Digest, Hex, ModelId, TaskId } from "../units.ts";

/** Why a task was refunded. */
export type Reason = "cancelled" | "deadline_passed" | "nobody_left" | "input_unreadable" | "model_gone" | "no_bids" | "no_quorum" | "rejected" | "model_broken";
/** How a task ended. */
export type Outcome = "answered" | { refunded: Reason };
/** When two answers agree. */
export type Rule = "exact" | { numeric: { ppm: number } } | { json_field: { pointer: string } } | "label";
/** How an answer is verified. */
export type Verification =
  | { replay: { window: number } }
  | { quorum: { solvers: number; threshold: number; rule: Rule } }
  | { requester: { window: number } };
/** How a solver is chosen. */
export type Matching =
  | "book"
  | { dutch: { start: string; end: string; blocks: number } }
  | { sealed: { reserve: string; commit: number; reveal: number } };
/** Where a task that has not ended stands. */
export type OpenState = "auctioned" | "drawn" | "assigned" | "committing" | "revealing" | "claimed" | "appealed";

/** An open task. */
export interface OpenTask {
  task: TaskId;
  batch: BatchId;
  model: ModelId;
  requester: Address;
  state: OpenState;
  solver: Address | null;
  panel: Address[];
  /** In PEN. */
  price: string;
  /** In PEN. */
  max_reward: string;
  /** What is held for it, in units of `asset`. */
  escrow: string;
  asset: AssetId | null;
  input: Digest;
  matching: Matching;
  verification: Verification;
  claimed: Hex | null;
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
  /** In units of `asset`. */
  price: string;
  asset: AssetId | null;
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

/** An answer whose window is open. */
export interface ClaimView {
  task: TaskId;
  model: ModelId;
  weights: Digest;
  solver: Address;
  input: { inline: Hex } | { blob: { digest: Digest; len: number } };
  output: Hex;
  trace: Digest | null;
  claimed_at: number;
  until: number;
}

/** An answer whose window is open, with the digest of every node's output. */
export interface TracedClaim extends ClaimView {
  nodes: Digest[] | null;
}

/** Where a step of a workflow stands. */
export type StepState =
  | "waiting"
  | "ready"
  | { posted: TaskId }
  | { answered: TaskId }
  | { failed: StepFailure }
  | "skipped";

/** Why a step has no answer. */
export type StepFailure = { refunded: [TaskId, Reason] } | { upstream: number } | "not_posted" | "budget_spent" | "cancelled";

/** A workflow that has not ended. */
export interface WorkflowView {
  id: number;
  requester: Address;
  /** In units of `asset`. */
  budget: string;
  asset: AssetId | null;
  steps: StepState[];
}

/** What an account has delegated to a solver. */
export interface DelegationView {
  solver: Address;
  delegator: Address;
  staked: string;
  leaving: [amount: string, from: number][];
  rewards: [asset: AssetId | null, amount: string][];
}

/** A listed asset: what tasks can be paid with beside PEN. */
export interface AssetView {
  asset: AssetId;
  symbol: string;
  decimals: number;
  /** What one whole unit is worth, in the smallest unit of PEN; null while it has no rate that can be trusted. */
  worth: string | null;
  sampled_at: number;
  /** Whether offers in the stable unit count in it. */
  stable: boolean;
}

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

/** What the amounts of an offer count: 10⁻¹² of a PEN, or of a whole unit of the listed asset that governance named stable. */
export type Unit = "native" | "stable";

/** A solver's standing price for a model. */
export interface OfferTerms {
  base: string;
  per_byte: string;
  min_reward: string;
  capacity: number;
  unit: Unit;
}

/** A standing offer, and who made it. */
export interface OfferView extends OfferTerms {
  solver: Address;
}

/** What a solver did wrong. */
export type Fault = "timed_out" | "wrong" | "unrevealed" | "unopened" | "rejected" | "bid_withheld";

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
  /** Listed assets that it takes, beside PEN. */
  accepts: AssetId[];
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
  /** In units of `asset`. */
  price: string;
  asset: AssetId | null;
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
    | { kind: "opened"; first: TaskId; tasks: number; requester: Address }
    | { kind: "claimed"; task: TaskId; solver: Address; output: Hex; settles_at: number }
    | { kind: "posted"; first: TaskId; tasks: number; requester: Address; solver: Address }
    | { kind: "handed_over"; batch: BatchId; from: Address; to: Address }
    | { kind: "answered"; task: TaskId; solver: Address; output: Hex; price: string; asset: AssetId | null }
    | { kind: "refunded"; task: TaskId; reason: Reason }
    | { kind: "answer_pooled"; tasks: TaskId[]; ms_since_import: number | null }
    | { kind: "finalized" }
    | { kind: "retracted" }
    | { kind: "missed"; events: number }
  );
