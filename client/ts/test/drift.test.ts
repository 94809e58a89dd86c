/** What is written twice, here and in the node's sources, must say the same. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { REFUSALS, RPC_CODES } from "../src/index.ts";
import { SHAPES } from "../src/scale.ts";

const source = async (path: string): Promise<string> => readFile(new URL(`../../../${path}`, import.meta.url), "utf8");

/** The names in the body of `enum NAME` or `struct NAME`, in order. */
async function names(path: string, item: string): Promise<string[]> {
  const body = new RegExp(`pub (?:enum|struct) ${item} \\{([^]*?)\\n\\}`).exec(await source(path))?.[1];
  assert.ok(body, `${path} has no ${item}`);
  const nested = body.replace(/\{[^}]*\}/g, "");
  return [...nested.matchAll(/^ {4}(?:pub )?(\w+)(?=[:,( ]|$)/gm)].map(([, name]) => name!);
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

test("the pool's refusals have the names and numbers of the node", async () => {
  assert.deepEqual(REFUSALS.map(([code]) => code), await names("primitives/src/operator.rs", "Refusal"));
});

test("the codes of the RPC are those of the node", async () => {
  assert.deepEqual([...RPC_CODES], await names("node/service/src/rpc/error.rs", "RpcError"));
});

test("records, answers and manifests have the fields of the node, in order", async () => {
  for (const [shape, path, item] of [
    [SHAPES.PensumRecord, "primitives/src/record.rs", "Record"],
    [SHAPES.PensumAnswer, "primitives/src/task.rs", "Answer"],
    [SHAPES.PensumManifest, "primitives/src/model.rs", "Manifest"],
    [SHAPES.PensumDataSet, "primitives/src/model.rs", "DataSet"],
  ] as const) {
    assert.deepEqual(Object.keys(shape), (await names(path, item)).map(camel), item);
  }
});

test("reasons, outcomes and excuses have the variants of the node, in order", async () => {
  const path = "primitives/src/verdict.rs";
  assert.deepEqual(SHAPES.PensumReason._enum, await names(path, "Reason"));
  assert.deepEqual(SHAPES.PensumUnable._enum, await names(path, "Unable"));
  assert.deepEqual(Object.keys(SHAPES.PensumOutcome._enum), await names(path, "Outcome"));
});
