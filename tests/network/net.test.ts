/** `make net` as people run it: it comes up, answers tasks, serves a light client, ends with Ctrl-C, and goes on with the next run. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "../../client/ts/src/connect.ts";
import { devAccount } from "../../client/ts/src/devnet.ts";
import { PLACES } from "../../client/ts/src/net/places.ts";
import { readRoster, type Entry } from "../../client/ts/src/net/roster.ts";
import { blocksFromNow, post } from "../../client/ts/src/post.ts";
import { MICRO } from "../../client/ts/src/units.ts";
import { Watch } from "../../client/ts/src/watch.ts";
import { LightClient } from "./light.ts";
import { emptyFolder, nodeBinary, processesIn, SCRIPTS, until } from "./stage.ts";

/** How long the network may take to come up, in milliseconds: seven nodes, keys, a chain spec, two models and two solvers. */
const START = 400_000;

/** The newest version of the system that smoldot knows, up to its version 3.4.1: it refuses the genesis of any newer one. */
const MAX_SYSTEM_VERSION = 1;

let folder: string;
let net: { process: ChildProcess; said: () => string; exited: Promise<number | null> };
let members: Entry[];

before(async () => {
  nodeBinary();
  folder = await emptyFolder("net");
  net = start("--free-ports");
  await running();
});

after(async () => {
  net?.process.kill("SIGTERM");
  await net?.exited;
});

/** Runs scripts/net. */
function start(...args: string[]): typeof net {
  const process = spawn(join(SCRIPTS, "net"), ["--folder", folder, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [process.stdout, process.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const exited = new Promise<number | null>((resolve) => process.once("exit", resolve));
  return { process, said: () => said, exited };
}

/** Waits until the network says that it runs. */
async function running(): Promise<void> {
  await until(
    "the network runs",
    async () => {
      assert.equal(net.process.exitCode, null, net.said());
      return net.said().includes("The network runs.");
    },
    START,
  );
  members = await readRoster(join(folder, "net.json"));
}

async function rpc<T>(member: Entry, method: string, params: unknown[] = []): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${member.ports.rpc}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { result: T }).result;
}

/** The number of a member's last final block. */
async function finalOf(member: Entry): Promise<number> {
  const hash = await rpc<string>(member, "chain_getFinalizedHead");
  return Number((await rpc<{ number: string }>(member, "chain_getHeader", [hash])).number);
}

test("seven members run on one chain, each says where it listens, and every one sees blocks become final", async () => {
  assert.deepEqual(
    members.map(({ role }) => role),
    ["validator", "validator", "validator", "validator", "solver", "solver", "bootnode"],
  );
  for (const { name, ports, pid } of members) {
    assert.match(net.said(), new RegExp(`${name} +${pid} +ws://127.0.0.1:${ports.rpc} +127.0.0.1:${ports.p2p}`));
  }
  const genesis = await Promise.all(members.map(async (member) => rpc<string>(member, "chain_getBlockHash", [0])));
  assert.equal(new Set(genesis).size, 1);
  const goal = Math.max(...(await Promise.all(members.map(finalOf)))) + 3;
  await Promise.all(members.map(async (member) => until(`${member.name} sees ${goal} final`, async () => (await finalOf(member)) >= goal)));
  const roles = await Promise.all(members.map(async (member) => rpc<string[]>(member, "system_nodeRoles")));
  assert.deepEqual(roles.flat(), members.map(({ role }) => (role === "validator" ? "Authority" : "Full")));
});

test("a task that is posted to one member is answered by one of its solvers", async () => {
  const client = await Client.connect(`ws://127.0.0.1:${members[3]!.ports.rpc}`);
  const requester = devAccount("//Ferdie");
  const watch = await Watch.open(client, requester.address);
  try {
    const langid = (await client.rpc.modelList()).find(({ name }) => name === "langid")!;
    const terms = { model: langid.id, maxReward: 100n * MICRO, deadline: await blocksFromNow(client, 60) };
    const { tasks } = await post(client, requester, terms, [{ text: "Wo ist die nächste Apotheke?" }]);
    const { outcome, output } = await watch.settled(tasks[0]!);
    assert.equal(outcome, "answered");
    assert.equal(langid.labels[Buffer.from(output.slice(2), "hex").readInt32LE()], "de");
  } finally {
    await watch.close();
    await client.close();
  }
});

test("a light client finds the chain by its spec, verifies its finality, and reads a balance with a proof", async () => {
  const bootnode = members.at(-1)!;
  const { systemVersion } = await rpc<{ systemVersion: number }>(bootnode, "state_getRuntimeVersion");
  assert.ok(systemVersion <= MAX_SYSTEM_VERSION, `smoldot takes no runtime whose system version is above ${MAX_SYSTEM_VERSION}; this one has ${systemVersion}`);
  const light = await LightClient.start(join(folder, "light.json"));
  try {
    const goal = await finalOf(bootnode);
    const number = async (): Promise<number> => {
      const hash = await light.rpc<string>("chain_getFinalizedHead");
      return Number((await light.rpc<{ number: string }>("chain_getHeader", [hash])).number);
    };
    await until("the light client is where the chain is", async () => (await number()) >= goal).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${light.log.slice(-20).join("\n")}`);
    });
    const client = await Client.connect(`ws://127.0.0.1:${bootnode.ports.rpc}`);
    const key = client.api.query.system!.account!.key(devAccount("//Eve").address);
    await client.close();
    assert.equal(await light.rpc("state_getStorage", [key]), await rpc(bootnode, "state_getStorage", [key]));
    assert.ok((await light.rpc<{ peers: number }>("system_health")).peers > 0);
  } finally {
    await light.stop();
  }
});

test("Ctrl-C ends every node and says what becomes of the chain", async () => {
  assert.ok((await processesIn(folder)).length > members.length);
  net.process.kill("SIGINT");
  assert.equal(await net.exited, 130, net.said());
  assert.match(net.said(), /goes on with the next run/);
  assert.deepEqual(await processesIn(folder), []);
});

test("the next run goes on with the same chain, and ends by itself when told to", async () => {
  const before = await readFile(join(folder, "spec.json"), "utf8");
  net = start("--free-ports", "--for", "5");
  assert.equal(await net.exited, 0, net.said());
  assert.match(net.said(), /goes on\./);
  const [, final] = /validator1 +\d+ +(\d+) +\d+\n/.exec(net.said()) ?? [];
  assert.ok(Number(final) > 20, net.said());
  assert.equal(await readFile(join(folder, "spec.json"), "utf8"), before);
  assert.deepEqual(await processesIn(folder), []);
});

test("a port that is taken is named, with the way out", async () => {
  const { ports } = PLACES[0]!;
  const server = createServer();
  // Whoever has it already does as well.
  await new Promise<void>((resolve) => server.once("error", () => resolve()).listen(ports.rpc, "127.0.0.1", resolve));
  try {
    net = start("--for", "5");
    assert.equal(await net.exited, 1, net.said());
    assert.match(net.said(), new RegExp(`Port ${ports.rpc}, which is the rpc port of validator1, is taken.*--free-ports`));
  } finally {
    server.close();
  }
});
