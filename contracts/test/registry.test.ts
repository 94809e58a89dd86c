import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, keccak256, numberToHex, parseEventLogs, zeroHash, type Address, type Hex } from "viem";
import {
  abi,
  devAccount,
  encodeFromTasks,
  modules,
  Origin,
  processMessage,
  ResultTree,
  testKey,
} from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { answered, ELSEWHERE, HERE, only, Stage, THERE } from "./stage.ts";

const leaves = Array.from({ length: 5 }, (_, at) => keccak256(numberToHex(at)));
const tree = new ResultTree(leaves);

let stage: Stage;
let registry: { address: Address; abi: typeof abi.resultRegistryAbi };
before(async () => {
  stage = await Stage.set();
  registry = { address: stage.registry, abi: abi.resultRegistryAbi };
});
after(() => stage?.stop());

test("roots are taken in any order, each once", async () => {
  for (const batch of [2n, 0n, 2n ** 64n - 1n, 1n]) {
    const receipt = await stage.process(stage.sendRoot({ batch, root: tree.root, leaves: 5 }));
    const event = only(parseEventLogs({ abi: abi.resultRegistryAbi, logs: receipt.logs, eventName: "RootTaken" }));
    assert.deepEqual(event.args, { batch, root: tree.root, leaves: 5 });
    assert.equal(await isRoot(batch, tree.root, 5), true);
    assert.equal(
      await stage.evm.readContract({ ...registry, functionName: "commitments", args: [batch] }),
      keccak256(concat([tree.root, numberToHex(5, { size: 4 })])),
    );
  }
  for (const root of [tree.root, leaves[0]!]) {
    await refused(stage.process(stage.sendRoot({ batch: 2n, root, leaves: 5 })), "AlreadyTaken", [2n]);
  }
});

test("a root belongs to its batch and its number of leaves", async () => {
  await stage.process(stage.sendRoot({ batch: 10n, root: tree.root, leaves: 5 }));
  assert.equal(await isRoot(10n, tree.root, 6), false);
  assert.equal(await isRoot(10n, leaves[0]!, 5), false);
  assert.equal(await isRoot(11n, tree.root, 5), false);
  assert.equal(await isRoot(11n, zeroHash, 0), false);
});

test("results are verified one by one and together", async () => {
  await stage.process(stage.sendRoot({ batch: 20n, root: tree.root, leaves: 5 }));
  for (const [index, leaf] of leaves.entries()) {
    assert.equal(await verify(20n, 5, leaf, index, tree.proof(index)), true);
    assert.equal(await verify(21n, 5, leaf, index, tree.proof(index)), false);
    assert.equal(await verify(20n, 5, leaves[(index + 1) % 5]!, index, tree.proof(index)), false);
  }
  assert.equal(await verify(20n, 6, leaves[0]!, 0, tree.proof(0)), false);
  const nodes = [1, 2, 4].flatMap((index) => [BigInt(index), BigInt(leaves[index]!)]);
  const verifyMany = async (wanted: bigint[], siblings: Hex[]): Promise<boolean> =>
    stage.evm.readContract({ ...registry, functionName: "verifyMany", args: [20n, 5, wanted, siblings] });
  assert.equal(await verifyMany(nodes, tree.siblings([1, 2, 4])), true);
  assert.equal(await verifyMany(nodes.with(1, 1n), tree.siblings([1, 2, 4])), false);
  await refused(verifyMany(nodes, []), "WrongProofLength");
});

test("only the mailbox brings roots", async () => {
  const body = encodeFromTasks({ kind: "root", batch: 30n, root: tree.root, leaves: 5 });
  const call = { ...registry, functionName: "handle", args: [THERE, modules.tasks, body] } as const;
  await refused(stage.evm.simulateContract(call), "NotMailbox", [devAccount(0).address]);
});

test("roots from another chain, or from somebody else on Pensum, are refused", async () => {
  const root = { batch: 40n, root: tree.root, leaves: 5 };
  const elsewhere = new Origin({ domain: ELSEWHERE, keys: [testKey(0x11), testKey(0x22), testKey(0x33)], threshold: 2 });
  const sent = elsewhere.send({ destination: HERE, recipient: stage.registry, body: encodeFromTasks({ kind: "root", ...root }) });
  const metadata = await elsewhere.metadata(sent, "messageId");
  await refused(processMessage(stage.evm, stage.hyperlane, { metadata, encoded: sent.encoded }), "WrongOrigin", [ELSEWHERE]);
  await refused(stage.process(stage.sendRoot(root, { sender: modules.mailbox })), "WrongSender", [modules.mailbox]);
});

test("a body that is no root, a batch without results and a value are refused", async () => {
  const root = { batch: 50n, root: tree.root, leaves: 5 };
  const body = encodeFromTasks({ kind: "root", ...root });
  await refused(stage.process(stage.sendRoot(root, { body: `0x01${body.slice(4)}` })), "WrongKind", [2, 1]);
  await refused(stage.process(stage.sendRoot(root, { body: "0x" })), "WrongKind", [2, 0]);
  await refused(stage.process(stage.sendRoot(root, { body: body.slice(0, -2) as Hex })), "");
  await refused(stage.process(stage.sendRoot({ ...root, leaves: 0 })), "EmptyBatch", [50n]);
  const sent = stage.sendRoot(root);
  const args = [await stage.pensum.metadata(sent, "messageId"), sent.encoded] as const;
  const call = { address: stage.mailbox, abi: abi.mailboxAbi, functionName: "process", args, value: 1n } as const;
  await refused(stage.evm.simulateContract(call), "ValueNotTaken");
});

test("a consumer takes no root, and the registry no result", async () => {
  const consumer = await stage.consumer("Fickle");
  const request = await stage.ask(consumer);
  await refused(stage.process(stage.sendRoot({ batch: 60n, root: tree.root, leaves: 5 }, { recipient: consumer })), "NotAResult");
  await refused(stage.process(stage.send(stage.registry, answered(consumer, request))), "WrongKind", [2, 1]);
});

async function isRoot(batch: bigint, root: Hex, count: number): Promise<boolean> {
  return stage.evm.readContract({ ...registry, functionName: "isRoot", args: [batch, root, count] });
}

async function verify(batch: bigint, count: number, leaf: Hex, index: number, proof: Hex[]): Promise<boolean> {
  return stage.evm.readContract({ ...registry, functionName: "verify", args: [batch, count, leaf, index, proof] });
}
