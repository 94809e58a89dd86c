/** The code of a busy chain changes: from what was released last to this tree's, with its migration, and no task is lost. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, DevNet, MICRO, send, u8aToHex, blake2, Watch, type Digest, type EventRecord, type Hex, type Member } from "../../client/ts/src/index.ts";
import { account, BOB, CHARLIE, joins, MODELS, operates, register, REQUESTER, SUDO, type Model } from "../e2e/stage.ts";
import { Load } from "./load.ts";
import { faceOf, type Face } from "./shapes.ts";
import { snapshot } from "./snapshot.ts";
import { newCode, releasedSpec, tool, WORK } from "./stage.ts";

/** Blocks of work before the upgrade, so that tasks of every kind are open in it, and after it. */
const [BEFORE, AFTER] = [25, 15];
/** Milliseconds in which a task that was posted must have ended. */
const PATIENCE = 120_000;

let net: DevNet;
let members: Member[];
let client: Client;
let langid: Model;
let watch: Watch;
let load: Load;
let released: Face;
let upgraded: Face;
/** The last block of the former code. */
let changed = 0;

after(async () => {
  await load?.stop();
  await net?.stop();
});

before(async () => {
  await rm(WORK, { recursive: true, force: true });
  const spec = await releasedSpec();
  net = await DevNet.create({ binary: tool("PENSUM_NODE"), logs: join(WORK, "logs"), chain: "local", spec });
  net.endOnSignal();
  members = [];
  for (const name of ["alice", "bob", "charlie", "dave"] as const) {
    const solver = name === "alice" ? { solver: { name, operator: "//Solver1", models: MODELS } } : {};
    members.push(await net.validator({ name, ...solver, args: ["--state-pruning", "archive"] }));
  }
  ({ client } = members[0]!);
  released = await faceOf(client);
  await operates(client, "//Solver2");
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], 10n * MICRO);
  await joins(client, CHARLIE, "//Solver2", [langid], 12n * MICRO);
  watch = await Watch.open(client, account(REQUESTER).address);
  load = Load.start(client, langid);
});

async function head(): Promise<number> {
  return (await client.api.rpc.chain.getHeader()).number.toNumber();
}

async function reaches(block: number): Promise<void> {
  while ((await head()) < block) await sleep(200);
}

test("the migrations hold every invariant on the state of the busy chain", async (t) => {
  await reaches((await head()) + BEFORE);
  const open = await client.rpc.taskOpen();
  assert.ok(open.length >= 8, `only ${open.length} tasks are open: the chain is not busy`);
  const at = (await client.api.rpc.chain.getFinalizedHead()).toHex() as Digest;
  const file = join(WORK, "busy.json");
  await snapshot(client, at, file);
  const { stdout } = await promisify(execFile)(tool("PENSUM_TRY_UPGRADE"), [file]);
  stdout.trim().split("\n").forEach((line) => t.diagnostic(line));
  assert.match(stdout, /Hyperlane: from version StorageVersion\(1\) to StorageVersion\(2\)/);
  assert.match(stdout, /every invariant holds/);
});

test("the code changes between two blocks, and by whom governance named only", async (t) => {
  const code = await newCode();
  const stranger = account(BOB);
  const apply = (): Promise<unknown> => send(client.api, stranger, client.call("system", "applyAuthorizedUpgrade")(code));
  await assert.rejects(apply(), "code that nobody authorised was taken");
  const hash = u8aToHex(blake2(Buffer.from(code.slice(2), "hex")));
  const authorize = client.call("system", "authorizeUpgrade")(hash);
  await send(client.api, account(SUDO), client.call("sudo", "sudo")(authorize));
  await apply();
  changed = await codeSet();
  await reaches(changed + 1);
  const versions = await Promise.all([changed, changed + 1].map(lastUpgrade));
  const [last, first] = await Promise.all([changed, changed + 1].map(timeOf));
  t.diagnostic(`block ${changed} was made by runtime ${versions[0]}, the next by ${versions[1]}, ${first! - last!} ms later`);
  assert.deepEqual(versions, [released.specVersion, released.specVersion + 1]);
});

/** The block in which the code was set. */
async function codeSet(): Promise<number> {
  for (let block = await head(); block > 0; block -= 1) {
    if ((await happened(block)).some(({ section, method }) => section === "system" && method === "CodeUpdated")) return block;
  }
  throw new Error("No block has set the code.");
}

/** What happened in a block. It was written by the code that made the block, which is the one in its parent's state. */
async function happened(block: number): Promise<EventRecord["event"][]> {
  const [parent, hash] = await Promise.all([block - 1, block].map((number) => client.send<Digest>("chain_getBlockHash", [number])));
  const { registry } = await client.api.at(parent!);
  const stored = await client.send<Hex>("state_getStorage", [client.api.query.system!.events!.key(), hash]);
  const records = registry.createType("Vec<FrameSystemEventRecord>", bytesOf(stored)) as unknown as EventRecord[];
  return records.map(({ event }) => event);
}

/** When a block was made, in milliseconds. */
async function timeOf(block: number): Promise<number> {
  const hash = (await client.api.rpc.chain.getBlockHash(block)).toHex();
  const stored = await client.send<Hex>("state_getStorage", [client.api.query.timestamp!.now!.key(), hash]);
  return Number(Buffer.from(bytesOf(stored)).readBigUInt64LE());
}

/** The version that made a block. */
async function lastUpgrade(block: number): Promise<number> {
  const key = client.api.query.system!.lastRuntimeUpgrade!.key();
  const hash = (await client.api.rpc.chain.getBlockHash(block)).toHex();
  const stored = await client.send<Hex>("state_getStorage", [key, hash]);
  return Number(client.api.createType("Compact<u32>", bytesOf(stored)).toString());
}

/** Bytes: of text, `polkadot-js` would make a number. */
function bytesOf(hex: Hex): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
}

/** Which of the validators of its session made a block, by its number in the digest. */
async function authorOf(block: number): Promise<number> {
  const hash = await client.send<Digest>("chain_getBlockHash", [block]);
  const { digest } = await client.send<{ digest: { logs: Hex[] } }>("chain_getHeader", [hash]);
  // PreRuntime (6), of BABE, with a length of one or two bytes; then the kind of claim, and the number.
  const claim = digest.logs.map((log) => Buffer.from(log.slice(2), "hex")).find((log) => log[0] === 6 && log.subarray(1, 5).toString() === "BABE");
  assert.ok(claim, `block ${block} has no author`);
  return claim.readUInt32LE(5 + ((claim[5]! & 3) === 0 ? 1 : 2) + 1);
}

test("every validator makes and finalises blocks of the new code", async () => {
  const goal = changed + AFTER;
  await reaches(goal);
  const authors = new Set<number>();
  for (let block = changed + 1; block <= goal; block += 1) authors.add(await authorOf(block));
  assert.ok(authors.size >= 3, `only validators ${[...authors].join()} made blocks`);
  const hash = (await client.api.rpc.chain.getBlockHash(goal)).toHex();
  for (const { client: own } of members) {
    while ((await own.api.rpc.chain.getHeader(await own.api.rpc.chain.getFinalizedHead())).number.toNumber() < goal) await sleep(200);
    assert.equal((await own.api.rpc.chain.getBlockHash(goal)).toHex(), hash);
  }
});

test("the migration has kept the delay of security modules", async () => {
  const delay = await client.api.query.hyperlane!.ismDelay!();
  assert.equal(Number(delay.toString()), 60);
});

test("no task is lost: all end, once, and answered as the model answers", async (t) => {
  await load.stop();
  const across = load.asked.filter(({ block }) => block <= changed);
  const kinds = new Map<string, number>();
  for (const { task, kind, block, output } of load.asked) {
    const ended = await watch.settled(task, PATIENCE);
    assert.equal(ended.outcome, "answered", `task ${task} (${kind}, posted in block ${block}, code changed in ${changed}) was refunded`);
    assert.equal(ended.output, output);
    if (block <= changed && ended.block > changed) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  t.diagnostic(`${load.asked.length} tasks, ${across.length} of them posted before; across the change: ${[...kinds].map(([kind, n]) => `${n} ${kind}`).join(", ")}`);
  t.diagnostic(`posts to sign again: ${load.refused.length ? load.refused.join("; ") : "none"}`);
  for (const kind of ["windowed", "accepted"]) assert.ok(kinds.get(kind), `no task of kind ${kind} was open when the code changed`);
  const ends = new Map<number, number>();
  for (let block = 1; block <= (await head()); block += 1) {
    for (const event of await happened(block)) {
      if (event.section !== "taskMarket" || !["TaskAnswered", "TaskRefunded"].includes(event.method)) continue;
      const task = Number(event.data[event.data.names?.indexOf("task") ?? -1]);
      ends.set(task, (ends.get(task) ?? 0) + 1);
    }
  }
  assert.deepEqual([...ends.entries()].filter(([, times]) => times !== 1), []);
  assert.equal(ends.size, load.asked.length);
  for (const name of [BOB, CHARLIE]) {
    const { locked, in_flight, pending_slashes } = await client.rpc.solverStatus(account(name).address);
    assert.deepEqual([locked, in_flight, pending_slashes], ["0", 0, []], `${name} is not free, or to be slashed`);
  }
});

test("everything that the chain stores can be read by the new metadata", async (t) => {
  const fresh = await Client.connect(members[1]!.node.url);
  try {
    let entries = 0;
    for (const [pallet, items] of Object.entries(fresh.api.query)) {
      // The code itself and the like, which have no types.
      if (pallet === "substrate") continue;
      for (const [item, entry] of Object.entries(items)) {
        if (!entry.creator) continue;
        const prefix = entry.keyPrefix() as Hex;
        const keys = await fresh.send<Hex[]>("state_getKeysPaged", [prefix, 1_000]);
        const isMap = entry.creator.meta.type.isMap;
        for (const key of isMap ? keys : keys.slice(0, 1)) {
          const raw = await fresh.send<Hex | null>("state_getStorage", [key]);
          if (raw === null) continue;
          const { type } = entry.creator.meta;
          const name = fresh.api.registry.createLookupType(type.isMap ? type.asMap.value : type.asPlain);
          const read = fresh.api.registry.createType(name, bytesOf(raw));
          assert.equal(u8aToHex(read.toU8a()), raw, `${pallet}.${item} does not read as ${name}`);
          entries += 1;
        }
      }
    }
    t.diagnostic(`${entries} entries`);
    assert.ok(entries > 200);
  } finally {
    await fresh.close();
  }
});

test("the versions tell what has changed", async () => {
  const fresh = await Client.connect(members[1]!.node.url);
  try {
    upgraded = await faceOf(fresh);
  } finally {
    await fresh.close();
  }
  if (upgraded.metadata !== released.metadata) {
    assert.ok(upgraded.specVersion > released.specVersion, "The runtime has changed: raise spec_version in runtime/src/lib.rs.");
  }
  const broken = [...released.calls].filter(([call, shape]) => upgraded.calls.get(call) !== shape).map(([call]) => call);
  if (broken.length > 0 || upgraded.extensions !== released.extensions) {
    assert.ok(
      upgraded.transactionVersion > released.transactionVersion,
      `What signers encode has changed (${broken.join(", ") || "transaction extensions"}): raise transaction_version in runtime/src/lib.rs.`,
    );
  }
});
