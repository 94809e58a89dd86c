/** A validator's life with its keys: born in genesis, new keys while it runs, one more that joins by stake and leaves again, and a standstill. */
import assert from "node:assert/strict";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "../../client/ts/src/connect.ts";
import { devAccount } from "../../client/ts/src/devnet.ts";
import { headsOf, untilFinal } from "../../client/ts/src/net/heads.ts";
import { makeKeys, secretOf } from "../../client/ts/src/net/keys.ts";
import { Net } from "../../client/ts/src/net/net.ts";
import type { NodeProcess } from "../../client/ts/src/process.ts";
import { send } from "../../client/ts/src/transaction.ts";
import { PEN, type Address, type Hex } from "../../client/ts/src/units.ts";
import { holdsKeys, registeredKeys, splitKeys, type SessionKeys } from "../../client/ts/src/validator/session.ts";
import { bondingEras, setsOf } from "../../client/ts/src/validator/sets.ts";
import { bondedOf } from "../../client/ts/src/validator/stake.ts";
import { authorOf, onFinality } from "./blocks.ts";
import { Clock } from "./clock.ts";
import { emptyFolder, MODELS, nodeBinary, PRESETS, runs, until } from "./stage.ts";

/** What the newcomer bonds: as much as each of the four. */
const BOND = 10_000n;
/** Sessions within which a candidate must be at work, or a leaver gone: what is left of an era, a whole one, and one in the queue. */
const MAX_SESSIONS = 8;
/** How long the network stands still, in seconds: thirty epochs without a block. */
const STANDSTILL = 3600;

let folder: string;
let clock: Clock;
let net: Net;
let client: Client;
let newcomer: { node: NodeProcess; client: Client; account: Address; file: string; keys: SessionKeys } | undefined;

before(async () => {
  folder = await emptyFolder("life");
  clock = await Clock.make(nodeBinary(), folder);
  await startNet();
});

after(async () => {
  await client?.close();
  await newcomer?.client.close();
  await newcomer?.node.stop();
  await net?.stop();
});

/** Starts the four validators, for the first time or again. */
async function startNet(): Promise<void> {
  const where = { folder: join(folder, "net"), models: MODELS, presets: PRESETS };
  net = await Net.open({ ...where, binary: nodeBinary(), wrapper: clock.wrapper, freePorts: true, only: "validator" });
  await net.start();
  client = await Client.connect(net.first.node.url);
}

/** Waits until each of these BABE keys has made a block, and returns the numbers of the blocks. */
async function untilAuthored(keys: Hex[], patience = 90_000): Promise<Map<Hex, number>> {
  const found = new Map<Hex, number>();
  let next = (await client.api.rpc.chain.getHeader()).number.toNumber();
  await until(
    "a block of each key",
    async () => {
      const best = (await client.api.rpc.chain.getHeader()).number.toNumber();
      for (; next <= best; next += 1) found.set(await authorOf(client, (await client.api.rpc.chain.getBlockHash(next)).toHex()), next);
      return keys.every((key) => found.has(key));
    },
    patience,
  );
  return found;
}

/** Waits until each of these GRANDPA keys has signed a justification. */
async function untilVoted(keys: Hex[], patience = 60_000): Promise<void> {
  const heard = new Set<Hex>();
  const stop = await onFinality(client, (voters) => voters.forEach((voter) => heard.add(voter)));
  try {
    await until("a vote of each key", async () => keys.every((key) => heard.has(key)), patience);
  } finally {
    stop();
  }
}

/** Goes on from session to session until something is so, and returns the session. */
async function untilSession(what: string, so: () => Promise<boolean>): Promise<number> {
  for (let sessions = 0; sessions < MAX_SESSIONS; sessions += 1) {
    if (await so()) return Number((await client.api.query.session!.currentIndex!()).toJSON());
    await clock.nextSession(client);
    // The election is held in the block after the one that asks for it.
    await sleep(1_500);
  }
  throw new assert.AssertionError({ message: `${what}: not within ${MAX_SESSIONS} sessions` });
}

test("four validators with keys that were made for them make blocks and vote, and none has a development key", async () => {
  const { active, queued } = await setsOf(client);
  assert.deepEqual(active, net.members.map(({ keys }) => keys.account));
  const keys = [...queued.values()];
  await Promise.all([untilAuthored(keys.map(({ babe }) => babe)), untilVoted(keys.map(({ grandpa }) => grandpa))]);
  const known = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"].map((name) => Buffer.from(devAccount(`//${name}`).publicKey).toString("hex"));
  for (const { babe, authorityDiscovery } of keys) assert.ok(!known.some((key) => babe.includes(key) || authorityDiscovery.includes(key)));
  for (const { node, keys: { peer } } of net.members) assert.equal(await node.rpc("system_localPeerId"), peer);
});

test("no secret is an argument of a node, and keystores are closed to others", async () => {
  for (const { node, secrets } of net.members) {
    const command = await readFile(`/proc/${node.pid}/cmdline`, "utf8");
    for (const file of (await readdir(secrets)).filter((name) => name.endsWith(".phrase") || name === "node.key")) {
      assert.ok(!command.includes((await readFile(join(secrets, file), "utf8")).trim()), `${file} is in the arguments of ${node.options.name}`);
    }
  }
  const { mode } = await stat(join(net.first.secrets, "account.phrase"));
  assert.equal(mode & 0o077, 0);
});

test("a validator takes new session keys while it runs, and they make blocks and vote two sessions later", async () => {
  const member = net.members[1]!;
  const account = member.keys.account;
  const old = (await setsOf(client)).queued.get(account)!;
  const said = await runs("validator", "rotate", "--url", member.node.url, "--key-file", join(member.secrets, "account.phrase"));
  const registered = await registeredKeys(client, account);
  assert.ok(registered && said.includes(registered), said);
  const fresh = splitKeys(registered);
  for (const name of Object.keys(old) as (keyof SessionKeys)[]) assert.notEqual(fresh[name], old[name]);
  assert.equal(said.match(/from session (\d+)/)?.[1], `${(await setsOf(client)).session + 2}`);

  await clock.nextSession(client);
  assert.equal((await setsOf(client)).queued.get(account)!.babe, fresh.babe);
  await untilAuthored([old.babe]);
  await clock.nextSession(client);
  const authors = await untilAuthored([fresh.babe]);
  await untilVoted([fresh.grandpa]);
  const authorities = (await client.api.query.babe!.authorities!()).toJSON() as [Hex, number][];
  assert.ok(!authorities.some(([key]) => key === old.babe));
  assert.ok(!authors.has(old.babe));
});

test("keys that another node made are refused: their holder did not agree to sign for this account", async () => {
  const member = net.members[2]!;
  const foreign = await client.send<{ keys: Hex; proof: Hex }>("author_rotateKeysWithOwner", [`0x${"11".repeat(32)}`]);
  const call = client.call("session", "setKeys")(foreign.keys, foreign.proof);
  await assert.rejects(send(client.api, await secretOf(member.secrets, "account"), call), /InvalidProof/);
});

test("a fifth validator bonds, registers keys, is elected, makes blocks and votes", async () => {
  const secrets = join(folder, "fifth");
  const { account } = await makeKeys(nodeBinary(), secrets);
  await send(client.api, devAccount("//Ferdie"), client.call("balances", "transferKeepAlive")(account, (BOND + 100n) * PEN));
  const node = await net.add("fifth", ["--validator", "--node-key-file", join(secrets, "node.key")]);
  const file = join(secrets, "account.phrase");
  newcomer = { node, client: await Client.connect(node.url), account, file, keys: {} as SessionKeys };
  await untilFinal(node, (await headsOf(net.first.node)).final);

  await runs("validator", "join", "--url", node.url, "--key-file", file, "--bond", `${BOND}`, "--commission", "5");
  const registered = await registeredKeys(client, account);
  assert.ok(registered && (await holdsKeys(newcomer.client, registered)));
  newcomer.keys = splitKeys(registered);
  assert.deepEqual(await bondedOf(client, account), { active: BOND * PEN, unlocking: [] });
  assert.ok((await setsOf(client)).candidates.includes(account));

  await untilSession("the newcomer is at work", async () => (await setsOf(client)).active.includes(account));
  const { active } = await setsOf(client);
  assert.equal(active.length, 5, "nobody was displaced");
  await untilAuthored([newcomer.keys.babe]);
  await untilVoted([newcomer.keys.grandpa]);
  const status = await runs("validator", "status", "--url", node.url, "--account", account);
  assert.match(status, new RegExp(`${account} +yes +yes +yes +${BOND} PEN`));
  assert.match(status, /This node holds these session keys/);
});

test("it leaves: out of the set with a coming era, its stake bound for as long as it can be slashed", async () => {
  assert.ok(newcomer, "the newcomer is there");
  const { account, file, node, keys } = newcomer;
  await runs("validator", "leave", "--url", node.url, "--key-file", file);
  const { era, candidates } = await setsOf(client);
  assert.ok(!candidates.includes(account));
  const { active, unlocking } = await bondedOf(client, account);
  assert.equal(active, 0n);
  assert.equal(unlocking.length, 1);
  assert.equal(unlocking[0]!.value, BOND * PEN);
  // Counted from the era that runs, or from the one that is already planned.
  assert.ok([0, 1].includes(unlocking[0]!.era - era - bondingEras(client)), `unlocks in era ${unlocking[0]!.era}, now ${era}`);

  await untilSession("the newcomer is gone", async () => {
    const sets = await setsOf(client);
    return !sets.active.includes(account) && !sets.queued.has(account);
  });
  await newcomer.client.close();
  await node.stop();
  const { final } = await headsOf(net.first.node);
  await untilFinal(net.first.node, final + 5);
  const authorities = (await client.api.query.babe!.authorities!()).toJSON() as [Hex, number][];
  assert.ok(!authorities.some(([key]) => key === keys.babe));

  // From any node: nothing of this needs the leaver's own.
  await runs("validator", "withdraw", "--url", net.first.node.url, "--key-file", file);
  assert.equal((await bondedOf(client, account)).unlocking.length, 1, "too early: nothing comes out");
  await runs("validator", "purge", "--url", net.first.node.url, "--key-file", file);
  assert.equal(await registeredKeys(client, account), undefined);
  newcomer = undefined;
});

test("a network that stood still for an hour goes on with the same keys and the same chain", async () => {
  const { final } = await headsOf(net.first.node);
  const hash = await net.first.node.rpc<string>("chain_getBlockHash", [final]);
  await client.close();
  await net.stop();
  await clock.forward(STANDSTILL);
  await startNet();
  assert.ok(net.continues);
  await untilFinal(net.first.node, final + 5);
  assert.equal(await net.first.node.rpc<string>("chain_getBlockHash", [final]), hash);
  await untilAuthored([...(await setsOf(client)).queued.values()].map(({ babe }) => babe));
});
