import assert from "node:assert/strict";
import { test } from "node:test";
import { u8aConcat, u8aToHex } from "@polkadot/util";
import { answerPayload, declinePayload, ownershipPayload } from "../src/index.ts";

const GENESIS = `0x${"aa".repeat(32)}` as const;
const genesis = new Uint8Array(32).fill(0xaa);
const key = new Uint8Array(32).fill(7);
const tag = (text: string): Uint8Array => new TextEncoder().encode(text);

test("an ownership proof signs tag, genesis and stash, without lengths", () => {
  assert.deepEqual(ownershipPayload(GENESIS, key), u8aConcat(tag("pensum/operator"), genesis, key));
});

test("an answer signs tag, genesis, operator and the sheet", () => {
  const sheet = Uint8Array.of(
    8, // two answers
    ...[0, 1, 0, 0, 0, 0, 0, 0], // task 256, little endian
    ...[4, 0xee], // one byte of output
    0, // no blob
    0, // no trace
    ...[1, 1, 0, 0, 0, 0, 0, 0], // task 257
    ...[4, 0xff],
    ...[1, 8, 0x61, 0x62], // a blob of two bytes
    0,
  );
  const payload = answerPayload(GENESIS, key, [
    { task: 256, output: "0xee" },
    { task: 257, output: "0xff", blob: "0x6162" },
  ]);
  assert.equal(u8aToHex(payload), u8aToHex(u8aConcat(tag("pensum/answer"), genesis, key, sheet)));
});

test("a refusal signs tag, genesis, operator, batch and reason", () => {
  const content = Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0, 2);
  const payload = declinePayload(GENESIS, key, 5, "engine_failed");
  assert.equal(u8aToHex(payload), u8aToHex(u8aConcat(tag("pensum/decline"), genesis, key, content)));
});
