/** The relayer is killed at every stage of a delivery, both ways, and the node in the middle of several: nothing is lost, nothing comes twice. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeToTasks } from "../../contracts/kit/index.ts";
import { dispatch, fromEvm, TASKS, type Digest, type Hex } from "../../client/ts/src/index.ts";
import { account, REQUESTER } from "../e2e/stage.ts";
import type { EvmChain } from "./evm.ts";
import { PENSUM, type Agent, type RouteStatus } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { PATIENCE, until } from "./waiting.ts";

/** A moment in the life of a message on its way, and how to know that it has come. */
interface Moment {
  name: string;
  come(id: Hex): Promise<unknown>;
}

let stage: Stage;
let chain: EvmChain;
let relayer: Agent;
/** Every message that these tests sent, by where it goes. */
const sent = { pensum: [] as Hex[], evm: [] as Hex[] };
let asked = 0;

before(async () => {
  stage = await openStage({ name: "crash" });
  chain = await stage.connect();
  relayer = await stage.relay("Relayer");
});

/** Sends a message to Pensum that changes nothing there: it takes back what was never asked. */
async function toPensum(): Promise<Hex> {
  const request: Hex = `0x${(++asked).toString(16).padStart(64, "0")}`;
  const { id } = await chain.dispatch(TASKS, encodeToTasks({ kind: "cancel", request }));
  sent.pensum.push(id);
  return id;
}

/** Sends a message to the EVM chain, to somebody who takes anything. */
async function toEvm(): Promise<Digest> {
  const recipient = fromEvm(await inbox());
  const { id } = await dispatch(stage.client, account(REQUESTER), { destination: chain.domain, recipient, body: "0x00" });
  sent.evm.push(id);
  return id;
}

let deployed: Promise<Hex> | undefined;
async function inbox(): Promise<Hex> {
  return (deployed ??= chain.inbox());
}

/** Looks often: some of these moments pass within a tenth of a second. One that has passed has come. */
async function passes(what: string, look: () => Promise<boolean>): Promise<void> {
  await until(what, look, PATIENCE, 15);
}

/** What the relayer says of a route. */
async function says(origin: string, destination: string, look: (route: RouteStatus) => boolean): Promise<void> {
  await passes(`a route from ${origin} to ${destination}`, async () => look(await relayer.route(origin, destination)));
}

const isUnderWay = (count: number) => (route: RouteStatus) => (route.pending_by_reason.submitted ?? 0) > 0 || route.delivered >= count;

async function deliveredAtHead(id: Hex): Promise<boolean> {
  const head = (await stage.client.api.rpc.chain.getBlockHash()).toHex();
  return (await stage.client.rpc.bridgeDelivered(id, head)) !== null;
}

const TO_PENSUM: Moment[] = [
  { name: "before its block is final", come: async () => undefined },
  { name: "once it has been read", come: () => says(chain.name, PENSUM, ({ seen }) => seen >= sent.pensum.length) },
  { name: "once its transaction is signed", come: () => says(chain.name, PENSUM, isUnderWay(sent.pensum.length)) },
  { name: "while its transaction is in the pool", come: (id) => passes("the pool", async () => (await isPooled()) || (await deliveredAtHead(id))) },
  { name: "once it is in a block of Pensum", come: (id) => passes("a block", async () => deliveredAtHead(id)) },
  { name: "once its delivery is final", come: (id) => stage.processed(id) },
];

const TO_EVM: Moment[] = [
  { name: "before its block is final", come: async () => undefined },
  { name: "once it has been read", come: () => says(PENSUM, chain.name, ({ seen }) => seen >= sent.evm.length) },
  { name: "once its transaction is signed", come: () => says(PENSUM, chain.name, isUnderWay(sent.evm.length)) },
  { name: "while its transaction is in the pool", come: (id) => passes("the pool", async () => (await isPending()) || (await chain.delivered(id))) },
  { name: "once it is in a block of the EVM chain", come: (id) => passes("a block", async () => chain.delivered(id)) },
  { name: "once its delivery is final", come: async (id) => chain.final(await chain.processed(id)) },
];

/** Whether a transaction waits in Pensum's pool. */
async function isPooled(): Promise<boolean> {
  return (await stage.client.send<Hex[]>("author_pendingExtrinsics", [])).length > 0;
}

/** Whether a transaction waits in the EVM chain's pool. */
async function isPending(): Promise<boolean> {
  return Number((await chain.anvil.rpc<{ pending: Hex }>("txpool_status")).pending) > 0;
}

for (const moment of TO_PENSUM) {
  test(`a message to Pensum survives a kill ${moment.name}`, async () => {
    const id = await toPensum();
    await moment.come(id);
    await relayer.kill();
    await relayer.restart();
    await stage.processed(id);
  });
}

for (const moment of TO_EVM) {
  test(`a message to the EVM chain survives a kill ${moment.name}`, async () => {
    const id = await toEvm();
    await moment.come(id);
    await relayer.kill();
    await relayer.restart();
    await chain.processed(id);
  });
}

test("messages both ways survive ten kills at odd times", async () => {
  const ids = { pensum: [] as Hex[], evm: [] as Hex[] };
  for (let kill = 0; kill < 10; kill++) {
    ids.pensum.push(await toPensum());
    ids.evm.push(await toEvm());
    // Primes, so that the kills come at another moment of each turn of the relayer and of each block.
    await sleep([13, 101, 257, 389, 503, 641, 769, 887, 997, 61][kill]);
    await relayer.kill();
    await relayer.restart();
  }
  for (const id of ids.pensum) await stage.processed(id);
  for (const id of ids.evm) await chain.processed(id);
});

test("messages both ways survive the kill of Pensum's node, which signs their checkpoints", async () => {
  const before = [await toPensum(), await toPensum()];
  const out = [await toEvm(), await toEvm()];
  await passes("one of them is under way", async () => (await isPooled()) || (await isPending()));
  await stage.net.restart(stage.members[0]!);
  const after = [await toPensum(), await toPensum()];
  out.push(await toEvm());
  for (const id of [...before, ...after]) await stage.processed(id);
  for (const id of out) await chain.processed(id);
});

test("every message was processed exactly once, and the relayer knows it", async () => {
  await until("the relayer is done", async () => relayer.idle());
  const [here, there] = [await stage.processedIds(), await chain.processedIds()];
  assert.deepEqual([...here.keys()].sort(), [...sent.pensum].sort());
  assert.deepEqual([...there.keys()].sort(), [...sent.evm].sort());
  assert.ok([...here.values(), ...there.values()].every((times) => times === 1));
  const routes = await relayer.routes();
  for (const { seen, delivered, pending_by_reason } of routes) assert.deepEqual([delivered, pending_by_reason], [seen, {}]);
});
