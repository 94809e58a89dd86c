/** The bytes of signed transactions, put together by hand: `polkadot-js` takes ten times as long for each. */
import { blake2, type Client, type Hex } from "../../client/ts/src/index.ts";

/** The extensions whose bytes are written here. Another list means another format. */
const EXTENSIONS =
  "AuthorizeCall CheckNonZeroSender CheckSpecVersion CheckTxVersion CheckGenesis CheckMortality CheckNonce CheckWeight ChargeAssetTxPayment CheckMetadataHash WeightReclaim";
/** Format 4, signed. */
const SIGNED = 0x84;
/** An account's id as address; an ed25519 signature. */
const [ID, ED25519] = [0, 0] as const;
/** Longer payloads are signed as their digest. */
const MAX_PAYLOAD = 256;

/** What the chain adds to everything that is signed. */
export interface ChainFacts {
  genesis: Hex;
  specVersion: number;
  txVersion: number;
}

/** Reads them, and checks that this client writes transactions as the chain reads them. */
export function factsOf({ api }: Client): ChainFacts {
  const extensions = api.registry.signedExtensions.join(" ");
  if (extensions !== EXTENSIONS) throw new Error(`The chain's transaction extensions are ${extensions}. Update extrinsic.ts.`);
  return {
    genesis: api.genesisHash.toHex(),
    specVersion: api.runtimeVersion.specVersion.toNumber(),
    txVersion: api.runtimeVersion.transactionVersion.toNumber(),
  };
}

/** What the signer of a call signs. */
export function payload(facts: ChainFacts, call: Uint8Array, nonce: number): Uint8Array {
  const versions = Buffer.alloc(8);
  versions.writeUInt32LE(facts.specVersion, 0);
  versions.writeUInt32LE(facts.txVersion, 4);
  const genesis = Buffer.from(facts.genesis.slice(2), "hex");
  // The genesis hash twice: as itself, and as the block from which an immortal transaction is valid; then no metadata hash.
  const whole = Buffer.concat([call, explicit(nonce), versions, genesis, genesis, Uint8Array.of(0)]);
  return whole.length > MAX_PAYLOAD ? blake2(whole) : whole;
}

/** A transaction from its parts. */
export function assemble(signer: Uint8Array, signature: Uint8Array, call: Uint8Array, nonce: number): Hex {
  const head = Uint8Array.of(SIGNED, ID);
  const body = Buffer.concat([head, signer, Uint8Array.of(ED25519), signature, explicit(nonce), call]);
  return `0x${Buffer.concat([compact(body.length), body]).toString("hex")}`;
}

/** Immortal; the nonce; no tip, and paid in PEN; the metadata's hash is not checked. */
function explicit(nonce: number): Uint8Array {
  return Buffer.concat([Uint8Array.of(0), compact(nonce), Uint8Array.of(0, 0, 0)]);
}

/** A whole number in SCALE's compact form. */
function compact(value: number): Uint8Array {
  if (value < 1 << 6) return Uint8Array.of(value << 2);
  const bytes = Buffer.alloc(value < 1 << 14 ? 2 : 4);
  if (bytes.length === 2) bytes.writeUInt16LE((value << 2) | 1);
  else bytes.writeUInt32LE(value * 4 + 2);
  return bytes;
}
