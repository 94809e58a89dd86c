/** The project's RPC methods as typed functions. What they refuse is a `ChainError` of section `rpc`. */
import type { Address, AssetId, Digest, Hex, ModelId, TaskId } from "../units.ts";
import type {
  BridgeInfo,
  CheckpointKey,
  CheckpointView,
  DispatchedMessage,
  IsmView,
  LeafProof,
  RemoteAccount,
  RequestView,
  ResultProof,
} from "./bridge.ts";
import type {
  AssetView,
  ClaimView,
  DelegationView,
  Impact,
  ModelLineage,
  ModelView,
  OfferView,
  OpenTask,
  RecordView,
  SolverStatus,
  TaskLineage,
  TaskStatus,
  TracedClaim,
  WorkflowView,
} from "./types.ts";

/** Sends one request. */
export type Send = <T>(method: string, params: unknown[]) => Promise<T>;

/** The project's RPC methods. Lists have at most 256 items and go on after the item that `after` names. */
export interface ProjectRpc {
  /** Where a task stands: open, or ended with outcome and answer. */
  taskStatus(task: TaskId): Promise<TaskStatus>;
  /** Open tasks. */
  taskOpen(page?: { model?: ModelId; after?: TaskId; limit?: number }): Promise<OpenTask[]>;
  /** The answer to a task whose window is open, with its trace. */
  taskClaim(task: TaskId): Promise<TracedClaim>;
  /** Answers whose window is open, without traces. */
  taskClaims(page?: { after?: TaskId; limit?: number }): Promise<ClaimView[]>;
  /** A model. */
  modelInfo(model: ModelId): Promise<ModelView>;
  /** What a model says to an input, run by the node's runtime: a free dry run, recorded nowhere. */
  modelRun(model: ModelId, input: Hex): Promise<Hex>;
  /** Models. */
  modelList(page?: { after?: ModelId; limit?: number }): Promise<ModelView[]>;
  /** A solver, by its stash. */
  solverStatus(stash: Address): Promise<SolverStatus>;
  /** The standing offers for a model, cheapest first. */
  solverOffers(model: ModelId): Promise<OfferView[]>;
  /** What an account has delegated to a solver. */
  solverDelegation(stash: Address, delegator: Address): Promise<DelegationView>;
  /** The listed assets. */
  assetsListed(): Promise<AssetView[]>;
  /** What so many smallest units of an asset are worth in the smallest unit of PEN, as posting would take it now. */
  assetsWorth(asset: AssetId, amount: bigint): Promise<bigint>;
  /** A workflow that has not ended. */
  workflowStatus(id: number): Promise<WorkflowView>;
  /** The workflows of an account that have not ended. */
  workflowList(requester: Address, page?: { limit?: number }): Promise<WorkflowView[]>;
  /** The record of a task that has ended, with its proof. `readRecord` checks it too. */
  recordGet(task: TaskId): Promise<RecordView>;
  /** What went into a task's answer. */
  lineageTask(task: TaskId): Promise<TaskLineage>;
  /** What a model was made from. */
  lineageModel(model: ModelId): Promise<ModelLineage>;
  /** What was made from a model, and the tasks it answered from place `after` on. */
  lineageImpact(model: ModelId, page?: { after?: number; limit?: number }): Promise<Impact>;
  /** This chain's end of the bridge. This and all below read the last final block, or the one that `at` names. */
  bridgeInfo(at?: Digest): Promise<BridgeInfo>;
  /** Final messages from leaf `first` on. */
  bridgeMessages(first: number, limit?: number): Promise<DispatchedMessage[]>;
  /** The checkpoint at a leaf, with the signatures that the state still has; null where there is no such leaf yet. */
  bridgeCheckpoint(index: number, at?: Digest): Promise<CheckpointView | null>;
  /** The proof of `leaf` in the tree of `index + 1` leaves. */
  bridgeProof(leaf: number, index: number): Promise<LeafProof | null>;
  /** The keys with which this chain's validators sign checkpoints. */
  bridgeValidators(at?: Digest): Promise<CheckpointKey[]>;
  /** The block in which a message from elsewhere was processed; null if it was not. */
  bridgeDelivered(message: Digest, at?: Digest): Promise<number | null>;
  /** Whom messages from a domain are believed. */
  bridgeIsm(domain: number, at?: Digest): Promise<IsmView | null>;
  /** Where each of these validators says that its checkpoints can be read. */
  bridgeAnnounced(validators: Hex[], at?: Digest): Promise<string[][]>;
  /** What delivering with that much gas costs, in the smallest unit of PEN; null where nobody quotes. */
  bridgeGasQuote(domain: number, gas: bigint, at?: Digest): Promise<bigint | null>;
  /** The account here of an address, 32 bytes, on another chain. */
  bridgeRemoteAccount(domain: number, address: Digest): Promise<RemoteAccount>;
  /** Where an intent stands, by the id of the message that brought it. */
  bridgeRequest(message: Digest, at?: Digest): Promise<RequestView | null>;
  /** A result that was sent in a batch, and its proof, by the id of the message that brought the intent. */
  bridgeResultProof(message: Digest, at?: Digest): Promise<ResultProof | null>;
  /** Proves whose a checkpoint key is, for a report. */
  bridgeKeyProof(key: Hex, at?: Digest): Promise<Hex | null>;
}

/** The methods over a way to send requests. */
export function projectRpc(send: Send): ProjectRpc {
  return {
    taskStatus: (task) => send("task_status", [task]),
    taskOpen: ({ model, after, limit } = {}) => send("task_open", [model ?? null, after ?? null, limit ?? null]),
    taskClaim: (task) => send("task_claim", [task]),
    taskClaims: ({ after, limit } = {}) => send("task_claims", [after ?? null, limit ?? null]),
    modelInfo: (model) => send("model_info", [model]),
    modelRun: (model, input) => send("model_run", [model, input]),
    modelList: ({ after, limit } = {}) => send("model_list", [after ?? null, limit ?? null]),
    solverStatus: (stash) => send("solver_status", [stash]),
    solverOffers: (model) => send("solver_offers", [model]),
    solverDelegation: (stash, delegator) => send("solver_delegation", [stash, delegator]),
    assetsListed: () => send("assets_listed", []),
    assetsWorth: async (asset, amount) => BigInt(await send<string>("assets_worth", [asset, `${amount}`])),
    workflowStatus: (id) => send("workflow_status", [id]),
    workflowList: (requester, { limit } = {}) => send("workflow_list", [requester, limit ?? null]),
    recordGet: (task) => send("record_get", [task]),
    lineageTask: (task) => send("lineage_task", [task]),
    lineageModel: (model) => send("lineage_model", [model]),
    lineageImpact: (model, { after, limit } = {}) => send("lineage_impact", [model, after ?? null, limit ?? null]),
    bridgeInfo: (at) => send("bridge_info", [at ?? null]),
    bridgeMessages: (first, limit) => send("bridge_messages", [first, limit ?? null]),
    bridgeCheckpoint: (index, at) => send("bridge_checkpoint", [index, at ?? null]),
    bridgeProof: (leaf, index) => send("bridge_proof", [leaf, index]),
    bridgeValidators: (at) => send("bridge_validators", [at ?? null]),
    bridgeDelivered: (message, at) => send("bridge_delivered", [message, at ?? null]),
    bridgeIsm: (domain, at) => send("bridge_ism", [domain, at ?? null]),
    bridgeAnnounced: (validators, at) => send("bridge_announced", [validators, at ?? null]),
    bridgeGasQuote: async (domain, gas, at) => {
      const amount = await send<string | null>("bridge_gasQuote", [domain, Number(gas), at ?? null]);
      return amount === null ? null : BigInt(amount);
    },
    bridgeRemoteAccount: (domain, address) => send("bridge_remoteAccount", [domain, address]),
    bridgeRequest: (message, at) => send("bridge_request", [message, at ?? null]),
    bridgeResultProof: (message, at) => send("bridge_resultProof", [message, at ?? null]),
    bridgeKeyProof: (key, at) => send("bridge_keyProof", [key, at ?? null]),
  };
}
