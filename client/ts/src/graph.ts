/** What a manifest says about a graph file: its digest, and the digest of every node with its weights. */
import { u8aConcat, u8aToHex } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import type { Digest } from "./units.ts";

const HEADER = 40;
const MAGIC = 0x46524750; // "PGRF", little endian
const VERSION = 1;
/** A node's record up to its inputs. */
const MIN_RECORD = 32;

/** The digests of a graph file. */
export interface GraphDigests {
  /** Of the whole file. */
  weights: Digest;
  /** Of each node with its weights, in order. */
  nodes: Digest[];
}

/** Reads the node table of a graph file. The chain validates the rest. */
export function graphDigests(file: Uint8Array): GraphDigests {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER || view.getUint32(0, true) !== MAGIC) {
    throw new Error("This is no graph file: it does not begin with PGRF. Export the model again.");
  }
  const version = view.getUint16(4, true);
  if (version !== VERSION) {
    throw new Error(`The graph has format version ${version}, known is ${VERSION}. Export it again, or update this client.`);
  }
  const [count, tableBytes, weightsBytes] = [8, 12, 16].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (file.length !== HEADER + tableBytes + weightsBytes) {
    throw new Error(`The graph file has ${file.length} bytes, its header says ${HEADER + tableBytes + weightsBytes}. Copy it again.`);
  }
  const table = HEADER + tableBytes;
  const nodes: Digest[] = [];
  let at = HEADER;
  for (let node = 1; node <= count; node++) {
    const length = at + MIN_RECORD <= table ? view.getUint16(at, true) : 0;
    if (length < MIN_RECORD || at + length > table) throw new Error(`Node ${node} of the graph is cut off. Export the model again.`);
    const [offset, bytes] = [view.getUint32(at + 24, true), view.getUint32(at + 28, true)];
    if (offset + bytes > weightsBytes) throw new Error(`The weights of node ${node} lie outside the file. Export the model again.`);
    const weights = file.subarray(table + offset, table + offset + bytes);
    nodes.push(u8aToHex(blake2AsU8a(u8aConcat(file.subarray(at, at + length), weights))));
    at += length;
  }
  if (at !== table) throw new Error("The graph's node table has bytes that belong to no node. Export the model again.");
  return { weights: u8aToHex(blake2AsU8a(file)), nodes };
}
