/** The SCALE shapes that are needed without a chain: to name a manifest, to check a record, to sign as an operator. */
import { TypeRegistry } from "@polkadot/types";
import type { Codec } from "@polkadot/types/types";

/** As in the node's `primitives`; a field moved here is another digest there. */
export const SHAPES = {
  PensumTextLimit: { maxBytes: "u32" },
  PensumTensorLength: { len: "u32" },
  PensumLabels: { labels: "Vec<Bytes>" },
  PensumWindow: { window: "u32" },
  PensumKind: { _enum: ["Graph"] },
  PensumInputSchema: { _enum: { Text: "PensumTextLimit", Tensor: "PensumTensorLength" } },
  PensumOutputSchema: { _enum: { Label: "PensumLabels", Tensor: "PensumTensorLength" } },
  PensumTolerance: { ppm: "u32" },
  PensumPointer: { pointer: "Bytes" },
  PensumRule: { _enum: { Exact: "Null", Numeric: "PensumTolerance", JsonField: "PensumPointer", Label: "Null" } },
  PensumQuorum: { solvers: "u8", threshold: "u8", rule: "PensumRule" },
  PensumVerification: { _enum: { Replay: "PensumWindow", Quorum: "PensumQuorum", Requester: "PensumWindow" } },
  PensumDataSet: { name: "Bytes", digest: "Option<H256>", licence: "Bytes" },
  PensumManifest: {
    name: "Bytes",
    version: "Bytes",
    kind: "PensumKind",
    weights: "H256",
    nodes: "Vec<H256>",
    input: "PensumInputSchema",
    output: "PensumOutputSchema",
    licence: "Bytes",
    previous: "Option<H256>",
    parents: "Vec<H256>",
    dataSets: "Vec<PensumDataSet>",
    publisher: "AccountId32",
    royalty: "u32",
  },
  PensumReason: { _enum: ["Cancelled", "DeadlinePassed", "NobodyLeft", "InputUnreadable", "ModelGone", "NoBids", "NoQuorum", "Rejected", "ModelBroken"] },
  PensumOutcome: { _enum: { Answered: "Null", Refunded: "PensumReason" } },
  PensumRecord: {
    task: "u64",
    model: "H256",
    requester: "AccountId32",
    input: "H256",
    output: "H256",
    solvers: "Vec<AccountId32>",
    verification: "PensumVerification",
    evidence: "H256",
    upstream: "Vec<u64>",
    outcome: "PensumOutcome",
    price: "u128",
    asset: "Option<u32>",
    postedAt: "u32",
    block: "u32",
  },
  PensumAnswer: { task: "u64", output: "Bytes", blob: "Option<Bytes>", trace: "Option<Vec<H256>>" },
  PensumUnable: { _enum: ["ModelMissing", "BlobMissing", "EngineFailed", "InputRefused"] },
};

const registry = new TypeRegistry();
registry.register(SHAPES);

/** Encodes a value of a shape above, or of a basic type. Bytes are given as hex: a `Uint8Array` would count as encoded already. */
export function encode(type: keyof typeof SHAPES | "Vec<PensumAnswer>" | "Vec<Option<Bytes>>" | "u8" | "u32" | "u64" | "u128", value: unknown): Uint8Array {
  return registry.createType<Codec>(type, value).toU8a();
}
