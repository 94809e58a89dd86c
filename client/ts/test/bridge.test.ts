import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { u8aToHex } from "@polkadot/util";
import { fromEvm, GAS_PAYMASTER, MAILBOX, MERKLE_TREE_HOOK, messageId, readMessage, remoteAccount, TASKS, toEvm, warpRoute, type Digest, type Hex } from "../src/index.ts";

interface Vector {
  encoded?: Hex;
  message_id?: Digest;
  message?: { nonce: number; origin: number; sender: Digest; destination: number; recipient: Digest; body: Hex };
}

test("messages are read and named as the contracts do it", async () => {
  const file = new URL("../../../bridge/hyperlane-primitives/vectors.json", import.meta.url);
  const { vectors } = JSON.parse(await readFile(file, "utf8")) as { vectors: Vector[] };
  const whole = vectors.filter(({ encoded, message, message_id }) => encoded && message && message_id);
  assert.ok(whole.length > 0, "the vectors hold no message");
  for (const { encoded, message, message_id } of whole) {
    assert.equal(messageId(encoded!), message_id);
    const { nonce, origin, sender, destination, recipient, body } = message!;
    assert.deepEqual(readMessage(encoded!), { nonce, origin, sender, destination, recipient, body });
  }
  assert.throws(() => readMessage("0x03"), /no message of version 3/);
});

test("the modules' addresses have the shape of an EVM address, and an account's does not pass for one", () => {
  for (const module of [MAILBOX, MERKLE_TREE_HOOK, GAS_PAYMASTER, TASKS, warpRoute(1)]) assert.equal(fromEvm(toEvm(module)), module);
  assert.equal(TASKS, `0x${"00".repeat(12)}${Buffer.from("pensum/tasks").toString("hex")}${"00".repeat(8)}`);
  assert.equal(warpRoute(0x0102), `0x${"00".repeat(12)}${Buffer.from("pensum/warp/").toString("hex")}0000000000000102`);
  assert.throws(() => toEvm(`0x${"11".repeat(32)}`), /no EVM address/);
});

test("a remote account depends on domain and address", () => {
  const account = u8aToHex(remoteAccount(1, TASKS));
  assert.notEqual(account, u8aToHex(remoteAccount(2, TASKS)));
  assert.notEqual(account, u8aToHex(remoteAccount(1, MAILBOX)));
});
