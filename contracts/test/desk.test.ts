import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { parseEventLogs, stringToHex, type Address, type Hex } from "viem";
import {
  abi,
  connect,
  decodeToTasks,
  Delivery,
  devAccount,
  dispatchedIn,
  remoteAccount,
  replay,
  setGas,
  settled,
  toBytes32,
  warpRoute,
  type Evm,
} from "../kit/index.ts";
import { bytes } from "../src/index.ts";
import { refused } from "./refusal.ts";
import { answered, ASSET, HERE, MODEL, Stage, THERE } from "./stage.ts";

/** `LanguageDesk.State`. */
const State = { unknown: 0, asked: 1, answered: 2, refunded: 3, refused: 4 } as const;
const text = stringToHex("Wo ist die Apotheke?");
const terms = { maxReward: 1_000n, deposit: 1_500n, deadline: 20, delivery: Delivery.direct };

let stage: Stage;
let asker: Evm;
let desk: Address;
let token: Address;
let warp: Address;
before(async () => {
  stage = await Stage.set();
  ({ desk, token, warp } = await stage.desk());
  asker = connect(stage.anvil, devAccount(1));
  await settled(stage.evm, stage.evm.writeContract({ address: token, abi: abi.erc20TestAbi, functionName: "mintTo", args: [asker.account.address, 10n ** 9n] }));
  await approve(10n ** 8n);
});
after(() => stage?.stop());

test("asking locks the deposit in the warp route, sends it to the remote account, and asks the model for it", async () => {
  const locked = await balance(warp);
  const [coins, tokens] = await quote();
  assert.equal(tokens, terms.deposit);
  const receipt = await settled(asker, asker.writeContract({ ...ask(), value: coins }));
  assert.equal(await balance(warp), locked + terms.deposit);

  const [deposit, question] = dispatchedIn(receipt);
  assert.equal(deposit?.sender, toBytes32(warp));
  assert.equal(deposit?.recipient, warpRoute(ASSET));
  assert.equal(deposit?.body, bytes(remoteAccount(HERE, toBytes32(desk)), { u256: terms.deposit }));
  const body = decodeToTasks(question!.body);
  assert.deepEqual(body, {
    kind: "intent",
    ...{ model: MODEL, input: text, blob: `0x${"00".repeat(32)}`, blobLength: 0, asset: ASSET, maxReward: 1_000n, deadline: 20 },
    ...{ matching: { kind: 0, start: 0n, end: 0n, blocks: 0, reveal: 0 }, verification: replay(), minReputation: 0, allowFlagged: false },
    ...{ delivery: 0, callbackGas: 25_000n, refundTo: toBytes32(asker.account.address) },
  });
  const [event] = parseEventLogs({ abi: abi.languageDeskAbi, logs: receipt.logs, eventName: "Asked" });
  assert.deepEqual(event?.args, { request: question!.id, asker: asker.account.address, text });
  assert.deepEqual(await stateOf(question!.id), [asker.account.address, State.asked, 0]);
});

test("an answer is kept as a number: four bytes, the least first", async () => {
  for (const [output, label] of [["0x03000000", 3], ["0x19000000", 25], ["0x01020304", 0x04030201], ["0xffffffff", 0xffff_ffff]] as const) {
    const request = await asked();
    const receipt = await stage.process(stage.send(desk, answered(desk, request, { output, price: 777n })));
    const [event] = parseEventLogs({ abi: abi.languageDeskAbi, logs: receipt.logs, eventName: "Answered" });
    assert.deepEqual(event?.args, { request, asker: asker.account.address, label, price: 777n });
    assert.deepEqual(await stateOf(request), [asker.account.address, State.answered, label]);
  }
});

test("an answer that is no label is written down as failed", async () => {
  for (const output of ["0x", "0x030000", "0x0300000000"] as const) {
    const request = await asked();
    await stage.process(stage.send(desk, answered(desk, request, { output })));
    assert.equal(await stage.evm.readContract({ address: desk, abi: abi.languageDeskAbi, functionName: "standing", args: [request] }), 2);
    assert.equal((await stateOf(request))[1], State.asked);
  }
});

test("the callback needs less gas than the desk sets aside, also the first time and at its dearest", async () => {
  // Were it not so, the result would be written down as failed.
  for (const changed of [{}, { outcome: 1, reason: 1, output: "0x" as const }, { outcome: 2, reason: 4, output: "0x" as const }]) {
    const request = await asked();
    const receipt = await stage.process(stage.send(desk, answered(desk, request, changed)));
    assert.equal(parseEventLogs({ abi: abi.languageDeskAbi, logs: receipt.logs, eventName: "CallbackFailed" }).length, 0);
  }
});

test("a batch answers many questions", async () => {
  const requests = [await asked(Delivery.batched), await asked(Delivery.batched)];
  const results = requests.map((request) => answered(desk, request));
  const { tree } = await stage.batch(0n, results);
  for (const [index, result] of results.entries()) {
    const args = [result, 0n, 2, index, tree.proof(index)] as const;
    await settled(stage.evm, stage.evm.writeContract({ address: desk, abi: abi.languageDeskAbi, functionName: "claim", args }));
    assert.equal((await stateOf(result.request))[1], State.answered);
  }
});

test("a refunded question is known as such, and its money comes by the warp route to who asked", async () => {
  const request = await asked();
  const receipt = await stage.process(stage.send(desk, answered(desk, request, { outcome: 1, reason: 2, output: "0x", price: 0n })));
  const [event] = parseEventLogs({ abi: abi.languageDeskAbi, logs: receipt.logs, eventName: "Refunded" });
  assert.deepEqual(event?.args, { request, asker: asker.account.address, reason: 2 });
  assert.equal((await stateOf(request))[1], State.refunded);

  // What Pensum sends back, because the intent's `refundTo` says so.
  const before = await balance(asker.account.address);
  const body = bytes(toBytes32(asker.account.address), { u256: 1_000n });
  await stage.process(stage.pensum.send({ destination: HERE, recipient: warp, sender: warpRoute(ASSET), body }));
  assert.equal(await balance(asker.account.address), before + 1_000n);
});

test("the warp route pays nobody whom Pensum's end of it did not name", async () => {
  const body = bytes(toBytes32(asker.account.address), { u256: 1n });
  for (const sender of [warpRoute(ASSET + 1), toBytes32(asker.account.address)]) {
    await assert.rejects(stage.process(stage.pensum.send({ destination: HERE, recipient: warp, sender, body })), /router/i);
  }
});

test("a refused question is known as such; its money is for Pensum to send, and for nobody to claim a second time", async () => {
  const request = await asked();
  const receipt = await stage.process(stage.send(desk, answered(desk, request, { outcome: 2, reason: 4, output: "0x", price: 0n })));
  const [event] = parseEventLogs({ abi: abi.languageDeskAbi, logs: receipt.logs, eventName: "Refused" });
  assert.deepEqual(event?.args, { request, asker: asker.account.address, reason: 4 });
  assert.equal((await stateOf(request))[1], State.refused);
  await refused(asker.simulateContract(recover(asker.account.address)), "NotOwner", [asker.account.address]);
});

test("what stayed in the remote account is the owner's to recover", async () => {
  const to = stage.evm.account.address;
  await refused(stage.evm.simulateContract({ ...recover(to), value: 0n }), "FeeNotCovered");
  const [message] = dispatchedIn(await settled(stage.evm, stage.evm.writeContract(recover(to))));
  assert.deepEqual(decodeToTasks(message!.body), { kind: "withdraw", asset: ASSET, amount: 500n, to: toBytes32(to) });
  assert.equal(await stage.evm.getBalance({ address: desk }), 0n);
});

test("a question is cancelled by who asked it, while there is no answer", async () => {
  const request = await asked();
  const cancel = { address: desk, abi: abi.languageDeskAbi, functionName: "cancel", args: [request], value: 10n ** 15n } as const;
  await refused(stage.evm.simulateContract(cancel), "NotAsker");
  const [message] = dispatchedIn(await settled(asker, asker.writeContract(cancel)));
  assert.deepEqual(decodeToTasks(message!.body), { kind: "cancel", request });
  await stage.process(stage.send(desk, answered(desk, request, { outcome: 1, output: "0x" })));
  await refused(asker.simulateContract(cancel), "NotPending", [request]);
});

test("what is sent beyond the fee comes back at once", async () => {
  const [coins] = await quote();
  const before = await asker.getBalance({ address: asker.account.address });
  const receipt = await settled(asker, asker.writeContract({ ...ask(), value: coins + 10n ** 18n }));
  const spent = before - (await asker.getBalance({ address: asker.account.address }));
  assert.equal(spent, coins + receipt.gasUsed * receipt.effectiveGasPrice);
  assert.equal(await stage.evm.getBalance({ address: desk }), 0n);
  assert.equal(await balance(desk), 0n);
});

test("asking with too little of either money is refused, and nothing is taken", async () => {
  const [coins] = await quote();
  const deposit = (await asker.readContract({ address: warp, abi: abi.hypERC20CollateralAbi, functionName: "quoteTransferRemote", args: [THERE, warpRoute(ASSET), 1_500n] }))[0]!.amount;
  await refused(asker.simulateContract({ ...ask(), value: deposit - 1n }), "FeeNotSent", [deposit - 1n, deposit]);
  await refused(asker.simulateContract({ ...ask(), value: coins - 1n }), "FeeNotCovered");
  await approve(terms.deposit - 1n);
  await assert.rejects(asker.simulateContract({ ...ask(), value: coins }), /allowance/);
  await approve(10n ** 8n);
});

test("the quote follows the price of gas", async () => {
  const snapshot = await stage.anvil.snapshot();
  const [before] = await quote();
  await setGas(stage.evm, stage.hyperlane, { domain: THERE, gasPrice: 9_000n, exchangeRate: 10n ** 10n, overhead: 50_000n });
  const [coins] = await quote();
  assert.ok(coins > before);
  await settled(asker, asker.writeContract({ ...ask(), value: coins }));
  await stage.anvil.revert(snapshot);
});

test("a paused desk takes answers, but no questions", async () => {
  const request = await asked();
  const pause = { address: desk, abi: abi.languageDeskAbi, functionName: "setPaused" } as const;
  await refused(asker.simulateContract({ ...pause, args: [true] }), "NotOwner", [asker.account.address]);
  await settled(stage.evm, stage.evm.writeContract({ ...pause, args: [true] }));
  const [coins] = await quote();
  await refused(asker.simulateContract({ ...ask(), value: coins }), "Paused");
  await stage.process(stage.send(desk, answered(desk, request)));
  assert.equal((await stateOf(request))[1], State.answered);
  await settled(stage.evm, stage.evm.writeContract({ ...pause, args: [false] }));
  await asked();
});

function ask(delivery: number = Delivery.direct) {
  return { address: desk, abi: abi.languageDeskAbi, functionName: "ask", args: [text, { ...terms, delivery }] } as const;
}

function recover(to: Address) {
  return { address: desk, abi: abi.languageDeskAbi, functionName: "recover", args: [500n, to], value: 10n ** 15n } as const;
}

/** Asks, and returns the request. */
async function asked(delivery?: number): Promise<Hex> {
  const [value] = await quote();
  return dispatchedIn(await settled(asker, asker.writeContract({ ...ask(delivery), value }))).at(-1)!.id;
}

async function quote(): Promise<readonly [coins: bigint, tokens: bigint]> {
  return asker.readContract({ address: desk, abi: abi.languageDeskAbi, functionName: "quoteAsk", args: [text, terms] });
}

async function approve(amount: bigint): Promise<void> {
  await settled(asker, asker.writeContract({ address: token, abi: abi.erc20TestAbi, functionName: "approve", args: [desk, amount] }));
}

async function balance(account: Address): Promise<bigint> {
  return stage.evm.readContract({ address: token, abi: abi.erc20TestAbi, functionName: "balanceOf", args: [account] });
}

async function stateOf(request: Hex): Promise<readonly [Address, number, number]> {
  return stage.evm.readContract({ address: desk, abi: abi.languageDeskAbi, functionName: "questions", args: [request] });
}
