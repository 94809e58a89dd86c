/** What is kept of a compiled contract. */
import type { Abi, Hex } from "viem";

/** A compiled contract. */
export interface Artifact {
  abi: Abi;
  /** What deploys it; `0x` for an abstract contract. */
  bytecode: Hex;
}

/** Compiled contracts by name. */
export type Artifacts = Record<string, Artifact>;
