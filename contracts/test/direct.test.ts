import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { encodeFunctionData, parseEventLogs, slice, size, toHex, zeroHash, type Address, type Hex, type TransactionReceipt } from "viem";
import {
  abi,
  connect,
  deploy,
  devAccount,
  encodeFromTasks,
  messageIdMetadata,
  modules,
  Origin,
  processMessage,
  settled,
  testKey,
  type Result,
  type Sent,
} from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { answered, ELSEWHERE, HERE, question, Stage, THERE } from "./stage.ts";

/** What the callback of `Fickle` does. */
const Mood = { takes: 0, reverts: 1, burnsGas: 2, returnsABomb: 3, claimsAgain: 4, looksAtTheSender: 5 } as const;
/** `PensumClient.Standing`. */
const Standing = { none: 0, pending: 1, failed: 2 } as const;

let stage: Stage;
let consumer: Address;
before(async () => {
  stage = await Stage.set();
  consumer = await stage.consumer("Fickle");
});
after(() => stage?.stop());

test("a result is taken, with everything that it says", async () => {
  const request = await stage.ask(consumer);
  assert.equal(await standing(request), Standing.pending);
  const result = answered(consumer, request);
  const receipt = await stage.process(stage.send(consumer, result));
  const [event] = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "Taken" });
  assert.deepEqual(event?.args.result, result);
  assert.equal(await taken(request), 1n);
  assert.equal(await standing(request), Standing.none);
});

test("results of every outcome are taken, with outputs of any length", async () => {
  const outcomes: Partial<Result>[] = [
    { outcome: 1, reason: 3, output: "0x", price: 0n },
    { outcome: 2, reason: 4, output: "0x", task: 0n, price: 0n, record: zeroHash },
    ...[1, 31, 32, 33, 1024].map((length) => ({ output: toHex(new Uint8Array(length).fill(0xab)) })),
  ];
  for (const changed of outcomes) {
    const request = await stage.ask(consumer);
    const receipt = await stage.process(stage.send(consumer, answered(consumer, request, changed)));
    const [event] = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "Taken" });
    assert.deepEqual(event?.args.result, answered(consumer, request, changed));
  }
});

test("the callback's caller is the consumer itself, however the result comes", async () => {
  await become(Mood.looksAtTheSender);
  await stage.process(stage.send(consumer, answered(consumer, await stage.ask(consumer))));
  assert.equal(await stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "caller" }), consumer);
  await become(Mood.takes);
});

test("only the mailbox brings messages", async () => {
  const body = encodeFromTasks({ kind: "result", ...answered(consumer, await stage.ask(consumer)) });
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "handle", args: [THERE, modules.tasks, body] } as const;
  await refused(stage.evm.simulateContract(call), "NotMailbox", [devAccount(0).address]);
});

test("only the contract itself hands results on", async () => {
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "dispatchResult" } as const;
  await refused(stage.evm.simulateContract({ ...call, args: [answered(consumer, await stage.ask(consumer))] }), "NotSelf");
});

test("a message from another chain is refused", async () => {
  // The security module here believes the same validators whatever the origin, so that it is the contract that refuses.
  const result = answered(consumer, await stage.ask(consumer));
  const elsewhere = new Origin({ domain: ELSEWHERE, keys: [testKey(0x11), testKey(0x22), testKey(0x33)], threshold: 2 });
  const sent = elsewhere.send({ destination: HERE, recipient: consumer, body: encodeFromTasks({ kind: "result", ...result }) });
  const metadata = await elsewhere.metadata(sent, "messageId");
  await refused(processMessage(stage.evm, stage.hyperlane, { metadata, encoded: sent.encoded }), "WrongOrigin", [ELSEWHERE]);
});

test("a message from somebody else on Pensum is refused", async () => {
  const sender: Hex = `0x${"ab".repeat(32)}`;
  const sent = stage.send(consumer, answered(consumer, await stage.ask(consumer)), { sender });
  await refused(stage.process(sent), "WrongSender", [sender]);
});

test("a result of a request that was never made is refused", async () => {
  const request: Hex = `0x${"cd".repeat(32)}`;
  await refused(stage.process(stage.send(consumer, answered(consumer, request))), "NotPending", [request]);
});

test("another consumer's request is not this one's", async () => {
  const other = await stage.consumer("Fickle");
  const request = await stage.ask(other);
  await refused(stage.process(stage.send(consumer, answered(other, request))), "NotPending", [request]);
});

test("a result is taken once: neither the message nor another with the same result comes through again", async () => {
  const request = await stage.ask(consumer);
  const sent = stage.send(consumer, answered(consumer, request));
  await stage.process(sent);
  await refused(stage.process(sent), "Mailbox: already delivered");
  await refused(stage.process(stage.send(consumer, answered(consumer, request))), "NotPending", [request]);
  await refused(stage.process(stage.send(consumer, answered(consumer, request, { price: 1n }))), "NotPending", [request]);
  assert.equal(await taken(request), 1n);
});

test("a message that validators did not sign by threshold is refused", async () => {
  const sent = stage.send(consumer, answered(consumer, await stage.ask(consumer)));
  const checkpoint = stage.pensum.checkpoint(sent.index);
  const [first] = stage.pensum.validators;
  const [signature] = await stage.pensum.sign(checkpoint, [first!]);
  const metadata = messageIdMetadata(checkpoint, [signature!, signature!]);
  await refused(processMessage(stage.evm, stage.hyperlane, { metadata, encoded: sent.encoded }), "!threshold");
});

test("a body that is no result is refused", async () => {
  const request = await stage.ask(consumer);
  const body = encodeFromTasks({ kind: "result", ...answered(consumer, request) });
  const bodies: Hex[] = ["0x", "0x01", slice(body, 0, 544), `0x02${body.slice(4)}`];
  for (const spoiled of bodies) await refused(stage.process(stage.send(consumer, answered(consumer, request), { body: spoiled })), "NotAResult");
});

test("a result that cannot be decoded is written down as failed, and the message is done", async () => {
  const request = await stage.ask(consumer);
  const body = encodeFromTasks({ kind: "result", ...answered(consumer, request) });
  // The output's length says more than there is.
  const spoiled: Hex = `${body.slice(0, 2 + 2 * (1 + 16 * 32)) as Hex}${"ff".repeat(32)}${body.slice(2 + 2 * (1 + 17 * 32))}`;
  assert.equal(size(spoiled), size(body));
  const receipt = await stage.process(stage.send(consumer, answered(consumer, request), { body: spoiled }));
  assert.deepEqual(failures(receipt), [request]);
  assert.equal(await standing(request), Standing.failed);
});

test("a message that comes with a value is refused", async () => {
  const sent = stage.send(consumer, answered(consumer, await stage.ask(consumer)));
  const args = [await stage.pensum.metadata(sent, "messageId"), sent.encoded] as const;
  const call = { address: stage.mailbox, abi: abi.mailboxAbi, functionName: "process", args, value: 1n } as const;
  await refused(stage.evm.simulateContract(call), "ValueNotTaken");
});

test("a callback that reverts blocks nothing, and anybody brings its result again once it does not", async () => {
  await become(Mood.reverts);
  const request = await stage.ask(consumer);
  const result = answered(consumer, request);
  assert.deepEqual(failures(await stage.process(stage.send(consumer, result))), [request]);
  assert.equal(await standing(request), Standing.failed);

  const call = { address: consumer, abi: abi.fickleAbi, functionName: "retry" } as const;
  await refused(stage.evm.simulateContract({ ...call, args: [result] }), "Sulking");
  await become(Mood.takes);
  await refused(stage.evm.simulateContract({ ...call, args: [{ ...result, price: 1n }] }), "NotFailed", [request]);
  const anybody = connect(stage.anvil, devAccount(5));
  await settled(anybody, anybody.writeContract({ ...call, args: [result] }));
  assert.equal(await taken(request), 1n);
  assert.equal(await standing(request), Standing.none);
  await refused(stage.evm.simulateContract({ ...call, args: [result] }), "NotFailed", [request]);
});

test("a result that did not fail cannot be brought again", async () => {
  const request = await stage.ask(consumer);
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "retry", args: [answered(consumer, request)] } as const;
  await refused(stage.evm.simulateContract(call), "NotFailed", [request]);
});

test("a result whose callback failed does not come as another message", async () => {
  await become(Mood.reverts);
  const request = await stage.ask(consumer);
  await stage.process(stage.send(consumer, answered(consumer, request)));
  await become(Mood.takes);
  await refused(stage.process(stage.send(consumer, answered(consumer, request))), "NotPending", [request]);
});

test("a callback that burns all gas gets no more than the intent set aside for it", async () => {
  await become(Mood.burnsGas);
  const callbackGas = 80_000n;
  const request = await stage.ask(consumer, { callbackGas });
  const receipt = await stage.process(stage.send(consumer, answered(consumer, request)), 2_000_000n);
  assert.deepEqual(failures(receipt), [request]);
  assert.equal(await standing(request), Standing.failed);
  assert.ok(receipt.gasUsed < 120_000n + callbackGas, `${receipt.gasUsed} gas`);
  await become(Mood.takes);
});

test("what a callback reverts with is not copied, however long it is", async () => {
  await become(Mood.returnsABomb);
  const request = await stage.ask(consumer);
  const receipt = await stage.process(stage.send(consumer, answered(consumer, request)));
  assert.deepEqual(failures(receipt), [request]);
  assert.ok(receipt.gasUsed < 150_000n, `${receipt.gasUsed} gas`);
  await become(Mood.takes);
});

test("with too little gas for the callback the message is not processed, rather than the callback made to fail", async () => {
  for (const mood of [Mood.takes, Mood.burnsGas]) {
    await become(mood);
    const request = await stage.ask(consumer, { callbackGas: 200_000n });
    const sent = stage.send(consumer, answered(consumer, request));
    const enough = await limit(sent);
    const args = [await stage.pensum.metadata(sent, "messageId"), sent.encoded] as const;
    const call = { address: stage.mailbox, abi: abi.mailboxAbi, functionName: "process", args } as const;
    for (const short of [5_000n, 50_000n, 150_000n]) {
      await refused(stage.evm.simulateContract({ ...call, gas: enough - short }), "InsufficientGas");
    }
    const receipt = await stage.process(sent, enough);
    assert.deepEqual(failures(receipt), mood === Mood.takes ? [] : [request]);
  }
  await become(Mood.takes);
});

test("a callback that brings its own result again fails, and takes it once later", async () => {
  await become(Mood.claimsAgain);
  const request = await stage.ask(consumer);
  const result = answered(consumer, request);
  const { tree } = await stage.batch(70n, [result]);
  await setAgain(encodeFunctionData({ abi: abi.fickleAbi, functionName: "claim", args: [result, 70n, 1, 0, tree.proof(0)] }));
  assert.deepEqual(failures(await stage.process(stage.send(consumer, result))), [request]);
  assert.equal(await taken(request), 0n);
  await setAgain(encodeFunctionData({ abi: abi.fickleAbi, functionName: "retry", args: [result] }));
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "retry", args: [result] } as const;
  await refused(stage.evm.simulateContract(call), "again");
  await become(Mood.takes);
  await settled(stage.evm, stage.evm.writeContract(call));
  assert.equal(await taken(request), 1n);
});

test("the consumer's own security module decides, where it has one", async () => {
  const ism = await stage.ism("merkleRoot");
  const careful = await stage.consumer("Fickle", { ism });
  assert.equal(await stage.evm.readContract({ address: careful, abi: abi.fickleAbi, functionName: "interchainSecurityModule" }), ism);
  const request = await stage.ask(careful);
  const sent = stage.send(careful, answered(careful, request));
  await refused(stage.process(sent), "");
  // A later checkpoint proves it to a module of this kind.
  stage.send(careful, answered(careful, request, { price: 1n }));
  const metadata = await stage.pensum.metadata(sent, "merkleRoot");
  await processMessage(stage.evm, stage.hyperlane, { metadata, encoded: sent.encoded });
  assert.equal(await standing(request, careful), Standing.none);
});

test("while its security module is paused nothing comes through, and all of it after", async () => {
  const ism = await deploy(stage.evm, "PausableIsm", abi.pausableIsmAbi, [devAccount(0).address]);
  const careful = await stage.consumer("Fickle", { ism });
  const sent = stage.send(careful, answered(careful, await stage.ask(careful)));
  const set = async (functionName: "pause" | "unpause"): Promise<unknown> =>
    settled(stage.evm, stage.evm.writeContract({ address: ism, abi: abi.pausableIsmAbi, functionName }));
  await set("pause");
  await refused(stage.process(sent), "Pausable: paused");
  await set("unpause");
  await stage.process(sent);
});

test("asking is impossible while the mailbox's hook is paused", async () => {
  const hook = await deploy(stage.evm, "PausableHook", abi.pausableHookAbi);
  const require = async (address: Address): Promise<unknown> =>
    settled(stage.evm, stage.evm.writeContract({ address: stage.mailbox, abi: abi.mailboxAbi, functionName: "setRequiredHook", args: [address] }));
  await settled(stage.evm, stage.evm.writeContract({ address: hook, abi: abi.pausableHookAbi, functionName: "pause" }));
  await require(hook);
  const value = await stage.quote(consumer, question());
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "ask", args: [question()], value } as const;
  await refused(stage.evm.simulateContract(call), "Pausable: paused");
  await require(stage.hyperlane.merkleTreeHook);
  await stage.evm.simulateContract(call);
});

test("the mailbox cannot be one that is not there", async () => {
  const nowhere = devAccount(9).address;
  await assert.rejects(deploy(stage.evm, "Fickle", abi.fickleAbi, [nowhere, THERE, stage.registry, nowhere]));
});

async function standing(request: Hex, address = consumer): Promise<number> {
  return stage.evm.readContract({ address, abi: abi.fickleAbi, functionName: "standing", args: [request] });
}

async function taken(request: Hex): Promise<bigint> {
  return stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "taken", args: [request] });
}

async function become(mood: number): Promise<void> {
  await settled(stage.evm, stage.evm.writeContract({ address: consumer, abi: abi.fickleAbi, functionName: "become", args: [mood] }));
}

async function setAgain(data: Hex): Promise<void> {
  await settled(stage.evm, stage.evm.writeContract({ address: consumer, abi: abi.fickleAbi, functionName: "setAgain", args: [data] }));
}

/** The least gas with which a message is processed. */
async function limit(sent: Sent): Promise<bigint> {
  const args = [await stage.pensum.metadata(sent, "messageId"), sent.encoded] as const;
  return stage.evm.estimateContractGas({ address: stage.mailbox, abi: abi.mailboxAbi, functionName: "process", args });
}

/** Requests whose callbacks failed in a transaction. */
function failures({ logs }: TransactionReceipt): Hex[] {
  return parseEventLogs({ abi: abi.fickleAbi, logs, eventName: "CallbackFailed" }).map(({ args }) => args.request);
}
