/** Messages both ways through the real contracts, a relayer and validators: what gets there, what waits, and what makes it wait no longer. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { abi, deploy, encodeToTasks, Outcome, settled } from "../../contracts/kit/index.ts";
import { dispatch, eventsOf, field, fromEvm, governance, TASKS, type Digest, type Hex } from "../../client/ts/src/index.ts";
import { account, refuses, REQUESTER, sends } from "../e2e/stage.ts";
import { DOLLAR, type Consumer, type EvmChain } from "./evm.ts";
import { PENSUM, type Agent } from "./relayer.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { stays, until } from "./waiting.ts";

/** Most bytes of a body. */
const MAX_BODY = 8_192;
/** For how long nothing must happen where nothing may, in milliseconds. */
const QUIET = 3_000;

let stage: Stage;
let chain: EvmChain;
let relayer: Agent;
let consumer: Consumer;
/** A recipient that remembers what it was sent. */
let recipient: Hex;
/** A message that waits for the set that Pensum will believe from a block on. */
let inFlight: { id: Hex; from: number; validator: Hex };
/** The request whose answer had to wait for the way out. */
let delayed: Hex;

before(async () => {
  stage = await openStage({ name: "delivery" });
  chain = await stage.connect();
  relayer = await stage.relay("Relayer");
  consumer = await chain.consumer();
  recipient = await deploy(chain.evm, "TestRecipient", abi.testRecipientAbi);
});

/** Sends a message from an account of Pensum. */
async function toEvm(body: Hex, to = recipient): Promise<Digest> {
  return (await dispatch(stage.client, account(REQUESTER), { destination: chain.domain, recipient: fromEvm(to), body })).id;
}

/** Sends a message to Pensum that changes nothing there. */
async function toPensum(): Promise<Hex> {
  return (await chain.dispatch(TASKS, encodeToTasks({ kind: "cancel", request: `0x${"00".repeat(32)}` }))).id;
}

async function lastData(): Promise<Hex> {
  return chain.evm.readContract({ address: recipient, abi: abi.testRecipientAbi, functionName: "lastData" });
}

/** Does something while a direction is paused. */
async function whilePaused<T>(direction: "Inbound" | "Outbound", work: () => Promise<T>): Promise<T> {
  await stage.sets(governance.pause(stage.client, direction, true));
  try {
    return await work();
  } finally {
    await stage.sets(governance.pause(stage.client, direction, false));
  }
}

/** Why the relayer says that messages wait. */
async function waitsFor(origin: string, destination: string, reason: string): Promise<void> {
  const look = async (): Promise<boolean> => ((await relayer.route(origin, destination)).pending_by_reason[reason] ?? 0) > 0;
  await until(`a message from ${origin} to ${destination} waits for ${reason}`, look);
}

/** A body of so many bytes. On Pensum it is a command that cannot be read, which is noted and not answered. */
const bodyOf = (bytes: number): Hex => `0x02${"5a".repeat(bytes - 1)}`;

test("a message from Pensum reaches a contract with its sender and body, and its checkpoint is signed", async () => {
  const id = await toEvm("0x70656e73756d");
  await chain.processed(id);
  assert.equal(await lastData(), "0x70656e73756d");
  const sender = await chain.evm.readContract({ address: recipient, abi: abi.testRecipientAbi, functionName: "lastSender" });
  assert.equal(sender, `0x${Buffer.from(account(REQUESTER).publicKey).toString("hex")}`);
  const message = (await stage.client.rpc.bridgeMessages(0, 10)).find((one) => one.id === id);
  assert.ok(message, "the node's index does not have it");
  const checkpoint = await stage.client.rpc.bridgeCheckpoint(message.index);
  assert.deepEqual([checkpoint?.root, checkpoint?.message_id], [message.root, id]);
  const [own] = await stage.client.rpc.bridgeValidators();
  assert.deepEqual(checkpoint?.signatures.map(({ validator }) => validator), [own!.address]);
});

test("bodies at the limit of 8192 bytes get there both ways, and longer ones are refused or stop nobody else", async () => {
  const body = bodyOf(MAX_BODY);
  // To one that does not keep it: what that costs is not the message's affair. The id that arrives is of all its bytes.
  const out = await toEvm(body, await chain.inbox());
  const longest = await chain.dispatch(TASKS, body);
  const tooLong = await chain.dispatch(TASKS, bodyOf(MAX_BODY + 1));
  const behind = await toPensum();
  const overlong = stage.client.call("hyperlane", "dispatch")(chain.domain, fromEvm(recipient), bodyOf(MAX_BODY + 1), null);
  const signed = await overlong.signAsync(account(REQUESTER), { nonce: -1 });
  // No transaction is read at all whose call cannot be. Sent as it is, since `polkadot-js` would print the node's complaint.
  await assert.rejects(stage.client.send("author_submitExtrinsic", [signed.toHex()]), /Verification Error/);
  await chain.processed(out);
  await stage.processed(longest.id);
  await stage.processed(behind);
  assert.equal(await stage.client.rpc.bridgeDelivered(tooLong.id), null);
  const noted = await stage.events(1, "taskBridge", "CommandRefused");
  assert.ok(noted.some((event) => field(event, "message") === longest.id));
});

test("messages to Pensum wait while it is paused, and arrive when it is not", async () => {
  const id = await whilePaused("Inbound", async () => {
    const id = await toPensum();
    await waitsFor(chain.name, PENSUM, "paused");
    assert.equal(await stage.client.rpc.bridgeDelivered(id), null);
    assert.equal((await stage.client.rpc.bridgeInfo()).inbound_paused, true);
    return id;
  });
  await stage.processed(id);
});

test("nothing is dispatched while the way out is paused, and answers wait", async () => {
  delayed = await whilePaused("Outbound", async () => {
    await refuses(toEvm("0x03"), "hyperlane", "OutboundPaused", /bridge_info/);
    // An intent that is refused is answered, which must wait.
    const { id } = await consumer.ask({ model: `0x${"0d".repeat(32)}`, input: "0x61", maxReward: DOLLAR, deadline: 20 });
    await stage.processed(id);
    const ended = async (): Promise<boolean> => (await stage.client.rpc.bridgeRequest(id))?.state === "ended";
    await until("it has ended", ended);
    await stays("no answer leaves", ended, 3_000);
    return id;
  });
  await chain.processed(await toEvm("0x03"));
});

test("intents are taken of nobody while the policy is closed, of whom it lists, and of everybody once it is open", async () => {
  const stranger = await chain.consumer();
  const refusals = async (): Promise<[string, string]> => {
    const wanted = { model: `0x${"0d".repeat(32)}`, input: "0x61", maxReward: DOLLAR, deadline: 20 } as const;
    const asked = [await consumer.ask(wanted), await stranger.ask(wanted)] as const;
    return [await stage.refusal(asked[0].id), await stage.refusal(asked[1].id)];
  };
  const { domain } = chain;
  await stage.sets(governance.policy(stage.client, domain, "Closed"));
  assert.deepEqual(await refusals(), ["NotAccepted", "NotAccepted"]);
  await stage.sets(governance.policy(stage.client, domain, "Listed"), governance.sender(stage.client, domain, consumer.sender, true));
  // Nobody has registered the model; whoever hears of that was listened to.
  assert.deepEqual(await refusals(), ["UnknownModel", "NotAccepted"]);
  await stage.sets(governance.policy(stage.client, domain, "Open"));
  assert.deepEqual(await refusals(), ["UnknownModel", "UnknownModel"]);
});

test("Pensum goes on to believe the old set while everybody can see the new one", async () => {
  const { client } = stage;
  const old = chain.validators[0]!;
  const [fresh] = await chain.join([0x12], (name) => stage.place(name));
  const change = await stage.sets(
    governance.ism(client, chain.domain, { kind: "MerkleRoot", validators: [fresh!.address], threshold: 1 }),
  );
  const from = Number(field(eventsOf(change.events, "hyperlane", "IsmScheduled")[0]!, "from"));
  assert.equal(from, change.number + 60);
  await stage.processed(await toPensum());
  const pending = await until("the change is final", async () => (await client.rpc.bridgeIsm(chain.domain))?.pending);
  assert.deepEqual([pending.block, pending.validators], [from, [fresh!.address]]);
  // From here on only the new set signs, and what is sent must wait for it.
  await old.agent!.stop();
  inFlight = { id: await toPensum(), from, validator: fresh!.address };
  await waitsFor(chain.name, PENSUM, "signatures");
});

test("a message to a contract that reverts is tried again, delivered once it takes it, and holds up no other", async () => {
  const stubborn: Hex = `0x${"57".repeat(20)}`;
  // PUSH0 PUSH0 REVERT.
  await chain.anvil.rpc("anvil_setCode", [stubborn, "0x5f5ffd"]);
  const id = await toEvm("0x01", stubborn);
  const other = await toEvm("0x02");
  await chain.processed(other);
  await waitsFor(PENSUM, chain.name, "refused");
  assert.equal(await chain.delivered(id), false);
  const code = await chain.evm.getCode({ address: recipient });
  await chain.anvil.rpc("anvil_setCode", [stubborn, code]);
  await chain.processed(id);
});

test("what one side does not know is refused by its own name at once", async () => {
  const { client } = stage;
  const unknown = dispatch(client, account(REQUESTER), { destination: 4_242, recipient: fromEvm(recipient), body: "0x" });
  await refuses(unknown, "hyperlane", "UnknownDestination");
  const dirty = dispatch(client, account(REQUESTER), { destination: chain.domain, recipient: `0x${"11".repeat(32)}`, body: "0x" });
  await refuses(dirty, "hyperlane", "DirtyRecipient", /12 zero bytes/);
  await refuses(sends(client, REQUESTER, "hyperlane", "pause", "Inbound", true), "system", "BadOrigin");
});

test("the EVM chain believes another set as soon as its owner says so, and messages in flight wait for that set", async () => {
  const { evm, hyperlane } = chain;
  const set = async (module: Hex): Promise<unknown> =>
    settled(evm, evm.writeContract({ address: hyperlane.mailbox, abi: abi.mailboxAbi, functionName: "setDefaultIsm", args: [module] }));
  const factory = { address: hyperlane.factories.merkleRoot, abi: abi.staticMessageIdMultisigIsmFactoryAbi } as const;
  const deployed = async (...validators: Hex[]): Promise<Hex> => {
    await settled(evm, evm.writeContract({ ...factory, functionName: "deploy", args: [validators, validators.length] }));
    return evm.readContract({ ...factory, functionName: "getAddress", args: [validators, validators.length] });
  };
  const [own] = await stage.client.rpc.bridgeValidators();
  const strangers = await deployed(`0x${"0e".repeat(20)}`);
  await set(strangers);
  const id = await toEvm("0x04");
  await waitsFor(PENSUM, chain.name, "signatures");
  await stays("nobody believes it", async () => !(await chain.delivered(id)), 2_000);
  // The set as it was, in a module of the other kind: metadata follow what the recipient's module is.
  await set(await deployed(own!.address));
  await chain.processed(id);
});

test("messages in flight arrive once Pensum believes the new set, and not before", async () => {
  const { id, from, validator } = inFlight;
  const waits = async (): Promise<boolean> => (await stage.client.rpc.bridgeDelivered(id)) === null || (await stage.head()) >= from;
  await stays("nobody believes it", waits, QUIET);
  const block = await stage.processed(id, 90_000);
  assert.ok(block >= from, `processed in block ${block}, before ${from}`);
  const now = await stage.client.rpc.bridgeIsm(chain.domain);
  assert.deepEqual([now?.module_type, now?.validators, now?.pending], [4, [validator], null]);
});

test("the answer that had to wait leaves when it is tried again", async () => {
  const { outcome } = await consumer.result(delayed, 90_000);
  assert.equal(outcome, Outcome.refused);
});

test("all messages but the one that cannot be read were processed once", async () => {
  const [here, there] = [await stage.processedIds(), await chain.processedIds()];
  assert.ok([...here.values(), ...there.values()].every((times) => times === 1));
  const { count } = await stage.client.rpc.bridgeInfo();
  assert.equal(there.size, count);
  await until("the relayer is done", async () => (await relayer.route(PENSUM, chain.name)).lag_messages === 0);
  // What cannot be read on Pensum was never taken up.
  assert.equal((await relayer.route(chain.name, PENSUM)).lag_messages, 0);
});
