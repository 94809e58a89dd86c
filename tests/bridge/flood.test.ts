/**
 * Many messages each way at once, carried by two relayers that race each other and, the last first, by hand: none is lost, none comes
 * twice, in whatever order.
 *
 * A thousand each way; `BRIDGE_MESSAGES=200` for fewer.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { abi, dispatchedIn, messageIdMetadata, settled, type DispatchedMessage } from "../../contracts/kit/index.ts";
import { ChainError, eventsOf, field, fromEvm, send, u8aToHex, type Hex } from "../../client/ts/src/index.ts";
import { account, REQUESTER } from "../e2e/stage.ts";
import { DOLLAR, only, type EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

/** Messages each way. */
const COUNT = Number(process.env.BRIDGE_MESSAGES ?? 1_000);
/** Dispatches in one transaction of Pensum. */
const BATCH = 50;
/** How long all of them may take, in milliseconds. */
const PATIENCE = 60_000 + COUNT * 300;
/** Transactions that are handed to the EVM node at once. */
const AT_ONCE = 50;
/** Messages to Pensum that are brought by hand, the last first; and who brings them. */
const BY_HAND = 10;
const BRINGER = "Eve";
/** Gas of one transfer through the warp route, and to spare. */
const GAS = 400_000n;

let stage: Stage;
let chain: EvmChain;
let relayers: Agent[];
/** What was sent, in order. */
const sent = { pensum: [] as Hex[], evm: [] as Hex[] };
/** The messages to Pensum. */
let messages: DispatchedMessage[];
/** Whom the money is for. */
const HOLDER = u8aToHex(new Uint8Array(32).fill(0x4d));

before(async () => {
  stage = await openStage({ name: "flood" });
  chain = await stage.connect();
  const many = { max_in_flight: 64 };
  // They look at the chains at different times, so that neither is always first.
  relayers = [
    await stage.relay("Castor", { evm: many, pensum: many }),
    await stage.relay("Pollux", { evm: { ...many, poll_seconds: 0.7 }, pensum: { ...many, poll_seconds: 0.5 } }),
  ];
});

/** The amount of one transfer: each another, and none below what an account can hold. */
const amount = (place: number): bigint => DOLLAR / 100n + BigInt(place);

/** Sends all transfers to Pensum, of which each block takes as many as it can. */
async function transfers(): Promise<DispatchedMessage[]> {
  const { evm, warp, token } = chain;
  await settled(evm, evm.writeContract({ address: token, abi: abi.erc20TestAbi, functionName: "approve", args: [warp, 2n ** 255n] }));
  const route = { address: warp, abi: abi.hypERC20CollateralAbi } as const;
  const value = await evm.readContract({ ...route, functionName: "quoteGasPayment", args: [chain.pensum] });
  const first = await evm.getTransactionCount({ address: evm.account.address });
  const send = async (place: number): Promise<Hex> => {
    const args = [chain.pensum, HOLDER, amount(place)] as const;
    return evm.writeContract({ ...route, functionName: "transferRemote", args, value, gas: GAS, nonce: first + place });
  };
  const hashes: Hex[] = [];
  for (let from = 0; from < COUNT; from += AT_ONCE) {
    hashes.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, COUNT - from) }, (_, place) => send(from + place)))));
  }
  const all: DispatchedMessage[] = [];
  for (const hash of hashes) all.push(only(dispatchedIn(await settled(evm, hash))));
  return all;
}

/** Dispatches all messages to the EVM chain, `recipient`, in as few blocks as take them. */
async function dispatches(recipient: Hex): Promise<Hex[]> {
  const { client } = stage;
  const sender = account(REQUESTER);
  const first = (await client.api.rpc.system.accountNextIndex(sender.address)).toNumber();
  const call = client.call("hyperlane", "dispatch")(chain.domain, recipient, "0x01", null);
  const batches = Array.from({ length: Math.ceil(COUNT / BATCH) }, async (_, place) => {
    const calls = Array.from({ length: Math.min(BATCH, COUNT - place * BATCH) }, () => call);
    return send(client.api, sender, client.call("utility", "batchAll")(calls), { nonce: first + place });
  });
  const sent = (await Promise.all(batches)).flatMap(({ events }) => eventsOf(events, "hyperlane", "Dispatched"));
  return sent.map((event) => field(event, "id") as Hex);
}

test(`${COUNT} messages each way arrive, each once`, async (t) => {
  const start = Date.now();
  const recipient = fromEvm(await chain.inbox());
  [messages, sent.evm] = await Promise.all([transfers(), dispatches(recipient)]);
  sent.pensum = messages.map(({ id }) => id);
  assert.deepEqual([sent.pensum.length, sent.evm.length], [COUNT, COUNT]);
  t.diagnostic(`sent after ${(Date.now() - start) / 1000} s`);
  await bringsLastFirst();
  await until("all are there", async () => (await chain.processedIds()).size === COUNT && (await delivered()), PATIENCE, 1_000);
  t.diagnostic(`all there after ${(Date.now() - start) / 1000} s`);
  const [here, there] = [await stage.processedIds(), await chain.processedIds()];
  assert.deepEqual([...here.keys()].sort(), [...sent.pensum].sort());
  assert.deepEqual([...there.keys()].sort(), [...sent.evm].sort());
  assert.ok([...here.values(), ...there.values()].every((times) => times === 1));
  for (const [way, order, arrived] of [["Pensum", sent.pensum, here], ["the EVM chain", sent.evm, there]] as const) {
    const overtaken = outOfOrder(order, [...arrived.keys()]);
    t.diagnostic(`${overtaken} came after a later one on the way to ${way}`);
    assert.ok(overtaken > 0, `all came to ${way} in order`);
  }
});

/** Brings the last messages to Pensum by hand, the very last first, while the relayers are busy with those before them. */
async function bringsLastFirst(): Promise<void> {
  const { client } = stage;
  const bringer = account(BRINGER);
  const first = (await client.api.rpc.system.accountNextIndex(bringer.address)).toNumber();
  const last = messages.slice(-BY_HAND).reverse();
  const [validator] = chain.validators;
  await Promise.all(
    last.map(async ({ index, encoded }, place) => {
      const { value, serialized_signature } = await until(`checkpoint ${index}`, async () => signed(validator!.dir, index));
      const { merkle_tree_hook_address: hook, root } = value.checkpoint;
      const checkpoint = { origin: chain.domain, hook, root, index, messageId: value.message_id };
      const call = client.call("hyperlane", "process")(messageIdMetadata(checkpoint, [serialized_signature]), encoded);
      // Who comes too late has lost nothing but a fee.
      await send(client.api, bringer, call, { nonce: first + place }).catch((error: unknown) => {
        if (!(error instanceof ChainError) || error.code !== "AlreadyDelivered") throw error;
      });
    }),
  );
}

/** A validator's signed checkpoint, once it is there. */
async function signed(dir: string, index: number): Promise<SignedCheckpoint | null> {
  const file = await readFile(join(dir, `${index}_with_id.json`), "utf8").catch(() => null);
  return file === null ? null : (JSON.parse(file) as SignedCheckpoint);
}

/** What a validator's file says. */
interface SignedCheckpoint {
  value: { checkpoint: { merkle_tree_hook_address: Hex; root: Hex }; message_id: Hex };
  serialized_signature: Hex;
}

/** Whether Pensum has processed all of them; the last are asked first. */
async function delivered(): Promise<boolean> {
  for (const id of sent.pensum.toReversed()) if ((await stage.client.rpc.bridgeDelivered(id)) === null) return false;
  return true;
}

/** How many came after one that was sent after them. */
function outOfOrder(order: Hex[], arrived: Hex[]): number {
  const places = new Map(order.map((id, place) => [id, place]));
  let [latest, count] = [-1, 0];
  for (const id of arrived) {
    const place = places.get(id)!;
    if (place < latest) count++;
    latest = Math.max(latest, place);
  }
  return count;
}

test("the money that came is the money that was sent, and both relayers know that all is done", async () => {
  const total = Array.from({ length: COUNT }, (_, place) => amount(place)).reduce((sum, one) => sum + one, 0n);
  assert.equal(await stage.dollars(HOLDER), total);
  assert.deepEqual([await stage.outstanding(chain.domain), await chain.balance(chain.warp)], [total, total]);
  for (const relayer of relayers) {
    await until("the relayer is done", async () => relayer.idle());
    for (const [origin, destination] of [[PENSUM, chain.name], [chain.name, PENSUM]] as const) {
      const { seen, delivered } = await relayer.route(origin, destination);
      assert.deepEqual([seen, delivered], [COUNT, COUNT]);
    }
  }
});
