import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseEther } from "viem";
import {
  abi,
  announcementDigest,
  Anvil,
  connect,
  deploy,
  deployHyperlane,
  devAccount,
  devKey,
  dispatchedIn,
  isDelivered,
  MessageTree,
  Origin,
  processMessage,
  setDefaultIsm,
  settled,
  signDigest,
  testKey,
  toBytes32,
  type ModuleKind,
} from "../kit/index.ts";
import { refused } from "./refusal.ts";

test("a node starts on a free port, knows its chain id, and is gone once stopped", async () => {
  const [one, other] = await Promise.all([Anvil.start({ chainId: 31_338 }), Anvil.start({ chainId: 31_339 })]);
  assert.notEqual(one.port, other.port);
  assert.equal(await connect(one).getChainId(), 31_338);
  assert.equal(await connect(other).getChainId(), 31_339);
  assert.ok(one.alive && one.pid > 0);
  await one.stop();
  await other.kill();
  assert.ok(!one.alive && !other.alive);
  await assert.rejects(one.rpc("eth_chainId"));
});

test("a second node does not start on the port of the first", async () => {
  const one = await Anvil.start({ chainId: 31_338 });
  await assert.rejects(Anvil.start({ chainId: 31_339, port: one.port }), /port/);
  assert.ok(one.alive);
  await one.stop();
});

test("the block before the last is safe and the one before that final", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  await anvil.mine(10);
  const evm = connect(anvil);
  const numbers = await Promise.all((["latest", "safe", "finalized"] as const).map(async (blockTag) => (await evm.getBlock({ blockTag })).number));
  assert.deepEqual(numbers, [10n, 9n, 8n]);
  await anvil.stop();
});

test("blocks are made by the clock where that is asked for", async () => {
  const anvil = await Anvil.start({ chainId: 31_338, blockTime: 1 });
  const evm = connect(anvil);
  const before = await evm.getBlockNumber();
  await new Promise((resolve) => setTimeout(resolve, 2_600));
  const made = (await evm.getBlockNumber()) - before;
  assert.ok(made >= 1n, `${made} blocks`);
  await anvil.stop();
});

test("a reorganisation replaces blocks and undoes what was in them", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil);
  await anvil.mine(3);
  const to = "0x00000000000000000000000000000000000000aa";
  const { blockNumber, blockHash } = await settled(evm, evm.sendTransaction({ to, value: 1n }));
  await anvil.mine(1);
  await anvil.reorg(2);
  const replaced = await evm.getBlock({ blockNumber });
  assert.notEqual(replaced.hash, blockHash);
  assert.equal(await evm.getBalance({ address: to }), 0n);
  await anvil.stop();
});

test("a reorganisation can bring a transaction again, in another block", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil, devKey(2));
  assert.equal(evm.account.address, devAccount(2).address);
  const to = "0x00000000000000000000000000000000000000dd";
  const request = await evm.prepareTransactionRequest({ to, value: 7n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n });
  const signed = await evm.signTransaction({ ...request, account: devAccount(2) });
  const first = await settled(evm, evm.sendRawTransaction({ serializedTransaction: signed }));
  await anvil.mine(2);
  await anvil.reorg(3, [[signed, 1]]);
  const second = await evm.getTransactionReceipt({ hash: first.transactionHash });
  assert.equal(second.blockNumber, first.blockNumber + 1n);
  assert.notEqual(second.blockHash, first.blockHash);
  assert.equal(await evm.getBalance({ address: to }), 7n);
  await anvil.stop();
});

test("snapshots, balances and base fees are set and undone", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil);
  const address = "0x00000000000000000000000000000000000000bb";
  const snapshot = await anvil.snapshot();
  await anvil.setBalance(address, parseEther("3"));
  assert.equal(await evm.getBalance({ address }), parseEther("3"));
  await anvil.revert(snapshot);
  assert.equal(await evm.getBalance({ address }), 0n);
  await assert.rejects(anvil.revert(snapshot), /once/);
  await anvil.setNextBaseFee(123_000_000_000n);
  await anvil.mine();
  assert.equal((await evm.getBlock()).baseFeePerGas, 123_000_000_000n);
  await anvil.stop();
});

test("a node that keeps its state has it after a restart, on the same port", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pensum-anvil-"));
  let anvil = await Anvil.start({ chainId: 31_338, state: join(folder, "state.json") });
  const { port } = anvil;
  const address = "0x00000000000000000000000000000000000000cc";
  await anvil.setBalance(address, 5n);
  await anvil.mine(2);
  anvil = await anvil.restart();
  assert.equal(anvil.port, port);
  const evm = connect(anvil);
  assert.equal(await evm.getBalance({ address }), 5n);
  assert.equal(await evm.getBlockNumber(), 2n);
  await anvil.stop();
  await rm(folder, { recursive: true });
});

test("Hyperlane believes nobody until it is told whom, and then messages proven in either way", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil);
  const hyperlane = await deployHyperlane(evm, { domain: 31_338 });
  const recipient = await deploy(evm, "TestRecipient", abi.testRecipientAbi);
  const origin = new Origin({ domain: 77, keys: [testKey(1), testKey(2), testKey(3), testKey(4)], threshold: 3 });
  const send = async (kind: ModuleKind): Promise<void> => {
    const sent = origin.send({ destination: 31_338, recipient, body: "0xabcdef" });
    origin.send({ destination: 1, recipient, body: "0x" });
    await processMessage(evm, hyperlane, { metadata: await origin.metadata(sent, kind), encoded: sent.encoded });
    assert.ok(await isDelivered(evm, hyperlane, sent.id));
    assert.equal(await evm.readContract({ address: recipient, abi: abi.testRecipientAbi, functionName: "lastData" }), "0xabcdef");
  };
  await refused(send("messageId"), "!threshold");
  for (const kind of ["messageId", "merkleRoot", "messageId"] as const) {
    await setDefaultIsm(evm, hyperlane, { validators: origin.addresses, threshold: 3, kind });
    await send(kind);
  }
  await anvil.stop();
});

test("what the mailbox dispatches is in its tree, in the same order and with our root", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil);
  for (const proxied of [true, false]) {
    const { mailbox, merkleTreeHook } = await deployHyperlane(evm, { domain: 31_338, proxied });
    const tree = new MessageTree();
    for (let at = 0; at < 5; at++) {
      const args = [1_346_719_233, toBytes32(mailbox), `0x0${at}`] as const;
      const value = await evm.readContract({ address: mailbox, abi: abi.mailboxAbi, functionName: "quoteDispatch", args });
      const receipt = await settled(evm, evm.writeContract({ address: mailbox, abi: abi.mailboxAbi, functionName: "dispatch", args, value }));
      const [message] = dispatchedIn(receipt);
      assert.equal(message?.index, tree.insert(message!.id));
      const [root, index] = await evm.readContract({ address: merkleTreeHook, abi: abi.merkleTreeHookAbi, functionName: "latestCheckpoint" });
      assert.deepEqual([root, index], [tree.root(), at]);
    }
  }
  await anvil.stop();
});

test("validators announce where their checkpoints are", async () => {
  const anvil = await Anvil.start({ chainId: 31_338 });
  const evm = connect(anvil);
  const { domain, mailbox, validatorAnnounce } = await deployHyperlane(evm, { domain: 31_338 });
  const { validators } = new Origin({ domain, keys: [testKey(7)], threshold: 1 });
  const location = new URL("checkpoints", import.meta.url).href;
  const signature = await signDigest(announcementDigest({ domain, mailbox: toBytes32(mailbox), location }), testKey(7));
  const contract = { address: validatorAnnounce, abi: abi.validatorAnnounceAbi } as const;
  await settled(evm, evm.writeContract({ ...contract, functionName: "announce", args: [validators[0]!.address, location, signature] }));
  const args = [[validators[0]!.address]] as const;
  assert.deepEqual(await evm.readContract({ ...contract, functionName: "getAnnouncedStorageLocations", args }), [[location]]);
  await anvil.stop();
});
