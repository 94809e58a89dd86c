/** What validators sign. */
import { bytesToHex, keccak256, serializeSignature, stringToHex, type Address, type Hex } from "viem";
import { sign } from "viem/accounts";
import { bytes } from "./bytes.ts";

/** What precedes everything that is signed. */
const PREFIX = stringToHex("\x19Ethereum Signed Message:\n32");

/** The tree right after one of its leaves. */
export interface Checkpoint {
  /** The domain of the tree. */
  origin: number;
  /** The Merkle tree hook that keeps it, as 32 bytes. */
  hook: Hex;
  root: Hex;
  index: number;
  /** The leaf at `index`. */
  messageId: Hex;
}

/** A validator's word where its checkpoints can be read. */
export interface Announcement {
  domain: number;
  /** The mailbox, as 32 bytes. */
  mailbox: Hex;
  location: string;
}

/** What a validator signs for a checkpoint. */
export function checkpointDigest({ origin, hook, root, index, messageId }: Checkpoint): Hex {
  return signed(bytes(domainHash(origin, hook, "HYPERLANE"), root, { u32: index }, messageId));
}

/** What a validator signs for an announcement. */
export function announcementDigest({ domain, mailbox, location }: Announcement): Hex {
  return signed(bytes(domainHash(domain, mailbox, "HYPERLANE_ANNOUNCEMENT"), stringToHex(location)));
}

/** Signs a digest: r, s and 27 or 28, as the contracts take it. */
export async function signDigest(digest: Hex, privateKey: Hex): Promise<Hex> {
  return serializeSignature(await sign({ hash: digest, privateKey }));
}

/** A key that signs checkpoints. */
export interface Validator {
  address: Address;
  privateKey: Hex;
}

/** The key of 32 times the same byte. For tests only. */
export function testKey(byte: number): Hex {
  return bytesToHex(new Uint8Array(32).fill(byte));
}

function domainHash(domain: number, address: Hex, what: string): Hex {
  return keccak256(bytes({ u32: domain }, address, stringToHex(what)));
}

function signed(content: Hex): Hex {
  return keccak256(bytes(PREFIX, keccak256(content)));
}
