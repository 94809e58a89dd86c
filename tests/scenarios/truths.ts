/** What the models say: inputs with their right answers and traces, and wrong ones made from them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  blake2,
  labelAnswer,
  readModel,
  registerModel,
  u8aToHex,
  type Client,
  type Digest,
  type Hex,
  type KeyringPair,
  type ModelId,
} from "../../client/ts/src/index.ts";
import type { Random } from "./random.ts";

/** Folder with the shipped models. */
export const MODELS = fileURLToPath(new URL("../../inference/models", import.meta.url));
/** Longest input that is posted: the pool and the blocks shall be busy with work and not with text. */
const MAX_INPUT = 300;

/** The shipped models. */
export type ModelName = "langid" | "digits";

/** An input, and what the model says to it. */
export interface Truth {
  input: Hex;
  output: Hex;
  trace: Digest[];
}

/** A shipped model on chain. */
export interface Model {
  name: ModelName;
  id: ModelId;
  labels: number;
  truths: Truth[];
}

/** Registers a shipped model and reads its vectors. */
export async function registered(client: Client, publisher: KeyringPair, name: ModelName): Promise<Model> {
  const files = await readModel(join(MODELS, name));
  const { id } = await registerModel(client, publisher, files);
  const all = JSON.parse(await readFile(join(MODELS, name, "vectors.json"), "utf8")) as Truth[];
  const truths = all.filter(({ input }) => input.length > 2 && input.length <= 2 + 2 * MAX_INPUT);
  return { name, id, labels: files.file.output.labels.length, truths };
}

/** Asks the node's own runtime for every input's answer, and gives the inputs on which it disagrees with the vectors. */
export async function disagreements(client: Client, model: Model): Promise<Hex[]> {
  const different: Hex[] = [];
  for (const { input, output } of model.truths) {
    if ((await client.rpc.modelRun(model.id, input)) !== output) different.push(input);
  }
  return different;
}

/** A label of the model that is not the answer: each `lie` from 1 on is another one. */
export function wrongLabel({ labels }: Model, { output }: Truth, lie: number): Hex {
  const right = Buffer.from(output.slice(2), "hex").readInt32LE();
  return labelAnswer((right + lie) % labels);
}

/** A trace that ends in `output`, and is right only in its first `honest` nodes. */
export function falseTrace({ trace }: Truth, output: Hex, honest: number, random: Random): Digest[] {
  const last = u8aToHex(blake2(Buffer.from(output.slice(2), "hex")));
  return trace.map((digest, node) => (node === trace.length - 1 ? last : node < honest ? digest : random.bytes()));
}
