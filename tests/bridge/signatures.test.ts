/**
 * What is not signed by those who are believed, in the right order, over the right tree, is refused by both sides, each time by its own
 * name; and who signs what never was is slashed.
 *
 * Nothing is carried here by a relayer. The keys of the validators are in the hands of the test, which signs and brings by itself.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  abi,
  branchRoot,
  checkpointDigest,
  deploy,
  deployIsm,
  encodeToTasks,
  merkleRootMetadata,
  messageIdMetadata,
  modules,
  Origin,
  processMessage,
  signDigest,
  testKey,
  toBytes32,
  type Checkpoint,
  type ModuleKind,
  type Sent,
} from "../../contracts/kit/index.ts";
import { eventsOf, fromEvm, governance, send, TASKS, type Client, type Digest, type Hex } from "../../client/ts/src/index.ts";
import { account, funds, refuses, REQUESTER } from "../e2e/stage.ts";
import type { EvmChain } from "./evm.ts";
import { cutSignature, devCheckpointKey, flipped, highS, withRecovery } from "./forging.ts";
import type { Stage } from "./stage.ts";
import { openStage } from "./testing.ts";
import { until } from "./waiting.ts";

/** Chains that are not there: one for each kind of module. */
const PLAYED = { messageId: 41_001, merkleRoot: 41_002 } as const;
const KINDS: ModuleKind[] = ["messageId", "merkleRoot"];
/** Keys of the played chains' validators, and one that is nobody's. */
const KEYS = [0x11, 0x22, 0x33].map(testKey);
const STRANGER = testKey(0x44);
/** The Merkle tree hook of the played chains. */
const HOOK = fromEvm(`0x${"ab".repeat(20)}`);

let stage: Stage;
let client: Client;
let chain: EvmChain;
/** What the EVM chain has for each kind: a recipient that asks this module, and Pensum as it is played there. */
let there: Record<ModuleKind, { recipient: Hex; pensum: Origin }>;
/** The played chains that Pensum believes. */
let played: Record<ModuleKind, Origin>;

before(async () => {
  stage = await openStage({ name: "signatures" });
  ({ client } = stage);
  chain = await stage.connect({ signing: false });
  await funds(client, "Relayer");
  const make = async (kind: ModuleKind) => {
    const pensum = new Origin({ domain: stage.domain, keys: KEYS, threshold: 2 });
    const ism = await deployIsm(chain.evm, chain.hyperlane.factories, { validators: pensum.addresses, threshold: 2, kind });
    const recipient = await deploy(chain.evm, "Bare", abi.bareAbi, [ism]);
    return { recipient, pensum };
  };
  there = { messageId: await make("messageId"), merkleRoot: await make("merkleRoot") };
  const origin = (kind: ModuleKind): Origin => new Origin({ domain: PLAYED[kind], keys: KEYS, threshold: 2, hook: HOOK });
  played = { messageId: origin("messageId"), merkleRoot: origin("merkleRoot") };
  const validators = played.messageId.addresses;
  await stage.sets(
    governance.ism(client, PLAYED.messageId, { kind: "MessageId", validators, threshold: 2 }),
    governance.ism(client, PLAYED.merkleRoot, { kind: "MerkleRoot", validators, threshold: 2 }),
  );
});

/** A message from a played chain that changes nothing: it takes back what was never asked. */
function command(origin: Origin, changed: { recipient?: Hex; destination?: number; origin?: number } = {}): Sent {
  const { recipient = TASKS, destination = stage.domain, ...rest } = changed;
  const body = encodeToTasks({ kind: "cancel", request: `0x${"07".repeat(32)}` });
  return origin.send({ destination, recipient, body, sender: toBytes32(`0x${"c0".repeat(20)}`), ...rest });
}

/** Metadata around a checkpoint that may be wrong, with any signatures. */
function metadata(kind: ModuleKind, origin: Origin, sent: Sent, checkpoint: Checkpoint, signatures: Hex[]): Hex {
  if (kind === "messageId") return messageIdMetadata(checkpoint, signatures);
  return merkleRootMetadata(checkpoint, sent.index, origin.tree.proof(sent.index, checkpoint.index + 1), signatures);
}

/** What can be wrong with signatures, and how each side calls it. */
interface Forgery {
  name: string;
  /** The signatures instead of those of the first two validators. */
  signatures(good: [Hex, Hex, Hex], checkpoint: Checkpoint): Promise<Hex[]> | Hex[];
  /** Another checkpoint than the true one in the metadata, unsigned. */
  claims?: Partial<Checkpoint>;
  pensum: string;
  evm: RegExp;
}

const sign = (key: Hex, checkpoint: Checkpoint): Promise<Hex> => signDigest(checkpointDigest(checkpoint), key);
const WRONG: Hex = `0x${"66".repeat(32)}`;
const THRESHOLD = { pensum: "NotByThreshold", evm: /!threshold/ } as const;
const INVALID = { pensum: "BadSignature", evm: /ECDSA: invalid signature/ } as const;

const FORGERIES: Forgery[] = [
  { name: "signatures in another order", signatures: ([one, two]) => [two, one], ...THRESHOLD },
  { name: "a signature twice", signatures: ([one]) => [one, one], ...THRESHOLD },
  { name: "a stranger's signature", signatures: async ([one], checkpoint) => [one, await sign(STRANGER, checkpoint)], ...THRESHOLD },
  {
    name: "signatures of another root",
    signatures: (_, checkpoint) => Promise.all(KEYS.slice(0, 2).map((key) => sign(key, { ...checkpoint, root: WRONG }))),
    ...THRESHOLD,
  },
  {
    name: "signatures of another index",
    signatures: (_, checkpoint) => Promise.all(KEYS.slice(0, 2).map((key) => sign(key, { ...checkpoint, index: checkpoint.index + 1 }))),
    ...THRESHOLD,
  },
  {
    name: "signatures of another message",
    signatures: (_, checkpoint) => Promise.all(KEYS.slice(0, 2).map((key) => sign(key, { ...checkpoint, messageId: WRONG }))),
    ...THRESHOLD,
  },
  {
    name: "signatures for another chain",
    signatures: (_, checkpoint) => Promise.all(KEYS.slice(0, 2).map((key) => sign(key, { ...checkpoint, origin: checkpoint.origin + 7 }))),
    ...THRESHOLD,
  },
  { name: "another hook than was signed", signatures: ([one, two]) => [one, two], claims: { hook: WRONG }, ...THRESHOLD },
  { name: "a signature with a high s", signatures: ([one, two]) => [one, highS(two)], pensum: "BadSignature", evm: /ECDSA: invalid signature 's' value/ },
  { name: "a recovery byte of 1", signatures: ([one, two]) => [one, withRecovery(two, (v) => v - 27)], ...INVALID },
  { name: "one signature too few", signatures: ([one]) => [one], pensum: "TooFewSignatures", evm: /reverted/ },
  // Which key a spoilt signature recovers to, if any, is anybody's guess; a validator it is not.
  { name: "one bit of a signature flipped", signatures: ([one, two]) => [one, flipped(two)], pensum: "NotByThreshold|BadSignature", evm: /!threshold|ECDSA: invalid signature/ },
];

/** All forgeries of one message: metadata by name. */
async function forge(kind: ModuleKind, origin: Origin, sent: Sent): Promise<{ forgery: Forgery; metadata: Hex }[]> {
  const checkpoint = origin.checkpoint(kind === "messageId" ? sent.index : origin.tree.count - 1);
  const good = (await origin.sign(checkpoint, origin.validators)) as [Hex, Hex, Hex];
  return Promise.all(
    FORGERIES.map(async (forgery) => {
      const signatures = await forgery.signatures(good, checkpoint);
      return { forgery, metadata: metadata(kind, origin, sent, { ...checkpoint, ...forgery.claims }, signatures) };
    }),
  );
}

/** Brings messages to Pensum in one block, each in a transaction of its own, and expects the refusal of each. */
async function pensumRefuses(cases: { name: string; metadata: Hex; message: Hex; code: string }[]): Promise<void> {
  const relayer = account("Relayer");
  const first = (await client.api.rpc.system.accountNextIndex(relayer.address)).toNumber();
  await Promise.all(
    cases.map(async ({ name, metadata, message, code }, place) => {
      const call = client.call("hyperlane", "process")(metadata, message);
      const refused = await send(client.api, relayer, call, { nonce: first + place }).then(
        () => undefined,
        (error: unknown) => error as Error & { section?: string; code?: string; remedy?: string },
      );
      assert.ok(refused, `${name} was taken`);
      assert.match(`${refused.section}.${refused.code}`, new RegExp(`^hyperlane\\.(${code})$`), `${name}: ${refused.message}`);
      assert.ok(refused.remedy, `${name}: ${code} gives no remedy`);
    }),
  );
}

/** Brings a good message to Pensum. */
async function pensumTakes(metadata: Hex, message: Hex): Promise<void> {
  const { events } = await send(client.api, account("Relayer"), client.call("hyperlane", "process")(metadata, message));
  assert.equal(eventsOf(events, "hyperlane", "Processed").length, 1);
}

for (const kind of KINDS) {
  test(`Pensum refuses every forgery to its ${kind} module, then takes the message, and then refuses it as a replay`, async () => {
    const origin = played[kind];
    const [, sent] = [command(origin), command(origin), command(origin)];
    const forged = await forge(kind, origin, sent);
    await pensumRefuses(
      forged.map(({ forgery, metadata }) => ({ name: forgery.name, metadata, message: sent.encoded, code: forgery.pensum })),
    );
    assert.equal(await client.rpc.bridgeDelivered(sent.id), null);
    const good = await origin.metadata(sent, kind);
    await pensumTakes(good, sent.encoded);
    // Other metadata of the same message, which is as good, is a replay all the same.
    const checkpoint = origin.checkpoint(kind === "messageId" ? sent.index : origin.tree.count - 1);
    const others = await origin.sign(checkpoint, origin.validators.slice(1));
    await pensumRefuses([
      { name: "the same again", metadata: good, message: sent.encoded, code: "AlreadyDelivered" },
      { name: "with other signatures", metadata: metadata(kind, origin, sent, checkpoint, others), message: sent.encoded, code: "AlreadyDelivered" },
    ]);
    await stage.processed(sent.id);
  });

  test(`the EVM chain refuses every forgery to its ${kind} module, then takes the message, and then refuses it as a replay`, async () => {
    const { recipient, pensum } = there[kind];
    const send = (): Sent => pensum.send({ destination: chain.domain, recipient, body: "0x1234" });
    const [, sent] = [send(), send(), send()];
    for (const { forgery, metadata } of await forge(kind, pensum, sent)) {
      await assert.rejects(processMessage(chain.evm, chain.hyperlane, { metadata, encoded: sent.encoded }), forgery.evm, forgery.name);
    }
    const good = await pensum.metadata(sent, kind);
    await processMessage(chain.evm, chain.hyperlane, { metadata: good, encoded: sent.encoded });
    assert.equal(await chain.delivered(sent.id), true);
    await assert.rejects(processMessage(chain.evm, chain.hyperlane, { metadata: good, encoded: sent.encoded }), /Mailbox: already delivered/);
  });
}

test("Pensum refuses messages that are none, go elsewhere, come from nowhere or are for nobody, each by its name", async () => {
  const origin = played.messageId;
  const elsewhere = command(origin, { destination: stage.domain + 1 });
  const nobody = command(origin, { recipient: fromEvm(`0x${"0b".repeat(20)}`) });
  const nowhere = command(origin, { origin: 41_999 });
  const sent = command(origin);
  const good = (of: Sent): Promise<Hex> => origin.metadata(of, "messageId");
  const own = await good(sent);
  const fifty = Array.from({ length: 51 }, () => own.slice(-130)).join("");
  await pensumRefuses([
    { name: "another destination", metadata: await good(elsewhere), message: elsewhere.encoded, code: "NotForThisChain" },
    { name: "an unknown recipient", metadata: await good(nobody), message: nobody.encoded, code: "UnknownRecipient" },
    { name: "an unknown origin", metadata: await good(nowhere), message: nowhere.encoded, code: "UnknownOrigin" },
    { name: "version 2", metadata: own, message: `0x02${sent.encoded.slice(4)}`, code: "UnknownVersion" },
    { name: "76 bytes", metadata: own, message: sent.encoded.slice(0, 2 + 76 * 2) as Hex, code: "MessageTooShort" },
    { name: "no metadata", metadata: "0x", message: sent.encoded, code: "MetadataTooShort" },
    { name: "half a signature", metadata: cutSignature(own), message: sent.encoded, code: "CutSignature" },
    { name: "51 signatures", metadata: `0x${own.slice(2, 2 + 68 * 2)}${fifty}`, message: sent.encoded, code: "TooManySignatures" },
  ]);
  // A tree that its validators vouch for proves each of its leaves, and no other place or message.
  const proven = played.merkleRoot;
  const [first, second] = [command(proven), command(proven)];
  const checkpoint = proven.checkpoint(first.index);
  const signatures = await proven.sign(checkpoint);
  const late = merkleRootMetadata(checkpoint, second.index, proven.tree.proof(second.index), signatures);
  const misplaced = merkleRootMetadata(checkpoint, first.index - 1, proven.tree.proof(first.index, first.index + 1), signatures);
  await pensumRefuses([
    { name: "a leaf behind the checkpoint", metadata: late, message: second.encoded, code: "LeafAfterCheckpoint" },
    { name: "a leaf in another place", metadata: misplaced, message: first.encoded, code: "NotByThreshold" },
  ]);
  await pensumTakes(own, sent.encoded);
});

test("the EVM chain refuses messages of another version, for elsewhere, and recipients that are no EVM address", async () => {
  const { recipient, pensum } = there.messageId;
  const elsewhere = pensum.send({ destination: chain.domain + 1, recipient, body: "0x" });
  const bring = async (sent: Sent, encoded = sent.encoded): Promise<unknown> =>
    processMessage(chain.evm, chain.hyperlane, { metadata: await pensum.metadata(sent, "messageId"), encoded });
  await assert.rejects(bring(elsewhere), /Mailbox: unexpected destination/);
  await assert.rejects(bring(elsewhere, `0x02${elsewhere.encoded.slice(4)}`), /Mailbox: bad version/);
  const dirty = pensum.send({ destination: chain.domain, recipient: `0x${"ff".repeat(12)}${recipient.slice(2)}`, body: "0x" });
  await assert.rejects(bring(dirty), /TypeCasts: bytes32ToAddress overflow/);
});

test("a validator that signs a root that never was is convicted on proof, once, and a true checkpoint convicts nobody", async () => {
  const { key, publicKey, address } = devCheckpointKey("//Alice");
  const [own] = await client.rpc.bridgeValidators();
  assert.deepEqual([own!.public, own!.address.toLowerCase()], [publicKey, address]);

  // A message, so that there is something true to sign.
  const recipient = fromEvm(there.messageId.recipient);
  await send(client.api, account(REQUESTER), client.call("hyperlane", "dispatch")(chain.domain, recipient, "0x01", null));
  const message = await until("the message is final", async () => (await client.rpc.bridgeMessages(0, 1))[0]);
  const truth = await client.rpc.bridgeInfo();
  const real: Checkpoint = { origin: stage.domain, hook: modules.merkleTreeHook, root: message.root, index: 0, messageId: message.id };
  const tree = await client.rpc.bridgeProof(0, truth.count - 1);
  assert.equal(branchRoot(message.id, tree!.proof, 0), tree!.root);

  const keyProof = await client.rpc.bridgeKeyProof(publicKey);
  assert.ok(keyProof, "the key has no owner");
  const report = async (checkpoint: Checkpoint, signer = key) => {
    const evidence = {
      checkpoint: { origin: checkpoint.origin, merkleTreeHook: checkpoint.hook, root: checkpoint.root, index: checkpoint.index, messageId: checkpoint.messageId },
      signature: await sign(signer, checkpoint),
      key: publicKey,
      truth: null,
    };
    return send(client.api, account("Relayer"), client.call("hyperlane", "reportBadCheckpoint")(evidence, keyProof));
  };
  await refuses(report(real), "hyperlane", "TrueCheckpoint");
  await refuses(report({ ...real, origin: 7 }), "hyperlane", "NotThisDomain");
  await refuses(report({ ...real, root: WRONG }, STRANGER), "hyperlane", "NotThisKey");

  const lie: Checkpoint = { ...real, root: WRONG as Digest };
  const { events } = await report(lie);
  assert.equal(eventsOf(events, "hyperlane", "BadCheckpointProven").length, 1);
  assert.equal(eventsOf(events, "offences", "Offence").length, 1);
  await refuses(report(lie), "hyperlane", "AlreadyReported");
  // Signing a message that was never dispatched is as bad.
  const ahead = await report({ ...real, index: truth.count + 5, messageId: WRONG as Digest });
  assert.equal(eventsOf(ahead.events, "hyperlane", "BadCheckpointProven").length, 1);
});
