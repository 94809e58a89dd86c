/** Spoilt signatures, and the keys behind well-known names. */
import { Origin } from "../../contracts/kit/index.ts";
import { blake2, Keyring, u8aToHex, type Hex } from "../../client/ts/src/index.ts";

/** The seed behind the well-known development names. */
const DEV_SEED = "fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e";
/** What is hashed before seed and name when a key is derived, with its length in front. */
const DERIVATION = Buffer.from("\x34Secp256k1HDKD", "latin1");

/** The order of secp256k1. */
const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;

/** The other signature by the same key of the same digest, which nobody may accept. */
export function highS(signature: Hex): Hex {
  const s = ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const flipped = parseInt(signature.slice(130), 16) === 27 ? "1c" : "1b";
  return `${signature.slice(0, 66)}${s.toString(16).padStart(64, "0")}${flipped}` as Hex;
}

/** The same signature with another last byte. */
export function withRecovery(signature: Hex, change: (v: number) => number): Hex {
  const v = change(parseInt(signature.slice(130), 16));
  return `${signature.slice(0, 130)}${v.toString(16).padStart(2, "0")}` as Hex;
}

/** The signature with one bit of r flipped. */
export function flipped(signature: Hex): Hex {
  const digit = parseInt(signature.slice(60, 61), 16) ^ 1;
  return `${signature.slice(0, 60)}${digit.toString(16)}${signature.slice(61)}` as Hex;
}

/** Metadata without the last half signature. */
export function cutSignature(metadata: Hex): Hex {
  return metadata.slice(0, -64) as Hex;
}

/** The checkpoint key of a development validator, such as `//Alice`. */
export function devCheckpointKey(uri: string): { key: Hex; publicKey: Hex; address: Hex } {
  const name = Buffer.from(uri.slice(2));
  const chainCode = Buffer.alloc(32);
  chainCode[0] = name.length << 2;
  name.copy(chainCode, 1);
  const key = u8aToHex(blake2(Buffer.concat([DERIVATION, Buffer.from(DEV_SEED, "hex"), chainCode])));
  const [address] = new Origin({ domain: 0, keys: [key], threshold: 1 }).addresses;
  const { publicKey } = new Keyring({ type: "ecdsa" }).addFromUri(uri);
  return { key, publicKey: u8aToHex(publicKey), address: address!.toLowerCase() as Hex };
}
