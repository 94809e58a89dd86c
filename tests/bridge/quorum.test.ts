/** Four validators on each side, of whom three must have signed: what happens while too many of them are silent, and when they are back. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { encodeToTasks } from "../../contracts/kit/index.ts";
import { dispatch, fromEvm, TASKS, type Digest, type Hex, type Member } from "../../client/ts/src/index.ts";
import { account, REQUESTER } from "../e2e/stage.ts";
import type { EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { stays, until } from "./waiting.ts";

/** How many of the four must have signed. */
const QUORUM = 3;
/** For how long nothing must happen while too few sign, in milliseconds: a delivery takes less. */
const QUIET = 8_000;

let stage: Stage;
let chain: EvmChain;
let relayer: Agent;
let recipient: Hex;
let asked = 0;

before(async () => {
  stage = await openStage({ name: "quorum", validators: ["alice", "bob", "charlie", "dave"] });
  chain = await stage.connect({ keys: [0x11, 0x22, 0x33, 0x44], threshold: QUORUM, quorum: QUORUM });
  relayer = await stage.relay("Relayer");
  recipient = fromEvm(await chain.inbox());
});

async function toPensum(): Promise<Hex> {
  const request: Hex = `0x${(++asked).toString(16).padStart(64, "0")}`;
  return (await chain.dispatch(TASKS, encodeToTasks({ kind: "cancel", request }))).id;
}

async function toEvm(): Promise<Digest> {
  return (await dispatch(stage.client, account(REQUESTER), { destination: chain.domain, recipient, body: "0x01" })).id;
}

/** Ends a validator's node at once; `net.restart` brings it back. */
async function silence(member: Member): Promise<void> {
  await member.client.close();
  await member.node.kill();
}

/** The checkpoint of a message from Pensum, once its signatures are in the state. */
async function signers(id: Hex): Promise<Hex[]> {
  const { count } = await stage.client.rpc.bridgeInfo();
  const message = (await stage.client.rpc.bridgeMessages(0, count)).find((one) => one.id === id);
  const checkpoint = message && (await stage.client.rpc.bridgeCheckpoint(message.index));
  return checkpoint ? checkpoint.signatures.map(({ validator }) => validator) : [];
}

test("all four validators sign, three of them are enough for the contract, and their order is the contract's", async () => {
  const id = await toEvm();
  await chain.processed(id);
  await until("four signatures", async () => (await signers(id)).length === 4);
  const all = (await stage.client.rpc.bridgeValidators()).map(({ address }) => address);
  assert.deepEqual((await signers(id)).sort(), all.sort());
});

test("with one validator of each side silent, messages go both ways as before", async () => {
  const [, , , dave] = stage.members;
  await silence(dave!);
  await chain.validators[3]!.agent!.kill();
  const [out, home] = [await toEvm(), await toPensum()];
  await chain.processed(out);
  await stage.processed(home);
});

test("with half of the EVM chain's validators silent nothing reaches Pensum, and everything does once one of them is back", async () => {
  const third = chain.validators[2]!.agent!;
  await third.kill();
  const ids = [await toPensum(), await toPensum()];
  const waiting = async (): Promise<boolean> => ((await relayer.route(chain.name, PENSUM)).pending_by_reason.signatures ?? 0) === ids.length;
  await until("both wait for signatures", waiting);
  await stays("nobody believes two of four", async () => (await stage.client.rpc.bridgeDelivered(ids[0]!)) === null, QUIET);
  await third.restart();
  for (const id of ids) await stage.processed(id);
});

test("with half of Pensum's validators silent nothing reaches the EVM chain, and everything does once one of them is back", async () => {
  const charlie = stage.members[2]!;
  await silence(charlie);
  const id = await toEvm();
  await stays("nobody signs what is not final", async () => !(await chain.delivered(id)), QUIET);
  assert.deepEqual(await signers(id), []);
  await stage.net.restart(charlie);
  await chain.processed(id, 90_000);
});

test("a validator that was away signs what it missed", async () => {
  await stage.net.restart(stage.members[3]!);
  const missed = await stage.client.rpc.bridgeInfo();
  await until("four signatures of each checkpoint", async () => {
    for (let index = 0; index < missed.count; index++) {
      const checkpoint = await stage.client.rpc.bridgeCheckpoint(index);
      if (checkpoint?.signatures.length !== 4) return false;
    }
    return true;
  });
  assert.ok([...(await chain.processedIds()).values()].every((times) => times === 1));
  assert.ok([...(await stage.processedIds()).values()].every((times) => times === 1));
});
