import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { encodeErrorResult, encodeFunctionData, type Address, type Hex } from "viem";
import { abi, isDelivered, leafOf, packClaims, ResultTree, settled, type Result, type Sent } from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { answered, only, Stage } from "./stage.ts";

let stage: Stage;
let consumers: [Address, Address];
let next = 0n;
before(async () => {
  stage = await Stage.set({ kind: "merkleRoot" });
  consumers = [await stage.consumer("Quiet"), await stage.consumer("Quiet")];
});
after(() => stage?.stop());

test("root and results of two contracts come in one transaction", async () => {
  const { sent, results, claims } = await prepared();
  await relay(sent, claims);
  assert.ok(await isDelivered(stage.evm, stage.hyperlane, sent.id));
  for (const { request } of results) for (const address of consumers) assert.equal(await standing(address, request), 0);
});

test("it makes no difference whether the root came before", async () => {
  const { sent, results, claims } = await prepared();
  await stage.process(sent);
  await relay(sent, claims);
  for (const { request } of results) for (const address of consumers) assert.equal(await standing(address, request), 0);
});

test("where one claim is refused nothing is done, and it says which and why", async () => {
  const { sent, claims } = await prepared();
  const short = [claims[0]!, { ...claims[1]!, call: encodeFunctionData({ abi: abi.quietAbi, functionName: "claimMany", args: EMPTY }) }];
  const reason = encodeErrorResult({ abi: abi.pensumTreeAbi, errorName: "WrongIndex", args: [0n] });
  await refused(simulate(sent, short), "ClaimRefused", [1n, reason]);
  assert.ok(!(await isDelivered(stage.evm, stage.hyperlane, sent.id)));
});

test("nothing but claims is called", async () => {
  const { sent, claims } = await prepared();
  const call = encodeFunctionData({ abi: abi.erc20TestAbi, functionName: "transfer", args: [consumers[0], 1n] });
  await refused(simulate(sent, [claims[0]!, { client: consumers[0], call }]), "NotAClaim", [1n]);
  await refused(simulate(sent, [{ client: consumers[0], call: "0x" }]), "NotAClaim", [0n]);
});

interface Claim {
  client: Address;
  call: Hex;
}

const EMPTY = [0n, 0, 0n, { outcome: 0, reason: 0, model: `0x${"00".repeat(32)}`, verification: 0, asset: 0 }, "0x", []] as const;

async function prepared(): Promise<{ sent: Sent; results: Result[]; claims: Claim[] }> {
  const owners = [0, 1, 1, 0, 1] as const;
  const results: Result[] = [];
  for (const owner of owners) results.push(answered(consumers[owner], await stage.ask(consumers[owner], { delivery: 1 })));
  const tree = new ResultTree(results.map(leafOf));
  const batch = next++;
  const sent = stage.sendRoot({ batch, root: tree.root, leaves: tree.leaves });
  const claims = consumers.map((client, owner) => {
    const own = results.map((result, index) => ({ index, result })).filter(({ index }) => owners[index] === owner);
    const { count, shared, packed, siblings } = only(packClaims(tree, own));
    const args = [batch, tree.leaves, count, shared, packed, siblings] as const;
    return { client, call: encodeFunctionData({ abi: abi.quietAbi, functionName: "claimMany", args }) };
  });
  return { sent, results, claims };
}

async function call(sent: Sent, claims: Claim[]) {
  const args = [stage.mailbox, await stage.pensum.metadata(sent, "merkleRoot"), sent.encoded, claims] as const;
  return { address: stage.relay, abi: abi.batchRelayAbi, functionName: "relay", args } as const;
}

async function relay(sent: Sent, claims: Claim[]): Promise<void> {
  await settled(stage.evm, stage.evm.writeContract(await call(sent, claims)));
}

async function simulate(sent: Sent, claims: Claim[]): Promise<unknown> {
  return stage.evm.simulateContract(await call(sent, claims));
}

async function standing(address: Address, request: Hex): Promise<number> {
  return stage.evm.readContract({ address, abi: abi.quietAbi, functionName: "standing", args: [request] });
}
