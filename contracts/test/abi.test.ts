import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { getAddress, slice, zeroHash, type Address, type Hex } from "viem";
import { abi, deploy, type Evm } from "../kit/index.ts";
import {
  decodeFromTasks,
  decodeResult,
  decodeToTasks,
  encodeFromTasks,
  encodeToTasks,
  leafOf,
  modules,
  Refusal,
  remoteAccount,
  ResultTree,
  warpRoute,
  type Intent,
  type Result,
  type Root,
  type Withdraw,
} from "../src/index.ts";
import { refused } from "./refusal.ts";
import { Stage } from "./stage.ts";

/** What the Rust crate encodes. */
const vectors = JSON.parse(readFileSync(new URL("../../bridge/task-abi/vectors.json", import.meta.url), "utf8")) as {
  to_tasks: Vector[];
  from_tasks: Vector[];
  refusals: { code: number; name: string }[];
  batches: { leaves: number; root: Hex; proofs: { index: number; leaf: Hex; proof: Hex[]; result: Hex }[] }[];
};
interface Vector {
  name: string;
  kind: string;
  body: Hex;
  fields: Record<string, unknown>;
}

/** Fields that are wider than JSON's numbers, which vectors have as decimal strings. */
const WIDE = ["maxReward", "callbackGas", "amount", "task", "price", "batch", "start", "end"];

let stage: Stage;
let evm: Evm;
let address: Address;
before(async () => {
  stage = await Stage.set();
  evm = stage.evm;
  address = await deploy(evm, "AbiHarness", abi.abiHarnessAbi);
});
after(() => stage?.stop());

test("every message to Pensum is encoded and read as the Rust crate does", async () => {
  assert.ok(vectors.to_tasks.length > 10);
  for (const { name, kind, body, fields } of vectors.to_tasks) {
    const message = { kind: kind.toLowerCase(), ...typed(fields) } as Parameters<typeof encodeToTasks>[0];
    assert.equal(encodeToTasks(message), body, name);
    assert.deepEqual(decodeToTasks(body), message, name);
    assert.equal(await inSolidity(kind, message), body, name);
    assert.deepEqual(await readInSolidity(kind, body), typed(fields), name);
  }
});

test("every message from Pensum is encoded and read as the Rust crate does", async () => {
  assert.ok(vectors.from_tasks.length > 5);
  for (const { name, kind, body, fields } of vectors.from_tasks) {
    const message = { kind: kind.toLowerCase(), ...typed(fields) } as Parameters<typeof encodeFromTasks>[0];
    assert.equal(encodeFromTasks(message), body, name);
    assert.deepEqual(decodeFromTasks(body), message, name);
    assert.equal(await inSolidity(kind, message), body, name);
    assert.deepEqual(await readInSolidity(kind, body), typed(fields), name);
  }
});

test("every batch has the Rust crate's root, and its proofs lead there", async () => {
  for (const { leaves, root, proofs } of vectors.batches) {
    for (const { index, leaf, proof, result } of proofs) {
      assert.equal(leafOf(decodeResult(result)), leaf);
      const args = [BigInt(leaves), BigInt(index), leaf, proof] as const;
      assert.equal(await evm.readContract({ address, abi: abi.abiHarnessAbi, functionName: "rootOf", args }), root);
    }
    if (proofs.length < leaves) continue;
    const tree = new ResultTree(proofs.map(({ leaf }) => leaf));
    assert.equal(tree.root, root);
    for (const { index, proof } of proofs) assert.deepEqual(tree.proof(index), proof);
  }
});

test("refusals have the Rust crate's numbers", () => {
  const names = Object.entries(Refusal).map(([name, code]) => ({ code: Number(code), name: name[0]!.toUpperCase() + name.slice(1) }));
  assert.deepEqual(names, vectors.refusals);
});

test("a body of another kind, or none, is not read", async () => {
  const root = encodeFromTasks({ kind: "root", batch: 0n, root: zeroHash, leaves: 1 });
  const call = { address, abi: abi.abiHarnessAbi, functionName: "decodeResult" } as const;
  await refused(evm.readContract({ ...call, args: [root] }), "WrongKind", [1, 2]);
  await refused(evm.readContract({ ...call, args: ["0x"] }), "WrongKind", [1, 0]);
  assert.throws(() => decodeFromTasks("0x07aa"), /kind 7/);
  assert.throws(() => decodeToTasks("0x"), /shorter/);
});

test("remote accounts and modules are Pensum's, here and in Solidity", async () => {
  // From the definition: keccak256("pensum/remote-account" ‖ 31338 ‖ 12 zero bytes ‖ 20 bytes of 0xaa).
  const sender: Hex = `0x${"00".repeat(12)}${"aa".repeat(20)}`;
  const account = remoteAccount(31_338, sender);
  const call = { address, abi: abi.abiHarnessAbi } as const;
  assert.equal(await evm.readContract({ ...call, functionName: "remoteAccount", args: [31_338, sender] }), account);
  assert.notEqual(account, remoteAccount(31_339, sender));
  assert.equal(modules.tasks, `0x${"00".repeat(12)}${Buffer.from("pensum/tasks").toString("hex")}${"00".repeat(8)}`);
  assert.equal(await evm.readContract({ ...call, functionName: "tasks" }), modules.tasks);
  for (const asset of [0, 7, 0xffff_ffff]) {
    const route = warpRoute(asset);
    assert.equal(await evm.readContract({ ...call, functionName: "warpRoute", args: [asset] }), route);
    assert.equal(slice(route, 12, 24), `0x${Buffer.from("pensum/warp/").toString("hex")}`);
    assert.equal(BigInt(slice(route, 24)), BigInt(asset));
    assert.ok(getAddress(slice(route, 12)));
  }
});

function typed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (WIDE.includes(name)) return [name, BigInt(value as string)];
      return [name, typeof value === "object" ? typed(value as Record<string, unknown>) : value];
    }),
  );
}

async function inSolidity(kind: string, message: unknown): Promise<Hex> {
  const call = { address, abi: abi.abiHarnessAbi } as const;
  switch (kind) {
    case "Intent":
      return evm.readContract({ ...call, functionName: "encodeIntent", args: [message as Intent] });
    case "Cancel":
      return evm.readContract({ ...call, functionName: "encodeCancel", args: [message as { request: Hex }] });
    case "Accept":
      return evm.readContract({ ...call, functionName: "encodeAccept", args: [message as { request: Hex }] });
    case "Withdraw":
      return evm.readContract({ ...call, functionName: "encodeWithdraw", args: [message as Withdraw] });
    case "Result":
      return evm.readContract({ ...call, functionName: "encodeResult", args: [message as Result] });
    case "Root":
      return evm.readContract({ ...call, functionName: "encodeRoot", args: [message as Root] });
    default:
      throw new Error(`There is a vector of the kind ${kind}, which nothing here knows.`);
  }
}

async function readInSolidity(kind: string, body: Hex): Promise<unknown> {
  const call = { address, abi: abi.abiHarnessAbi, args: [body] } as const;
  switch (kind) {
    case "Intent":
      return evm.readContract({ ...call, functionName: "decodeIntent" });
    case "Cancel":
      return evm.readContract({ ...call, functionName: "decodeCancel" });
    case "Accept":
      return evm.readContract({ ...call, functionName: "decodeAccept" });
    case "Withdraw":
      return evm.readContract({ ...call, functionName: "decodeWithdraw" });
    case "Result":
      return evm.readContract({ ...call, functionName: "decodeResult" });
    default:
      return evm.readContract({ ...call, functionName: "decodeRoot" });
  }
}
