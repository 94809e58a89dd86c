/** What contracts and Pensum say to each other: `PensumAbi.sol` for TypeScript. */
import {
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  hexToNumber,
  keccak256,
  numberToHex,
  pad,
  parseAbiParameters,
  size,
  slice,
  stringToHex,
  zeroHash,
  type AbiParameterToPrimitiveType,
  type Hex,
} from "viem";
import { bytes } from "./hyperlane/bytes.ts";

/** A module of Pensum: its name in the last 20 of 32 bytes, padded by zeros behind. */
function module(name: string): Hex {
  return pad(pad(stringToHex(name), { size: 20, dir: "right" }));
}

/** Pensum's modules, by which messages name them. */
export const modules = {
  mailbox: module("pensum/mailbox"),
  merkleTreeHook: module("pensum/merkle-tree"),
  gasPaymaster: module("pensum/gas-paymaster"),
  tasks: module("pensum/tasks"),
};

/** The end on Pensum of an asset's warp route. */
export function warpRoute(asset: number): Hex {
  return concat([slice(module("pensum/warp/"), 0, 24), numberToHex(asset, { size: 8 })]);
}

/** The account on Pensum, as its 32 bytes, of somebody on another chain. */
export function remoteAccount(domain: number, sender: Hex): Hex {
  return keccak256(bytes(stringToHex("pensum/remote-account"), { u32: domain }, sender));
}

/** The `asset` that stands for PEN. */
export const PEN = 0xffff_ffff;
/** The `amount` of a withdrawal that stands for all there is. */
export const ALL = 2n ** 128n - 1n;

/** How a result comes. */
export const Delivery = { direct: 0, batched: 1 } as const;
/** How an intent ended. */
export const Outcome = { answered: 0, refunded: 1, refused: 2 } as const;
/** Why an intent never became a task. */
export const Refusal = {
  malformed: 0,
  notAccepted: 1,
  unknownAsset: 2,
  noRate: 3,
  cannotPay: 4,
  badTerms: 5,
  unknownModel: 6,
  noSolver: 7,
  noRegistry: 8,
} as const;

const parameters = {
  intent: parseAbiParameters([
    "Intent intent",
    "struct Intent { bytes32 model; bytes input; bytes32 blob; uint32 blobLength; uint32 asset; uint128 maxReward; uint32 deadline; Matching matching; Verification verification; uint32 minReputation; bool allowFlagged; uint8 delivery; uint64 callbackGas; bytes32 refundTo; }",
    "struct Matching { uint8 kind; uint128 start; uint128 end; uint32 blocks; uint32 reveal; }",
    "struct Verification { uint8 kind; uint32 window; uint8 solvers; uint8 threshold; uint8 rule; uint32 ppm; bytes pointer; }",
  ]),
  cancel: parseAbiParameters(["Cancel cancel", "struct Cancel { bytes32 request; }"]),
  accept: parseAbiParameters(["Accept accept", "struct Accept { bytes32 request; }"]),
  withdraw: parseAbiParameters(["Withdraw withdraw", "struct Withdraw { uint32 asset; uint128 amount; bytes32 to; }"]),
  result: parseAbiParameters([
    "Result result",
    "struct Result { bytes32 request; bytes32 sender; uint64 task; uint8 outcome; uint8 reason; bytes32 model; bytes32 inputDigest; bytes32 outputDigest; bytes output; uint8 verification; bytes32 evidence; uint32 asset; uint128 price; uint32 endedAt; bytes32 record; }",
  ]),
  root: parseAbiParameters(["Root root", "struct Root { uint64 batch; bytes32 root; uint32 leaves; }"]),
};
type Struct<Name extends keyof typeof parameters> = AbiParameterToPrimitiveType<(typeof parameters)[Name][0]>;

/** Asks for an answer. */
export type Intent = Struct<"intent">;
/** How the solver is chosen. */
export type Matching = Intent["matching"];
/** How the answer is verified. */
export type Verification = Intent["verification"];
/** Sends money of the remote account home. */
export type Withdraw = Struct<"withdraw">;
/** How an intent ended. */
export type Result = Struct<"result">;
/** The Merkle root of many results. */
export type Root = Struct<"root">;

/** A message to Pensum. */
export type ToTasks =
  | ({ kind: "intent" } & Intent)
  | { kind: "cancel"; request: Hex }
  | { kind: "accept"; request: Hex }
  | ({ kind: "withdraw" } & Withdraw);
/** A message from Pensum. */
export type FromTasks = ({ kind: "result" } & Result) | ({ kind: "root" } & Root);

/** Matched at once, against the standing offers. */
export const book: Matching = { kind: 0, start: 0n, end: 0n, blocks: 0, reveal: 0 };

/** Verified by the chain, which runs the model again; where `window` is not 0, only if somebody disputes within so many blocks. */
export function replay(window = 0): Verification {
  return { kind: 0, window, solvers: 0, threshold: 0, rule: 0, ppm: 0, pointer: "0x" };
}

/** An intent on the usual terms. */
export function intent(wanted: Pick<Intent, "model" | "input" | "maxReward" | "deadline"> & Partial<Intent>): Intent {
  return {
    blob: zeroHash,
    blobLength: 0,
    asset: PEN,
    matching: book,
    verification: replay(),
    minReputation: 0,
    allowFlagged: false,
    delivery: Delivery.direct,
    callbackGas: 100_000n,
    refundTo: zeroHash,
    ...wanted,
  };
}

/** The body of a message to Pensum. */
export function encodeToTasks(message: ToTasks): Hex {
  switch (message.kind) {
    case "intent":
      return concat(["0x01", encodeAbiParameters(parameters.intent, [message])]);
    case "cancel":
      return concat(["0x02", encodeAbiParameters(parameters.cancel, [message])]);
    case "accept":
      return concat(["0x03", encodeAbiParameters(parameters.accept, [message])]);
    case "withdraw":
      return concat(["0x04", encodeAbiParameters(parameters.withdraw, [message])]);
  }
}

/** Reads what `encodeToTasks` writes. */
export function decodeToTasks(body: Hex): ToTasks {
  const [kind, encoded] = parts(body);
  switch (kind) {
    case 1:
      return { kind: "intent", ...decodeAbiParameters(parameters.intent, encoded)[0] };
    case 2:
      return { kind: "cancel", ...decodeAbiParameters(parameters.cancel, encoded)[0] };
    case 3:
      return { kind: "accept", ...decodeAbiParameters(parameters.accept, encoded)[0] };
    case 4:
      return { kind: "withdraw", ...decodeAbiParameters(parameters.withdraw, encoded)[0] };
    default:
      throw new Error(`No message to Pensum is of kind ${kind}.`);
  }
}

/** The body of a message from Pensum. */
export function encodeFromTasks(message: FromTasks): Hex {
  switch (message.kind) {
    case "result":
      return concat(["0x01", encodeResult(message)]);
    case "root":
      return concat(["0x02", encodeAbiParameters(parameters.root, [message])]);
  }
}

/** Reads what `encodeFromTasks` writes. */
export function decodeFromTasks(body: Hex): FromTasks {
  const [kind, encoded] = parts(body);
  switch (kind) {
    case 1:
      return { kind: "result", ...decodeResult(encoded) };
    case 2:
      return { kind: "root", ...decodeAbiParameters(parameters.root, encoded)[0] };
    default:
      throw new Error(`No message from Pensum is of kind ${kind}.`);
  }
}

/** `abi.encode` of a result: the data of its leaf in a batch. */
export function encodeResult(result: Result): Hex {
  return encodeAbiParameters(parameters.result, [result]);
}

/** Reads what `encodeResult` writes. */
export function decodeResult(encoded: Hex): Result {
  return decodeAbiParameters(parameters.result, encoded)[0];
}

function parts(body: Hex): [kind: number, encoded: Hex] {
  if (size(body) < 2) throw new Error("A message has a kind and a struct. This one is shorter.");
  return [hexToNumber(slice(body, 0, 1)), slice(body, 1)];
}
