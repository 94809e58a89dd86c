/**
 * Many messages each way at once, carried by two relayers that race each other: none is lost, none comes twice, in whatever order.
 *
 * 200 each way; `BRIDGE_MESSAGES=1000` for as many as that.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { abi, dispatchedIn, settled } from "../../contracts/kit/index.ts";
import { eventsOf, field, fromEvm, send, u8aToHex, type Hex } from "../../client/ts/src/index.ts";
import { account, REQUESTER } from "../e2e/stage.ts";
import { DOLLAR, only, type EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

/** Messages each way. */
const COUNT = Number(process.env.BRIDGE_MESSAGES ?? 200);
/** Dispatches in one transaction of Pensum. */
const BATCH = 50;
/** How long all of them may take, in milliseconds. */
const PATIENCE = 60_000 + COUNT * 300;
/** Gas of one transfer through the warp route, and to spare. */
const GAS = 400_000n;

let stage: Stage;
let chain: EvmChain;
let relayers: Agent[];
/** What was sent, in order. */
const sent = { pensum: [] as Hex[], evm: [] as Hex[] };
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
async function transfers(): Promise<Hex[]> {
  const { evm, warp, token } = chain;
  await settled(evm, evm.writeContract({ address: token, abi: abi.erc20TestAbi, functionName: "approve", args: [warp, 2n ** 255n] }));
  const route = { address: warp, abi: abi.hypERC20CollateralAbi } as const;
  const value = await evm.readContract({ ...route, functionName: "quoteGasPayment", args: [chain.pensum] });
  let nonce = await evm.getTransactionCount({ address: evm.account.address, blockTag: "pending" });
  const hashes: Hex[] = [];
  for (let place = 0; place < COUNT; place++) {
    const args = [chain.pensum, HOLDER, amount(place)] as const;
    hashes.push(await evm.writeContract({ ...route, functionName: "transferRemote", args, value, gas: GAS, nonce: nonce++ }));
  }
  const receipts = await Promise.all(hashes.map((hash) => settled(evm, hash)));
  return receipts.map((receipt) => only(dispatchedIn(receipt)).id);
}

/** Dispatches all messages to the EVM chain. */
async function dispatches(): Promise<Hex[]> {
  const { client } = stage;
  const recipient = fromEvm(await chain.inbox());
  const ids: Hex[] = [];
  for (let first = 0; first < COUNT; first += BATCH) {
    const calls = Array.from({ length: Math.min(BATCH, COUNT - first) }, () => client.call("hyperlane", "dispatch")(chain.domain, recipient, "0x01", null));
    const { events } = await send(client.api, account(REQUESTER), client.call("utility", "batchAll")(calls));
    ids.push(...eventsOf(events, "hyperlane", "Dispatched").map((event) => field(event, "id") as Hex));
  }
  return ids;
}

test(`${COUNT} messages each way arrive, each once`, async (t) => {
  const start = Date.now();
  sent.pensum = await transfers();
  sent.evm = await dispatches();
  assert.deepEqual([sent.pensum.length, sent.evm.length], [COUNT, COUNT]);
  t.diagnostic(`sent after ${(Date.now() - start) / 1000} s`);
  await until("all are there", async () => (await chain.processedIds()).size === COUNT && (await delivered()), PATIENCE, 1_000);
  t.diagnostic(`all there after ${(Date.now() - start) / 1000} s`);
  const [here, there] = [await stage.processedIds(), await chain.processedIds()];
  assert.deepEqual([...here.keys()].sort(), [...sent.pensum].sort());
  assert.deepEqual([...there.keys()].sort(), [...sent.evm].sort());
  assert.ok([...here.values(), ...there.values()].every((times) => times === 1));
  for (const [way, order, arrived] of [["Pensum", sent.pensum, here], ["the EVM chain", sent.evm, there]] as const) {
    t.diagnostic(`${outOfOrder(order, [...arrived.keys()])} overtook another on the way to ${way}`);
  }
});

/** Whether Pensum has processed all of them; the last are asked first. */
async function delivered(): Promise<boolean> {
  for (const id of sent.pensum.toReversed()) if ((await stage.client.rpc.bridgeDelivered(id)) === null) return false;
  return true;
}

/** How many came before one that was sent before them. */
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
