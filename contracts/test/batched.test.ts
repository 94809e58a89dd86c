import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { concat, encodeFunctionData, parseEventLogs, slice, zeroHash, type Address, type Hex } from "viem";
import { abi, connect, devAccount, leafOf, packClaims, ResultTree, settled, type PackedClaim, type Placed, type Result } from "../kit/index.ts";
import { refused } from "./refusal.ts";
import { answered, only, Stage, ZERO } from "./stage.ts";

/** What the callback of `Fickle` does. */
const Mood = { takes: 0, reverts: 1, burnsGas: 2, claimsAgain: 4 } as const;
/** `PensumClient.Standing`. */
const Standing = { none: 0, pending: 1, failed: 2 } as const;

let stage: Stage;
let consumer: Address;
let next = 0n;
before(async () => {
  stage = await Stage.set();
  consumer = await stage.consumer("Fickle");
});
after(() => stage?.stop());

test("each result of a batch is claimed by itself, by anybody, in any order", async () => {
  const { batch, tree, results } = await sent(5);
  const anybody = connect(stage.anvil, devAccount(4));
  for (const index of [3, 0, 4, 1, 2]) {
    const args = [results[index]!, batch, 5, index, tree.proof(index)] as const;
    const receipt = await settled(anybody, anybody.writeContract({ address: consumer, abi: abi.fickleAbi, functionName: "claim", args }));
    const [event] = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "Taken" });
    assert.deepEqual(event?.args.result, results[index]);
  }
  for (const { request } of results) assert.equal(await taken(request), 1n);
});

test("all results of a batch are claimed at once, with everything that they say", async () => {
  for (const width of [1, 2, 7, 64]) {
    const { batch, tree, results } = await sent(width);
    const receipt = await claimMany(batch, tree, only(packClaims(tree, placed(results))));
    const events = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "Taken" });
    assert.deepEqual(events.map(({ args }) => args.result), results);
  }
});

test("results with outputs of any length, none included, are packed and unpacked", async () => {
  const outputs = [0, 1, 4, 31, 32, 33, 64, 1024].map((length): Hex => `0x${"5a".repeat(length)}`);
  const { batch, tree, results } = await sent(outputs.length, (at) => ({ output: outputs[at]!, price: 2n ** 128n - 1n, task: 2n ** 64n - 1n }));
  const receipt = await claimMany(batch, tree, only(packClaims(tree, placed(results))));
  const events = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "Taken" });
  assert.deepEqual(events.map(({ args }) => args.result), results);
});

test("results with little in common are claimed at once by what they have in common", async () => {
  const { batch, tree, results } = await sent(9, (at) =>
    at % 3 === 0 ? {} : at % 3 === 1 ? { outcome: 1, reason: 2, output: "0x", price: 0n } : { outcome: 2, reason: 7, output: "0x", record: zeroHash },
  );
  const claims = packClaims(tree, placed(results));
  assert.equal(claims.length, 3);
  for (const claim of claims) await claimMany(batch, tree, claim);
  for (const { request } of results) assert.equal(await taken(request), 1n);
});

test("results of several contracts in one batch are each contract's to claim", async () => {
  const other = await stage.consumer("Fickle");
  const owners = [consumer, other, other, consumer, other, consumer, consumer];
  const results: Result[] = [];
  for (const owner of owners) results.push(answered(owner, await stage.ask(owner, { delivery: 1 })));
  const batch = next++;
  const { tree } = await stage.batch(batch, results);
  for (const owner of [consumer, other]) {
    const own = placed(results).filter(({ index }) => owners[index] === owner);
    await claimMany(batch, tree, only(packClaims(tree, own)), owner);
    for (const { result } of own) assert.equal(await taken(result.request, owner), 1n);
  }
});

test("batches are claimed in any order, once their root came", async () => {
  const first = await prepared(2);
  const second = await prepared(3);
  const claims = [first, second].map(({ tree, results }) => only(packClaims(tree, placed(results))));
  await refused(simulateMany(second.batch, second.tree, claims[1]!), "NotProven", [second.batch]);
  await stage.batch(second.batch, second.results);
  await claimMany(second.batch, second.tree, claims[1]!);
  await refused(simulateMany(first.batch, first.tree, claims[0]!), "NotProven", [first.batch]);
  await stage.batch(first.batch, first.results);
  await claimMany(first.batch, first.tree, claims[0]!);
});

test("a claim with another result, place, proof, number of leaves or batch is refused", async () => {
  const { batch, tree, results } = await sent(6);
  const [result, proof] = [results[2]!, tree.proof(2)];
  const claim = async (args: readonly [Result, bigint, number, number, Hex[]]): Promise<unknown> =>
    stage.evm.simulateContract({ address: consumer, abi: abi.fickleAbi, functionName: "claim", args });
  await claim([result, batch, 6, 2, proof]);
  for (const spoiled of [{ price: 1n }, { output: "0x04000000" as const }, { outcome: 1 }, { endedAt: 1 }, { sender: zeroHash }]) {
    await refused(claim([{ ...result, ...spoiled }, batch, 6, 2, proof]), "NotProven", [batch]);
  }
  await refused(claim([result, batch, 6, 3, proof]), "NotProven", [batch]);
  await refused(claim([result, batch, 6, 2, [proof[1]!, proof[0]!, proof[2]!]]), "NotProven", [batch]);
  await refused(claim([result, batch, 6, 2, tree.proof(3)]), "NotProven", [batch]);
  await refused(claim([result, batch, 6, 2, proof.slice(1)]), "WrongProofLength");
  // Five, seven and eight leaves have the same way up from here.
  for (const leaves of [5, 7, 8]) await refused(claim([result, batch, leaves, 2, proof]), "NotProven", [batch]);
  await refused(claim([result, batch, 9, 2, proof]), "WrongProofLength");
  await refused(claim([result, batch, 2, 2, proof]), "WrongIndex", [2n]);
  await refused(claim([result, batch + 1n, 6, 2, proof]), "NotProven", [batch + 1n]);
});

test("a claim of many with anything else in it than was sent is refused", async () => {
  const { batch, tree, results } = await sent(6);
  const claim = only(packClaims(tree, placed(results)));
  const part = only(packClaims(tree, placed(results).slice(1, 4)));
  await simulateMany(batch, tree, claim);
  await simulateMany(batch, tree, part);
  for (const shared of [{ outcome: 1 }, { reason: 1 }, { model: zeroHash }, { verification: 1 }, { asset: 8 }]) {
    await refused(simulateMany(batch, tree, { ...claim, shared: { ...claim.shared, ...shared } }), "NotProven", [batch]);
  }
  // Every byte of a packed result counts: one of each field, and of the output.
  for (const at of [4, 40, 50, 100, 120, 125, 150, 163]) {
    await refused(simulateMany(batch, tree, { ...claim, packed: flipped(claim.packed, at) }), "NotProven", [batch]);
  }
  for (const at of [0, 3]) await assert.rejects(simulateMany(batch, tree, { ...claim, packed: flipped(claim.packed, at) }));
  for (const spoiled of [claim.packed.slice(0, -2) as Hex, concat([claim.packed, "0x00"]), "0x" as const]) {
    await refused(simulateMany(batch, tree, { ...claim, packed: spoiled }), "BadPacking");
  }
  for (const count of [0n, 5n, 7n, 2n ** 255n]) await refused(simulateMany(batch, tree, { ...claim, count }), "BadPacking");
  await refused(simulateMany(batch, tree, { ...claim, siblings: [zeroHash] }), "WrongProofLength");
  await refused(simulateMany(batch, tree, { ...part, siblings: part.siblings.slice(1) }), "WrongProofLength");
  await refused(simulateMany(batch, tree, { ...part, siblings: [...part.siblings].reverse() }), "NotProven", [batch]);
  await refused(simulateMany(batch, tree, claim, consumer, 7), "WrongProofLength");
  await refused(simulateMany(batch, tree, part, consumer, 5), "NotProven", [batch]);
  await refused(simulateMany(batch, tree, claim, consumer, 5), "WrongIndex", [5n]);
});

test("a result twice in a claim of many is refused", async () => {
  const { batch, tree, results } = await sent(4);
  const one = only(packClaims(tree, placed(results).slice(1, 2)));
  const twice = { ...one, count: 2n, packed: concat([one.packed, one.packed]) };
  await refused(simulateMany(batch, tree, twice), "NotRising");
  await refused(simulateMany(batch, tree, { ...twice, siblings: [...one.siblings, ...one.siblings] }), "NotRising");
});

test("a result is claimed once, whichever way it comes second", async () => {
  const { batch, tree, results } = await sent(3);
  const args = [results[1]!, batch, 3, 1, tree.proof(1)] as const;
  const claim = { address: consumer, abi: abi.fickleAbi, functionName: "claim", args } as const;
  await settled(stage.evm, stage.evm.writeContract(claim));
  await refused(stage.evm.simulateContract(claim), "NotPending", [results[1]!.request]);
  await refused(stage.process(stage.send(consumer, results[1]!)), "NotPending", [results[1]!.request]);

  // Those that were taken are passed over, so that nobody can spoil a claim.
  const many = only(packClaims(tree, placed(results)));
  assert.equal((await simulateMany(batch, tree, many)).result, 2n);
  await claimMany(batch, tree, many);
  assert.equal((await simulateMany(batch, tree, many)).result, 0n);
  for (const { request } of results) assert.equal(await taken(request), 1n);

  // The same result in another batch is as little taken again.
  const again = next++;
  await stage.batch(again, results);
  await refused(stage.evm.simulateContract({ ...claim, args: [results[1]!, again, 3, 1, tree.proof(1)] }), "NotPending");
});

test("a proven result of somebody else's request, or of none, is refused", async () => {
  const other = await stage.consumer("Fickle");
  const theirs = answered(other, await stage.ask(other));
  const nobodys = answered(consumer, `0x${"ee".repeat(32)}`);
  const batch = next++;
  const { tree } = await stage.batch(batch, [theirs, nobodys]);
  const claim = { address: consumer, abi: abi.fickleAbi, functionName: "claim" } as const;
  await refused(stage.evm.simulateContract({ ...claim, args: [theirs, batch, 2, 0, tree.proof(0)] }), "NotPending", [theirs.request]);
  await refused(stage.evm.simulateContract({ ...claim, args: [nobodys, batch, 2, 1, tree.proof(1)] }), "NotPending", [nobodys.request]);
});

test("a callback that fails spoils no other result of the claim, and its result is brought again", async () => {
  const { batch, tree, results } = await sent(4);
  const sulking = results[2]!.request;
  for (const mood of [Mood.reverts, Mood.burnsGas]) {
    const before = await stage.anvil.snapshot();
    // The callback fails where the result that it takes is this one.
    await becomeFor(mood, sulking);
    const receipt = await claimMany(batch, tree, only(packClaims(tree, placed(results))));
    const failed = parseEventLogs({ abi: abi.fickleAbi, logs: receipt.logs, eventName: "CallbackFailed" });
    assert.deepEqual(failed.map(({ args }) => args.request), [sulking]);
    for (const { request } of results) {
      assert.equal(await standing(request), request === sulking ? Standing.failed : Standing.none);
      assert.equal(await taken(request), request === sulking ? 0n : 1n);
    }
    await become(Mood.takes);
    const retry = { address: consumer, abi: abi.fickleAbi, functionName: "retry", args: [results[2]!] } as const;
    await settled(stage.evm, stage.evm.writeContract(retry));
    assert.equal(await taken(sulking), 1n);
    await stage.anvil.revert(before);
  }
});

test("with too little gas for one callback nothing is claimed", async () => {
  const { batch, tree, results } = await sent(4);
  const claim = only(packClaims(tree, placed(results)));
  const args = argsOf(batch, tree, claim);
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "claimMany", args } as const;
  const enough = await stage.evm.estimateContractGas(call);
  await refused(stage.evm.simulateContract({ ...call, gas: enough - 20_000n }), "InsufficientGas");
});

test("a callback that claims the rest of the batch takes each result once", async () => {
  const { batch, tree, results } = await sent(3, () => ({}), (at) => (at === 0 ? 1_000_000n : 100_000n));
  const many = only(packClaims(tree, placed(results)));
  const rest = only(packClaims(tree, placed(results).slice(1)));
  const args = argsOf(batch, tree, rest);
  const data = encodeFunctionData({ abi: abi.fickleAbi, functionName: "claimMany", args });
  await settled(stage.evm, stage.evm.writeContract({ address: consumer, abi: abi.fickleAbi, functionName: "setAgain", args: [data] }));
  await becomeFor(Mood.claimsAgain, results[0]!.request);
  await claimMany(batch, tree, many);
  await become(Mood.takes);
  for (const { request } of results) {
    assert.equal(await taken(request), 1n);
    assert.equal(await standing(request), Standing.none);
  }
});

test("a contract without a registry claims nothing", async () => {
  const alone = await stage.consumer("Fickle", { registry: ZERO });
  const result = answered(alone, await stage.ask(alone));
  const batch = next++;
  await stage.batch(batch, [result]);
  const args = [result, batch, 1, 0, []] as const;
  await refused(stage.evm.simulateContract({ address: alone, abi: abi.fickleAbi, functionName: "claim", args }), "TakesNoBatches");
});

test("a request in a batch can be as well answered by a message of its own", async () => {
  const request = await stage.ask(consumer, { delivery: 1 });
  await stage.process(stage.send(consumer, answered(consumer, request)));
  assert.equal(await taken(request), 1n);
});

interface Batch {
  batch: bigint;
  tree: ResultTree;
  results: Result[];
}

/** Asks so often, and answers. */
async function prepared(width: number, change: (at: number) => Partial<Result> = () => ({}), callbackGas = (_at: number): bigint => 200_000n): Promise<Batch> {
  const results: Result[] = [];
  for (let at = 0; at < width; at++) {
    const request = await stage.ask(consumer, { delivery: 1, callbackGas: callbackGas(at) });
    results.push(answered(consumer, request, change(at)));
  }
  return { batch: next++, tree: new ResultTree(results.map(leafOf)), results };
}

/** Asks so often, answers, and has the registry take the root. */
async function sent(...wanted: Parameters<typeof prepared>): Promise<Batch> {
  const made = await prepared(...wanted);
  await stage.batch(made.batch, made.results);
  return made;
}

function placed(results: Result[]): Placed[] {
  return results.map((result, index) => ({ index, result }));
}

function argsOf(batch: bigint, tree: ResultTree, claim: PackedClaim, leaves = tree.leaves) {
  return [batch, leaves, claim.count, claim.shared, claim.packed, claim.siblings] as const;
}

async function simulateMany(batch: bigint, tree: ResultTree, claim: PackedClaim, address = consumer, leaves?: number): Promise<{ result: bigint }> {
  return stage.evm.simulateContract({ address, abi: abi.fickleAbi, functionName: "claimMany", args: argsOf(batch, tree, claim, leaves) });
}

async function claimMany(batch: bigint, tree: ResultTree, claim: PackedClaim, address = consumer) {
  const args = argsOf(batch, tree, claim);
  return settled(stage.evm, stage.evm.writeContract({ address, abi: abi.fickleAbi, functionName: "claimMany", args }));
}

async function standing(request: Hex): Promise<number> {
  return stage.evm.readContract({ address: consumer, abi: abi.fickleAbi, functionName: "standing", args: [request] });
}

async function taken(request: Hex, address = consumer): Promise<bigint> {
  return stage.evm.readContract({ address, abi: abi.fickleAbi, functionName: "taken", args: [request] });
}

async function become(mood: number): Promise<void> {
  await settled(stage.evm, stage.evm.writeContract({ address: consumer, abi: abi.fickleAbi, functionName: "become", args: [mood] }));
}

async function becomeFor(mood: number, request: Hex): Promise<void> {
  const call = { address: consumer, abi: abi.fickleAbi, functionName: "becomeFor", args: [mood, request] } as const;
  await settled(stage.evm, stage.evm.writeContract(call));
}

function flipped(bytes: Hex, at: number): Hex {
  const byte = Number(slice(bytes, at, at + 1)) ^ 1;
  return concat([at === 0 ? "0x" : slice(bytes, 0, at), `0x${byte.toString(16).padStart(2, "0")}`, slice(bytes, at + 1)]);
}
