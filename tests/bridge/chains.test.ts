/** Two EVM chains, one with each type of module, served by one relayer: they do not get into each other's way or into each other's money. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { encodeToTasks } from "../../contracts/kit/index.ts";
import { dispatch, fromEvm, TASKS, u8aToHex, type Digest, type Hex } from "../../client/ts/src/index.ts";
import { account, refuses, REQUESTER, sends } from "../e2e/stage.ts";
import { ASSET, DOLLAR, type EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import { FIRST, SECOND, type Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

let stage: Stage;
let first: EvmChain;
let second: EvmChain;
let relayer: Agent;

before(async () => {
  stage = await openStage({ name: "chains" });
  first = await stage.connect({ domain: FIRST, kind: "messageId", keys: [0x11] });
  second = await stage.connect({ domain: SECOND, kind: "merkleRoot", keys: [0x22] });
  relayer = await stage.relay("Relayer");
});

/** Sends a message to Pensum that changes nothing there. */
async function toPensum(chain: EvmChain): Promise<Hex> {
  return (await chain.dispatch(TASKS, encodeToTasks({ kind: "cancel", request: `0x${"00".repeat(32)}` }))).id;
}

/** Sends a message to a contract that does nothing. */
async function toEvm(chain: EvmChain): Promise<Digest> {
  const recipient = fromEvm(await chain.inbox());
  return (await dispatch(stage.client, account(REQUESTER), { destination: chain.domain, recipient, body: "0x01" })).id;
}

test("messages go both ways between Pensum and each chain, and none goes astray", async () => {
  const [to, from] = [[await toEvm(first), await toEvm(second)], [await toPensum(first), await toPensum(second)]];
  await first.processed(to[0]!);
  await second.processed(to[1]!);
  for (const id of from) await stage.processed(id);
  assert.deepEqual([await first.delivered(to[1]!), await second.delivered(to[0]!)], [false, false]);
});

test("the same address on two chains has two accounts, each with its own money", async () => {
  const consumers = [await first.consumer(), await second.consumer()] as const;
  assert.notEqual(consumers[0].account, consumers[1].account);
  const deposits = [await first.deposit(consumers[0].account, 2n * DOLLAR), await second.deposit(consumers[1].account, DOLLAR)];
  for (const { id } of deposits) await stage.processed(id);
  assert.deepEqual([await stage.dollars(consumers[0].account), await stage.dollars(consumers[1].account)], [2n * DOLLAR, DOLLAR]);
  assert.deepEqual([await stage.outstanding(FIRST), await stage.outstanding(SECOND)], [2n * DOLLAR, DOLLAR]);
});

test("what came from one chain goes to another only as far as that one's collateral reaches", async () => {
  const to = fromEvm(`0x${"5c".repeat(20)}`);
  const transfer = (domain: number, amount: bigint): Promise<unknown> =>
    sends(stage.client, REQUESTER, "taskBridge", "transferRemote", ASSET, domain, to, amount);
  await refuses(transfer(SECOND, DOLLAR + 1n), "taskBridge", "NotEnoughOutstanding");
  await transfer(SECOND, DOLLAR);
  await until("it is there", async () => (await second.balance(`0x${to.slice(26)}`)) === DOLLAR);
  await refuses(transfer(SECOND, 1n), "taskBridge", "NotEnoughOutstanding");
  assert.deepEqual([await stage.outstanding(FIRST), await stage.outstanding(SECOND)], [2n * DOLLAR, 0n]);
  assert.deepEqual([await first.balance(first.warp), await second.balance(second.warp)], [2n * DOLLAR, 0n]);
});

test("while one chain's node stands still, messages of the other go on, and its own arrive when it is back", async () => {
  process.kill(second.anvil.pid, "SIGSTOP");
  try {
    const [out, home] = [await toEvm(first), await toPensum(first)];
    const recipient = fromEvm(`0x${"5d".repeat(20)}`);
    const waits = (await dispatch(stage.client, account(REQUESTER), { destination: SECOND, recipient, body: "0x" })).id;
    await first.processed(out);
    await stage.processed(home);
    process.kill(second.anvil.pid, "SIGCONT");
    await second.anvil.rpc("anvil_setCode", [`0x${"5d".repeat(20)}`, await second.evm.getCode({ address: await second.inbox() })]);
    await second.processed(waits, 90_000);
  } finally {
    process.kill(second.anvil.pid, "SIGCONT");
  }
});

test("a message that one chain's router has not sent brings no money, whoever signed it", async () => {
  const holder = u8aToHex(new Uint8Array(32).fill(0x51));
  const body: Hex = `0x${holder.slice(2)}${DOLLAR.toString(16).padStart(64, "0")}`;
  const route = fromEvm(`0x${Buffer.from("pensum/warp/").toString("hex")}${ASSET.toString(16).padStart(16, "0")}`);
  const { id } = await second.dispatch(route, body);
  const refused = async (): Promise<boolean> => ((await relayer.route(second.name, PENSUM)).pending_by_reason.refused ?? 0) === 1;
  await until("it is refused", refused);
  assert.deepEqual([await stage.client.rpc.bridgeDelivered(id), await stage.dollars(holder)], [null, 0n]);
});
