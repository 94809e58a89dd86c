/** Hostile calls against a real node: it stays up, answers a normal call, and its chain goes on. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Member } from "../../client/ts/src/index.ts";
import { MODELS, network, register, type Model } from "../e2e/stage.ts";
import { ask, call, dial, Line, send, type Answer } from "./wire.ts";

/** JSON-RPC: what the server says of a batch, a subscription or an answer too many. */
const TOO_LONG_BATCH = -32010;
const TOO_MANY_SUBSCRIPTIONS = -32006;
/** The node's own. */
const BUSY = 7019;
const TOO_MANY_SUBSCRIBERS = 7020;
/** How many connections a node takes, and subscriptions on each: the SDK's defaults. */
const CONNECTIONS = 100;
const SUBSCRIPTIONS = 1024;

let node: Member;
let port: number;
let langid: Model;

before(async () => {
  const net = await network("hostile");
  node = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } });
  port = Number(new URL(node.node.url).port);
  langid = await register(node.client, "langid");
});

/** After whatever came: the same process, a quick answer, and another block. */
afterEach(async () => {
  assert.ok(node.node.alive, "the node ended");
  const start = Date.now();
  const { result } = await ask(port, "system_health");
  assert.ok((result as { isSyncing: boolean }).isSyncing === false);
  assert.ok(Date.now() - start < 2_000, `a normal call took ${Date.now() - start} ms`);
  const height = await head();
  for (const until = Date.now() + 8_000; (await head()) <= height; await sleep(200)) {
    assert.ok(Date.now() < until, `no block after ${height}`);
  }
});

async function head(): Promise<number> {
  const { result } = await ask(port, "chain_getHeader");
  return Number((result as { number: string }).number);
}

/** Bytes that the node holds in memory now. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${node.node.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

async function line(): Promise<Line> {
  const opened = await Line.open(port);
  assert.ok(opened instanceof Line, `the connection was refused with ${String(opened)}`);
  return opened;
}

test("a request of sixteen megabytes is refused before it is read as JSON", async () => {
  const params = ["ab".repeat(8 * 1024 * 1024)];
  const reply = await send(port, call("author_submitExtrinsic", params)).catch((error: NodeJS.ErrnoException) => error);
  // The server may hang up while the rest is on its way.
  if (reply instanceof Error) assert.match(String(reply.code), /ECONNRESET|EPIPE/);
  else assert.ok(reply.status === 413 || reply.body.includes("-32007"), `${reply.status} ${reply.body.slice(0, 200)}`);
});

test("parameters of the greatest size that is taken are refused by the method", async () => {
  const list = Array.from({ length: 200_000 }, (_, number) => number);
  const { error } = await ask(port, "bridge_announced", [list.map(String)]);
  assert.equal(error?.code, 7006);
  assert.equal((await ask(port, "model_run", [langid.id, `0x${"61".repeat(7 * 1024 * 1024)}`])).error?.code, 7006);
  assert.equal((await ask(port, "task_open", [null, null, 4_294_967_295])).error?.code, 7006);
  assert.equal((await ask(port, "solver_status", ["5".repeat(1_000_000)])).error?.code, 7007);
  assert.equal((await ask(port, "lineage_impact", [langid.id, Number.MAX_SAFE_INTEGER, 256])).error, undefined);
});

test("JSON nested a hundred thousand deep is refused", async () => {
  const depth = 100_000;
  for (const params of [`${"[".repeat(depth)}${"]".repeat(depth)}`, `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`]) {
    const body = `{"jsonrpc":"2.0","id":1,"method":"state_call","params":[${params}]}`;
    const answer = JSON.parse((await send(port, body)).body) as Answer;
    assert.ok(answer.error, "it was taken");
  }
});

test("a batch of ten thousand is refused as a whole, one of 256 is answered", async () => {
  const batch = (count: number): string => `[${Array.from({ length: count }, (_, id) => call("system_name", [], id)).join(",")}]`;
  for (const count of [257, 10_000]) {
    const refused = JSON.parse((await send(port, batch(count))).body) as Answer;
    assert.equal(refused.error?.code, TOO_LONG_BATCH, JSON.stringify(refused).slice(0, 200));
  }
  const answered = JSON.parse((await send(port, batch(256))).body) as Answer[];
  assert.equal(answered.filter(({ result }) => result !== undefined).length, 256);
});

test("of ten thousand subscriptions on one connection a thousand are taken, and of the whole node's subscribers to tasks no more", async () => {
  const [one, two] = [await line(), await line()];
  for (let id = 0; id < 10_000; id += 1) one.write(call("task_subscribe", [], id));
  const answers = await one.answers(10_000);
  const taken = answers.filter(({ result }) => result !== undefined).length;
  assert.equal(taken, SUBSCRIPTIONS);
  assert.deepEqual([...new Set(answers.map(({ error }) => error?.code))].sort(), [TOO_MANY_SUBSCRIPTIONS, undefined]);
  two.write(call("task_subscribe"));
  assert.equal((await two.next()).error?.code, TOO_MANY_SUBSCRIBERS);
  one.drop();
  // Their places are free as soon as the node has seen that the connection is gone.
  for (const until = Date.now() + 10_000; ; await sleep(200)) {
    two.write(call("task_subscribe"));
    if ((await two.answers(1))[0]?.result !== undefined) break;
    assert.ok(Date.now() < until, "the places of a connection that is gone are not free");
  }
  two.drop();
});

test("subscribers that read nothing cost the node little, and those who read are told", async () => {
  const before = await memory();
  const [slow, quick] = [await line(), await line()];
  slow.socket.pause();
  for (let id = 0; id < 500; id += 1) slow.write(call(id % 2 === 0 ? "task_subscribe" : "chain_subscribeAllHeads", [], id));
  quick.write(call("task_subscribe"));
  assert.ok((await quick.answers(1))[0]?.result);
  for (let told = 0; told < 3; told += 1) assert.equal((await quick.next()).id, undefined);
  const grown = (await memory()) - before;
  slow.drop();
  quick.drop();
  assert.ok(grown < 100 * 1024 * 1024, `the node grew by ${Math.round(grown / 1024 / 1024)} MiB`);
});

test("connections beyond the limit are refused, and those that are open are served", async () => {
  const lines: Line[] = [];
  const refused: number[] = [];
  for (let number = 0; number < CONNECTIONS + 30; number += 1) {
    const opened = await Line.open(port);
    if (opened instanceof Line) lines.push(opened);
    else refused.push(opened);
  }
  try {
    assert.ok(lines.length <= CONNECTIONS, `${lines.length} connections`);
    assert.deepEqual([...new Set(refused)], [429]);
    lines[0]!.write(call("system_name"));
    assert.ok((await lines[0]!.next()).result);
  } finally {
    lines.forEach((opened) => opened.drop());
  }
  await sleep(500);
});

test("requests that never end take connections at most, and give them back when they are gone", async () => {
  const head = `POST / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n`;
  const begin = async (count: number, text: string): Promise<Socket[]> => {
    const sockets = await Promise.all(Array.from({ length: count }, () => dial(port)));
    sockets.forEach((socket) => socket.write(text));
    await sleep(500);
    return sockets;
  };
  // Without a whole head it is no request yet, and takes nothing but a socket.
  const headless = await begin(300, head);
  assert.ok((await ask(port, "system_name")).result);
  // In the middle of its body it is one, and there is a limit to those.
  const bodiless = await begin(CONNECTIONS + 50, `${head}content-length: 100000\r\n\r\n{`);
  const meanwhile = await send(port, call("system_name"));
  [...headless, ...bodiless].forEach((socket) => socket.destroy());
  assert.equal(meanwhile.status, 429);
  await sleep(500);
});

test("bytes that are no HTTP, and frames that lie about their length, end their own connection only", async () => {
  for (const bytes of [randomBytes(4096), Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Buffer.from(`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(5_000)}\r\n`)]) {
    const socket = await dial(port);
    socket.end(bytes);
    socket.resume();
  }
  const liar = await line();
  // A text frame of 2⁶² bytes, and one without end.
  liar.socket.write(Buffer.from([0x81, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  const endless = await line();
  endless.socket.write(Buffer.from([0x01, 0xfe, 0xff, 0xff, 0, 0, 0, 0]));
  await sleep(500);
  liar.drop();
  endless.drop();
});

test("transactions of random bytes, of lengths that lie, and of calls nested ten thousand deep are refused", async () => {
  // `utility.batch` of itself, without signature: pallet and call as the metadata says.
  const [pallet, batch] = node.client.api.tx.utility!.batch!.callIndex as unknown as [number, number];
  const bare = (body: Buffer): string => {
    const inner = Buffer.concat([Buffer.from([0x05]), body]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE((inner.length << 2) | 2);
    return `0x${Buffer.concat([length, inner]).toString("hex")}`;
  };
  const nested = Buffer.concat([...Array.from({ length: 10_000 }, () => Buffer.from([pallet, batch, 4])), Buffer.from([pallet, batch, 0])]);
  const lies = ["0x", "0xff", "0xfeffffff", `0x${"ff".repeat(64)}`, "0x0b00ffffffffffff", bare(Buffer.alloc(0)), bare(nested)];
  const random = Array.from({ length: 40 }, (_, number) => `0x${randomBytes(1 + number * 30).toString("hex")}`);
  const framed = Array.from({ length: 40 }, (_, number) => bare(randomBytes(1 + number * 30)));
  for (const bytes of [...lies, ...random, ...framed]) {
    const { error } = await ask(port, "author_submitExtrinsic", [bytes]);
    assert.ok(error, `${bytes.slice(0, 40)} was taken`);
    await ask(port, "payment_queryInfo", [bytes]);
  }
});

test("runtime APIs called with arguments of random bytes answer or refuse", async () => {
  const metadata = node.client.api.runtimeMetadata.asLatest as unknown as {
    apis: Iterable<{ name: { toString(): string }; methods: Iterable<{ name: { toString(): string } }> }>;
  };
  const methods = [...metadata.apis].flatMap(({ name, methods }) => [...methods].map((method) => `${name.toString()}_${method.name.toString()}`));
  assert.ok(methods.length > 60, `${methods.length} methods`);
  for (const method of methods) {
    for (const bytes of ["0x", `0x${"ff".repeat(40)}`, `0x${randomBytes(200).toString("hex")}`, `0x02${"ff".repeat(3)}${"00".repeat(20)}`]) {
      const answer = await ask(port, "state_call", [method, bytes]);
      assert.ok("result" in answer || answer.error, method);
    }
  }
});

test("a flood of dry runs takes turns, some are told to come again, and the chain goes on", async () => {
  const height = await head();
  const start = Date.now();
  const text = `0x${Buffer.from("Where is the nearest pharmacy, please? ".repeat(12)).toString("hex")}`;
  const lines = await Promise.all(Array.from({ length: 8 }, line));
  const count = 150;
  for (let id = 0; id < count; id += 1) lines.forEach((opened) => opened.write(call("model_run", [langid.id, text], id)));
  const answers = (await Promise.all(lines.map((opened) => opened.answers(count)))).flat();
  const seconds = (Date.now() - start) / 1_000;
  lines.forEach((opened) => opened.drop());
  const codes = new Set(answers.map(({ error }) => error?.code));
  codes.delete(undefined);
  codes.delete(BUSY);
  assert.deepEqual([...codes], []);
  const answered = answers.filter(({ result }) => result !== undefined).length;
  assert.ok(answered > 0);
  // One-second slots: most of them must have had their block.
  assert.ok((await head()) - height >= Math.floor(seconds / 2), `${(await head()) - height} blocks in ${seconds} s`);
  console.log(`# ${answered} of ${answers.length} dry runs answered in ${seconds.toFixed(1)} s, the others told to come again`);
});
