/** Messages between chains. */
import { hexToNumber, isHex, keccak256, pad, size, slice, type Address, type Hex } from "viem";
import { bytes } from "./bytes.ts";

/** The version of Hyperlane's messages. */
export const VERSION = 3;
/** Bytes before the body. */
const HEADER = 77;

/** A message. */
export interface Message {
  /** The origin mailbox's counter. */
  nonce: number;
  /** The domain that it comes from. */
  origin: number;
  /** Who sent it there, as 32 bytes. */
  sender: Hex;
  /** The domain that it goes to. */
  destination: number;
  /** Who gets it there, as 32 bytes. */
  recipient: Hex;
  body: Hex;
}

/** The message as it is hashed and processed. */
export function encodeMessage({ nonce, origin, sender, destination, recipient, body }: Message): Hex {
  return bytes({ u8: VERSION }, { u32: nonce }, { u32: origin }, sender, { u32: destination }, recipient, body);
}

/** Reads what `encodeMessage` writes. */
export function decodeMessage(encoded: Hex): Message {
  if (!isHex(encoded) || size(encoded) < HEADER) throw new Error(`A message has at least ${HEADER} bytes. This is not one.`);
  const version = hexToNumber(slice(encoded, 0, 1));
  if (version !== VERSION) throw new Error(`Messages of version ${version} are unknown. Only ${VERSION} can be read.`);
  return {
    nonce: hexToNumber(slice(encoded, 1, 5)),
    origin: hexToNumber(slice(encoded, 5, 9)),
    sender: slice(encoded, 9, 41),
    destination: hexToNumber(slice(encoded, 41, 45)),
    recipient: slice(encoded, 45, 77),
    body: size(encoded) === HEADER ? "0x" : slice(encoded, HEADER),
  };
}

/** The id of an encoded message; also its leaf in the tree. */
export function messageId(encoded: Hex): Hex {
  return keccak256(encoded);
}

/** An EVM address as messages have it, in small letters, so that it can be compared as text. */
export function toBytes32(address: Address): Hex {
  return pad(address.toLowerCase() as Hex);
}
