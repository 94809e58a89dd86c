import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { graphDigests, manifestOf, modelId, readModel } from "../src/index.ts";

const models = fileURLToPath(new URL("../../../inference/models/", import.meta.url));

test("the digests of every shipped graph are those of its manifest", async () => {
  for (const name of ["langid", "digits"]) {
    const { file, graph } = await readModel(`${models}${name}`);
    assert.deepEqual(graphDigests(graph), { weights: file.weights_digest, nodes: file.node_digests });
  }
});

test("a graph file that is cut off or is something else is refused with a remedy", async () => {
  const graph = new Uint8Array(await readFile(`${models}digits/digits.graph`));
  assert.throws(() => graphDigests(graph.subarray(0, graph.length - 1)), /Copy it again/);
  assert.throws(() => graphDigests(new Uint8Array(64)), /does not begin with PGRF/);
  const newer = Uint8Array.from(graph);
  newer[4] = 2;
  assert.throws(() => graphDigests(newer), /format version 2/);
});

test("another publisher, version or previous model is another model", async () => {
  const model = await readModel(`${models}digits`);
  const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const id = modelId(manifestOf(model, one));
  assert.match(id, /^0x[0-9a-f]{64}$/);
  assert.equal(id, modelId(manifestOf(model, one)));
  assert.notEqual(id, modelId(manifestOf(model, other)));
  assert.notEqual(id, modelId(manifestOf(model, one, id)));
  assert.notEqual(id, modelId({ ...manifestOf(model, one), royalty: 1 }));
});
