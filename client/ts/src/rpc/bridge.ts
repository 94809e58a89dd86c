/** What the `bridge_*` methods give back, field for field. Messages, addresses and digests are `0x` hex. */
import type { Address, Digest, Hex, TaskId } from "../units.ts";

/** This chain's end of the bridge. */
export interface BridgeInfo {
  /** The number by which other chains know this one. */
  domain: number;
  mailbox: Digest;
  merkle_tree_hook: Digest;
  gas_paymaster: Digest;
  tasks: Digest;
  /** Messages dispatched so far. */
  count: number;
  /** The tree's root after them. */
  root: Digest;
  outbound_paused: boolean;
  inbound_paused: boolean;
  /** The block at which all this was read. */
  block: { number: number; hash: Digest };
}

/** A message that this chain has dispatched. */
export interface DispatchedMessage {
  /** Its leaf in the tree. */
  index: number;
  id: Digest;
  /** The tree's root right after it. */
  root: Digest;
  block: number;
  /** Its bytes, of which `id` is the keccak-256. */
  message: Hex;
}

/** A validator's signature of a checkpoint. */
export interface CheckpointSignature {
  /** The validator's EVM address. */
  validator: Hex;
  /** `r ‖ s ‖ v`. */
  signature: Hex;
}

/** The tree right after one of its leaves, and who has signed it. */
export interface CheckpointView {
  index: number;
  root: Digest;
  message_id: Digest;
  signatures: CheckpointSignature[];
}

/** The proof that a leaf is in the tree of `index + 1` leaves. */
export interface LeafProof {
  root: Digest;
  /** 32 siblings, from the leaf up. */
  proof: Digest[];
}

/** A validator's key for checkpoints. */
export interface CheckpointKey {
  /** Compressed, 33 bytes. */
  public: Hex;
  /** By which contracts know it. */
  address: Hex;
}

/** Whom messages from a domain are believed. */
export interface IsmView {
  /** 4 Merkle root, 5 message id. */
  module_type: number;
  validators: Hex[];
  threshold: number;
  /** What takes its place, and from which block on. */
  pending: { block: number; validators: Hex[]; threshold: number } | null;
}

/** The account of somebody on another chain. */
export interface RemoteAccount {
  account: Address;
  id: Digest;
}

/** Where an intent from another chain stands. */
export type RequestView = { state: "open"; task: TaskId } | { state: "ended" } | { state: "sent"; message: Digest };

/** A result that was sent in a batch, and the proof that it belongs to it. */
export interface ResultProof {
  batch: number;
  domain: number;
  root: Digest;
  /** The ABI-encoded result, of which keccak-256 is the leaf. */
  result: Hex;
  index: number;
  leaves: number;
  proof: Digest[];
}
