/** A model on disk (`manifest.json` beside its graph file) as the manifest that names it on chain. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringToHex, u8aToHex } from "@polkadot/util";
import { blake2AsU8a } from "@polkadot/util-crypto";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "./connect.ts";
import { graphDigests } from "./graph.ts";
import { encode } from "./scale.ts";
import { eventsOf, field, send, type Included, type SendOptions, type Transaction } from "./transaction.ts";
import type { Digest, Hex, ModelId } from "./units.ts";

/** Most bytes of a text on chain. */
const MAX_TEXT = 128;

/** `manifest.json`, as the training scripts write it. */
export interface ManifestFile {
  name: string;
  version: string;
  kind: "graph";
  task: string;
  file: string;
  weights_digest: Digest;
  weights_bytes: number;
  node_digests: Digest[];
  input: { kind: "text"; max_bytes: number } | { kind: "tensor"; len: number };
  output: { kind: "label"; labels: string[] };
  licence: string;
  parents: ModelId[];
  data_sets: { name: string; version?: string; digest: Digest | null; licence: string }[];
  royalty_ppm: number;
  accuracy: { set: string; bucket: string; n: number; value: number }[];
}

/** The manifest in the shape that `attestationRegistry.registerModel` takes. */
export interface Manifest {
  name: Hex;
  version: Hex;
  kind: "Graph";
  weights: Digest;
  nodes: Digest[];
  input: { Text: { maxBytes: number } } | { Tensor: { len: number } };
  output: { Label: { labels: Hex[] } } | { Tensor: { len: number } };
  licence: Hex;
  previous: ModelId | null;
  parents: ModelId[];
  dataSets: { name: Hex; digest: Digest | null; licence: Hex }[];
  publisher: Hex;
  royalty: number;
}

/** A model on disk. */
export interface ModelFiles {
  file: ManifestFile;
  graph: Uint8Array;
}

/** Reads a model's folder and checks that manifest and graph belong together. */
export async function readModel(folder: string): Promise<ModelFiles> {
  const file = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as ManifestFile;
  const graph = new Uint8Array(await readFile(join(folder, file.file)));
  const digests = graphDigests(graph);
  if (digests.weights !== file.weights_digest || digests.nodes.join() !== file.node_digests.join()) {
    throw new Error(`${file.file} is not the graph that the manifest in ${folder} names. Train it again, or restore the file.`);
  }
  return { file, graph };
}

/** The manifest that `publisher` registers; `previous` names the version it replaces. */
export function manifestOf({ file }: ModelFiles, publisher: Uint8Array, previous: ModelId | null = null): Manifest {
  return {
    name: stringToHex(file.name),
    version: stringToHex(file.version),
    kind: "Graph",
    weights: file.weights_digest,
    nodes: file.node_digests,
    input: file.input.kind === "text" ? { Text: { maxBytes: file.input.max_bytes } } : { Tensor: { len: file.input.len } },
    output: { Label: { labels: file.output.labels.map((label) => stringToHex(label)) } },
    licence: stringToHex(file.licence),
    previous,
    parents: file.parents,
    dataSets: file.data_sets.map(({ name, version, digest, licence }) => ({
      name: titled(name, version),
      digest,
      licence: stringToHex(licence),
    })),
    publisher: u8aToHex(publisher),
    royalty: file.royalty_ppm,
  };
}

/** The id that a manifest gives its model: `blake2_256` of its SCALE encoding. */
export function modelId(manifest: Manifest): ModelId {
  return u8aToHex(blake2AsU8a(encode("PensumManifest", manifest)));
}

/** The call that registers a model with its graph, so that the chain can replay it at once. */
export function registration(client: Client, manifest: Manifest, graph: Uint8Array | null): Transaction {
  return client.call("attestationRegistry", "registerModel")(manifest, graph && u8aToHex(graph));
}

/** Registers a model; tells its id as the chain computed it. */
export async function registerModel(
  client: Client,
  publisher: KeyringPair,
  model: ModelFiles,
  options: SendOptions & { previous?: ModelId } = {},
): Promise<Included & { id: ModelId }> {
  const manifest = manifestOf(model, publisher.publicKey, options.previous ?? null);
  const included = await send(client.api, publisher, registration(client, manifest, model.graph), options);
  const [registered] = eventsOf(included.events, "attestationRegistry", "ModelRegistered");
  if (!registered) throw new Error("The registration left no event. Look at its block in an explorer.");
  return { ...included, id: field(registered, "model") as ModelId };
}

/** Name and version, where both fit. */
function titled(name: string, version?: string): Hex {
  const both = version ? `${name} ${version}` : name;
  return stringToHex(new TextEncoder().encode(both).length <= MAX_TEXT ? both : name);
}
