/** Other chains: addresses and messages as Hyperlane has them, and what governance sets for each chain. */
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Null, Result } from "@polkadot/types";
import type { DispatchError } from "@polkadot/types/interfaces";
import { hexToU8a, stringToU8a, u8aConcat, u8aToHex } from "@polkadot/util";
import { keccakAsU8a } from "@polkadot/util-crypto";
import type { Client } from "./connect.ts";
import { dispatchError } from "./errors.ts";
import { eventsOf, field, send, type Included, type SendOptions, type Transaction } from "./transaction.ts";
import type { AssetId, Digest, Hex } from "./units.ts";

/** The address of one of this chain's modules: 12 zero bytes, then its name padded to the 20 of an EVM address. */
export function moduleAddress(name: string | Uint8Array): Digest {
  const bytes = new Uint8Array(32);
  bytes.set(typeof name === "string" ? stringToU8a(name) : name, 12);
  return u8aToHex(bytes);
}

/** The mailbox. */
export const MAILBOX = moduleAddress("pensum/mailbox");
/** The Merkle tree of dispatched messages. */
export const MERKLE_TREE_HOOK = moduleAddress("pensum/merkle-tree");
/** Takes payments for gas elsewhere. */
export const GAS_PAYMASTER = moduleAddress("pensum/gas-paymaster");
/** Takes intents and sends results. */
export const TASKS = moduleAddress("pensum/tasks");

/** The end of an asset's warp route on this chain. */
export function warpRoute(asset: AssetId): Digest {
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, BigInt(asset));
  return moduleAddress(u8aConcat(stringToU8a("pensum/warp/"), id));
}

/** An EVM address as messages carry it. */
export function fromEvm(address: Hex): Digest {
  const bytes = hexToU8a(address);
  if (bytes.length !== 20) throw new Error(`${address} has ${bytes.length} bytes and an EVM address has 20. Correct it.`);
  return u8aToHex(u8aConcat(new Uint8Array(12), bytes));
}

/** The EVM address that a message carries. */
export function toEvm(address: Digest): Hex {
  const bytes = hexToU8a(address);
  if (bytes.length !== 32 || bytes.subarray(0, 12).some((byte) => byte !== 0)) {
    throw new Error(`${address} is no EVM address: not 32 bytes, or its first 12 are not zero.`);
  }
  return u8aToHex(bytes.subarray(12));
}

/** The account on this chain of an address on another. */
export function remoteAccount(domain: number, address: Digest): Uint8Array {
  return keccakAsU8a(u8aConcat(stringToU8a("pensum/remote-account"), bigEndian(domain), hexToU8a(address)));
}

/** A message between chains. */
export interface Message {
  nonce: number;
  origin: number;
  sender: Digest;
  destination: number;
  recipient: Digest;
  body: Hex;
}

/** Hyperlane's version of messages. */
const VERSION = 3;
/** Bytes before a message's body. */
const PREFIX = 77;

/** A message from its bytes. */
export function readMessage(message: Hex): Message {
  const bytes = hexToU8a(message);
  if (bytes.length < PREFIX || bytes[0] !== VERSION) throw new Error(`${message} is no message of version ${VERSION}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const part = (from: number, to?: number): Hex => u8aToHex(bytes.subarray(from, to));
  return {
    nonce: view.getUint32(1),
    origin: view.getUint32(5),
    sender: part(9, 41),
    destination: view.getUint32(41),
    recipient: part(45, PREFIX),
    body: part(PREFIX),
  };
}

/** A message's id, which is also its leaf. */
export function messageId(message: Hex): Digest {
  return u8aToHex(keccakAsU8a(hexToU8a(message)));
}

/** A message in a block. */
export interface Dispatch extends Included {
  id: Digest;
}

/** Sends a message to another chain, from the signer's own 32 bytes. */
export async function dispatch(
  client: Client,
  signer: KeyringPair,
  to: { destination: number; recipient: Digest; body: Hex; gas?: bigint },
  options: SendOptions = {},
): Promise<Dispatch> {
  const call = client.call("hyperlane", "dispatch")(to.destination, to.recipient, to.body, to.gas ?? null);
  const included = await send(client.api, signer, call, options);
  const [event] = eventsOf(included.events, "hyperlane", "Dispatched");
  if (!event) throw new Error("The dispatch left no event. Look at its block in an explorer.");
  return { ...included, id: field(event, "id") as Digest };
}

/** Brings a message from another chain, as a relayer does. */
export async function processMessage(
  client: Client,
  signer: KeyringPair,
  metadata: Hex,
  message: Hex,
  options: SendOptions = {},
): Promise<Included> {
  return send(client.api, signer, client.call("hyperlane", "process")(metadata, message), options);
}

/** Whose signatures make a message believed. */
export interface Ism {
  kind: "MerkleRoot" | "MessageId";
  /** EVM addresses, each once, in the order in which their signatures come. */
  validators: Hex[];
  threshold: number;
}

/** Whose intents are taken. */
export type Policy = "Closed" | "Listed" | "Open";

/** What governance can set for another chain. Each makes a call for `bySudo`. */
export const governance = {
  /** Whom messages from a domain are believed; nobody without one. */
  ism: (client: Client, origin: number, ism: Ism | null): Transaction => client.call("hyperlane", "setIsm")(origin, ism),
  /** A chain that messages can be dispatched to. */
  destination: (client: Client, domain: number, kind: "Evm" | "Other" | null): Transaction =>
    client.call("hyperlane", "setDestination")(domain, kind),
  /** What delivering there costs. */
  gasOracle: (client: Client, domain: number, oracle: { gasPrice: bigint; exchangeRate: bigint; overhead: bigint } | null): Transaction =>
    client.call("hyperlane", "setGasOracle")(domain, oracle),
  /** Stops a direction, or lets it go on. */
  pause: (client: Client, direction: "Inbound" | "Outbound", paused: boolean): Transaction =>
    client.call("hyperlane", "pause")(direction, paused),
  /** Whose intents are taken. */
  policy: (client: Client, domain: number, policy: Policy): Transaction => client.call("taskBridge", "setPolicy")(domain, policy),
  /** Whether a sender is listed. */
  sender: (client: Client, domain: number, sender: Digest, allowed: boolean): Transaction =>
    client.call("taskBridge", "setSender")(domain, sender, allowed),
  /** Where an asset's warp route ends on another chain. */
  route: (client: Client, asset: AssetId, domain: number, router: Digest | null): Transaction =>
    client.call("taskBridge", "setRoute")(asset, domain, router),
  /** Which contract keeps the roots of batched results. */
  registry: (client: Client, domain: number, registry: Digest | null): Transaction =>
    client.call("taskBridge", "setRegistry")(domain, registry),
} as const;

/** Makes calls with the sudo key, all or none. Throws a `ChainError` where one of them failed. */
export async function bySudo(client: Client, sudo: KeyringPair, calls: Transaction[], options: SendOptions = {}): Promise<Included> {
  const call = calls.length === 1 ? calls[0] : client.call("utility", "batchAll")(calls);
  const included = await send(client.api, sudo, client.call("sudo", "sudo")(call), options);
  const [done] = eventsOf(included.events, "sudo", "Sudid");
  const result = done?.data[0] as unknown as Result<Null, DispatchError> | undefined;
  if (!result) throw new Error("The call left no event of sudo. Is this its key?");
  if (result.isErr) throw dispatchError(client.api, result.asErr);
  return included;
}

function bigEndian(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
