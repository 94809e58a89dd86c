import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { posts } from "../src/demo/samples.ts";

test("the demo asks in single posts and batches, in many languages, once by digest, and about digits", async () => {
  const all = await posts(fileURLToPath(new URL("../../../inference/models", import.meta.url)));
  const questions = all.flatMap((post) => post.questions);
  const texts = questions.filter(({ model }) => model === "langid");
  assert.ok(texts.length >= 24, `${texts.length} texts`);
  assert.ok(new Set(texts.map(({ expected }) => expected)).size >= 12);
  assert.ok(questions.length - texts.length >= 10, "digits are missing");
  assert.equal(all.filter(({ blob }) => blob).length, 1);
  assert.ok(all.every(({ model, questions: own }) => own.length > 0 && own.every((question) => question.model === model)));
  const sizes = new Set(all.map(({ questions: own }) => own.length));
  assert.ok(sizes.has(1) && Math.max(...sizes) >= 8, "no mixture of single posts and batches");
});
