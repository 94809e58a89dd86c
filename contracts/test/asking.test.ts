import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseEther, type Address, type Hex } from "viem";
import {
  abi,
  ALL,
  connect,
  decodeToTasks,
  deploy,
  devAccount,
  dispatchedIn,
  encodeToTasks,
  modules,
  remoteAccount,
  setGas,
  settled,
  toBytes32,
  type ToTasks,
} from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { answered, HERE, only, question, Stage, THERE } from "./stage.ts";

let stage: Stage;
let consumer: Address;
before(async () => {
  stage = await Stage.set();
  consumer = await stage.consumer("Fickle");
});
after(() => stage?.stop());

test("an intent is dispatched to Pensum's tasks as it was asked, and its message's id is the request", async () => {
  const wanted = question({ delivery: 1, callbackGas: 7n, refundTo: toBytes32(devAccount(3).address), minReputation: 5 });
  const value = await stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "quote", args: [wanted] });
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "ask", args: [wanted], value } as const;
  const { result } = await stage.evm.simulateContract(call);
  const message = only(dispatchedIn(await settled(stage.evm, stage.evm.writeContract(call))));
  assert.equal(message.destination, THERE);
  assert.equal(message.recipient, modules.tasks);
  assert.equal(message.sender, toBytes32(consumer));
  assert.deepEqual(decodeToTasks(message.body), { kind: "intent", ...wanted });
  assert.deepEqual(result, [message.id, value]);
});

test("a message costs what the mailbox's hooks want, and no more of what was sent", async () => {
  const wanted = question();
  const value = await stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "quote", args: [wanted] });
  assert.equal(value, await stage.quote(consumer, wanted));
  assert.ok(value > 0n);
  const before = await stage.evm.getBalance({ address: consumer });
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "ask", args: [wanted] } as const;
  await settled(stage.evm, stage.evm.writeContract({ ...call, value: value + 500n }));
  // What is left is the inheriting contract's to give back; this one keeps it.
  assert.equal(await stage.evm.getBalance({ address: consumer }), before + 500n);
  await refused(stage.evm.simulateContract({ ...call, value: value - 1n }), "FeeNotCovered", [value, value - 1n]);
});

test("what lies in the contract does not pay for a message that its caller did not pay for", async () => {
  await stage.anvil.setBalance(consumer, parseEther("1"));
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "ask", args: [question()] } as const;
  await refused(stage.evm.simulateContract({ ...call, value: 0n }), "FeeNotCovered");
  await stage.anvil.setBalance(consumer, 0n);
});

test("a message costs more once gas does", async () => {
  const snapshot = await stage.anvil.snapshot();
  const before = await stage.quote(consumer, question());
  await setGas(stage.evm, stage.hyperlane, { domain: THERE, gasPrice: 5_000n, exchangeRate: 10n ** 10n, overhead: 50_000n });
  assert.equal(await stage.quote(consumer, question()), 5n * before);
  await stage.anvil.revert(snapshot);
});

test("cancelling, accepting and withdrawing dispatch what Pensum reads", async () => {
  const request = await stage.ask(consumer);
  const to = devAccount(2).address;
  assert.deepEqual(await sent("cancel", [request]), { kind: "cancel", request });
  assert.deepEqual(await sent("accept", [request]), { kind: "accept", request });
  assert.deepEqual(await sent("withdraw", [7, 5n, to]), { kind: "withdraw", asset: 7, amount: 5n, to: toBytes32(to) });
  assert.deepEqual(await sent("withdraw", [7, ALL, to]), { kind: "withdraw", asset: 7, amount: ALL, to: toBytes32(to) });
});

test("only a pending request can be cancelled or accepted", async () => {
  const unknown: Hex = `0x${"ab".repeat(32)}`;
  const done = await stage.ask(consumer);
  await stage.process(stage.send(consumer, answered(consumer, done)));
  for (const functionName of ["cancel", "accept"] as const) {
    for (const request of [unknown, done]) {
      const call = { address: consumer, abi: abi.fickleAbi, functionName, args: [request], value: 10n ** 15n } as const;
      await refused(stage.evm.simulateContract(call), "NotPending", [request]);
    }
  }
});

test("a consumer knows its remote account", async () => {
  const account = await stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "remoteAccount" });
  assert.equal(account, remoteAccount(HERE, toBytes32(consumer)));
});

test("the example of twenty lines asks, keeps the answer, and lets nobody else ask", async () => {
  const asker = await deploy(stage.evm, "Asker", abi.askerAbi, [stage.mailbox, THERE]);
  const args = [question().model, "0x616263", 1_000n] as const;
  const ask = { address: asker, abi: abi.askerAbi, functionName: "ask", args, value: 10n ** 15n } as const;
  const message = only(dispatchedIn(await settled(stage.evm, stage.evm.writeContract(ask))));
  const body = decodeToTasks(message.body);
  assert.equal(encodeToTasks(body), message.body);
  assert.ok(body.kind === "intent" && body.maxReward === 1_000n && body.input === "0x616263");
  await stage.process(stage.send(asker, answered(asker, message.id, { output: "0x0102" })));
  assert.equal(await stage.evm.readContract({ address: asker, abi: abi.askerAbi, functionName: "answers", args: [message.id] }), "0x0102");
  await assert.rejects(connect(stage.anvil, devAccount(1)).simulateContract(ask));
});

async function sent(functionName: "cancel" | "accept", args: readonly [Hex]): Promise<ToTasks>;
async function sent(functionName: "withdraw", args: readonly [number, bigint, Address]): Promise<ToTasks>;
async function sent(functionName: string, args: readonly unknown[]): Promise<ToTasks> {
  const call = { address: consumer, abi: abi.fickleAbi, functionName, args, value: 10n ** 15n } as never;
  const message = only(dispatchedIn(await settled(stage.evm, stage.evm.writeContract(call))));
  assert.equal(message.recipient, modules.tasks);
  return decodeToTasks(message.body);
}
