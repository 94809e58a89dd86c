/** What a relayer brings beside a message: metadata of both multisig security modules. */
import type { Hex } from "viem";
import { bytes } from "./bytes.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** Which multisig module, in Hyperlane's numbers. */
export const ModuleType = { merkleRoot: 4, messageId: 5 } as const;
/** A kind of multisig module. */
export type ModuleKind = keyof typeof ModuleType;

/** For a module that wants the checkpoint of the message itself. Signatures in the order of the module's validators. */
export function messageIdMetadata({ hook, root, index }: Checkpoint, signatures: Hex[]): Hex {
  return bytes(hook, root, { u32: index }, ...signatures);
}

/** For a module that takes any later checkpoint and a proof: of the leaf at `leafIndex`, in the tree of the checkpoint. */
export function merkleRootMetadata(
  { hook, index, messageId }: Checkpoint,
  leafIndex: number,
  proof: Hex[],
  signatures: Hex[],
): Hex {
  return bytes(hook, { u32: leafIndex }, messageId, ...proof, { u32: index }, ...signatures);
}

/** What standard hooks are told. */
export interface HookMetadata {
  /** What they may spend. */
  value?: bigint;
  /** The gas limit of the handler. */
  gasLimit?: bigint;
  /** Who gets the change. */
  refundTo: Hex;
}

/** Metadata of standard hooks. */
export function hookMetadata({ value = 0n, gasLimit = 50_000n, refundTo }: HookMetadata): Hex {
  return bytes({ u16: 1 }, { u256: value }, { u256: gasLimit }, refundTo);
}
