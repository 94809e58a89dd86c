/** Who can reach what: addresses, unsafe methods, web pages, host names. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import type { Member } from "../../client/ts/src/index.ts";
import { LOGS, network } from "../e2e/stage.ts";
import { ask, call, Line, send } from "./wire.ts";

const HASH = `0x${"00".repeat(32)}`;
/** Every method that the SDK calls unsafe, with parameters that it can read: `docs/security.md` lists the same. */
const UNSAFE: [method: string, params: unknown[]][] = [
  ["author_hasKey", ["0x00", "babe"]],
  ["author_hasSessionKeys", ["0x00"]],
  ["author_insertKey", ["babe", "//Alice", "0x00"]],
  ["author_removeExtrinsic", [[]]],
  ["author_rotateKeys", []],
  ["author_rotateKeysWithOwner", ["0x00"]],
  ["babe_epochAuthorship", []],
  ["offchain_localStorageClear", ["PERSISTENT", "0x00"]],
  ["offchain_localStorageGet", ["PERSISTENT", "0x00"]],
  ["offchain_localStorageSet", ["PERSISTENT", "0x00", "0x00"]],
  ["state_callRecorded", ["Core_version", "0x", HASH]],
  ["state_getPairs", ["0x00"]],
  ["state_queryStorage", [["0x00"], HASH]],
  ["state_traceBlock", [HASH]],
  ["system_addLogFilter", ["x=off"]],
  ["system_addReservedPeer", ["/ip4/127.0.0.1/tcp/1/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"]],
  ["system_dryRun", ["0x00"]],
  ["system_dryRunAt", ["0x00"]],
  ["system_peers", []],
  ["system_removeReservedPeer", ["12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"]],
  ["system_resetLogFilter", []],
  ["system_unstable_networkState", []],
];

let home: Member;
let outside: Member;
let safe: Member;
const port = ({ node }: Member): number => Number(new URL(node.url).port);

before(async () => {
  const net = await network("exposure");
  home = await net.validator();
  const follower = (name: string, ...args: string[]): Promise<Member> => net.validator({ name: name as "bob", args });
  // These make no blocks: the preset has one validator, and it is Alice.
  [outside, safe] = await Promise.all([follower("bob", "--unsafe-rpc-external"), follower("charlie", "--rpc-methods", "safe")]);
});

/** Addresses on which a process listens at a port, as `/proc/net` writes them. */
async function listening(at: number): Promise<string[]> {
  const tables = await Promise.all(["tcp", "tcp6"].map((table) => readFile(`/proc/net/${table}`, "utf8").catch(() => "")));
  const rows = tables.join("\n").split("\n").map((row) => row.trim().split(/\s+/));
  const suffix = `:${at.toString(16).toUpperCase().padStart(4, "0")}`;
  return rows.filter(([, local, , state]) => state === "0A" && local?.endsWith(suffix)).map(([, local]) => local!.split(":")[0]!);
}

/** 127.0.0.1 and ::1. */
const LOOPBACK = ["0100007F", "00000000000000000000000001000000"];

test("RPC listens on loopback only, unless it is told to listen everywhere", async () => {
  const inside = await listening(port(home));
  assert.ok(inside.length > 0 && inside.every((address) => LOOPBACK.includes(address)), inside.join());
  const everywhere = await listening(port(outside));
  assert.ok(everywhere.some((address) => /^0+$/.test(address)), everywhere.join());
});

test("a validator refuses to open its RPC to the world by the ordinary flag", async () => {
  const binary = process.env.PENSUM_NODE!;
  const started = promisify(execFile)(binary, ["--chain", "dev", "--validator", "--tmp", "--unsafe-force-node-key-generation", "--rpc-external"], { timeout: 20_000 });
  await assert.rejects(started, (error: { stderr: string }) => /--rpc-external option shouldn't be used/.test(error.stderr));
});

test("unsafe methods are refused where RPC listens everywhere, and where they are switched off", async () => {
  for (const node of [outside, safe]) {
    for (const [method, params] of UNSAFE) {
      const { error } = await ask(port(node), method, params);
      assert.match(`${error?.code} ${error?.message}`, /unsafe/i, `${method}: ${JSON.stringify(error)}`);
    }
    assert.ok((await ask(port(node), "system_health")).result);
  }
  // On loopback the operator has them.
  assert.ok((await ask(port(home), "system_peers")).result);
});

test("every method that the node offers is in docs/security.md, and none is there that it does not offer", async () => {
  const { result } = await ask(port(home), "rpc_methods");
  const { methods } = result as { methods: string[] };
  // For whoever writes them down.
  await writeFile(join(LOGS, "exposure", "methods.json"), JSON.stringify(methods));
  const text = await readFile(new URL("../../docs/security.md", import.meta.url), "utf8");
  const section = /<!-- methods -->([\s\S]*?)<!-- end of methods -->/.exec(text)?.[1] ?? "";
  const listed = [...section.matchAll(/`([a-zA-Z]+(?:_[A-Za-z0-9]+)+|account_nextIndex|subscribe_newHead|unsubscribe_newHead)`/g)].map(([, method]) => method!);
  assert.deepEqual([...new Set(listed)].sort(), [...methods].sort());
  const marked = [...section.matchAll(/\*\*`(\w+)`\*\*/g)].map(([, method]) => method!);
  assert.deepEqual([...new Set(marked)].sort(), UNSAFE.map(([method]) => method).sort());
});

test("a web page of another origin gets no leave to read, and cannot ask without one", async () => {
  const page = { origin: "https://evil.example" };
  for (const node of [home, safe]) {
    const simple = await send(port(node), call("system_name"), { ...page, "content-type": "text/plain" });
    assert.equal(simple.status, 415, simple.body);
    const asked = await send(port(node), call("system_name"), page);
    assert.equal(asked.headers["access-control-allow-origin"], undefined);
    const preflight = { ...page, "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
    const answer = await send(port(node), "", preflight, "OPTIONS");
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
  }
});

test("a name that somebody else's DNS points at this machine is refused", async () => {
  for (const host of ["evil.example", `evil.example:${port(home)}`, "127.0.0.1.evil.example"]) {
    const { status } = await send(port(home), call("system_name"), { host });
    assert.equal(status, 403, host);
    assert.equal(await Line.open(port(home), { host }), 403, host);
  }
});

test("a WebSocket tells the node no origin that it heeds: a page in a browser on the node's machine can ask, which docs/security.md says", async () => {
  const line = await Line.open(port(home), { origin: "https://evil.example" });
  assert.ok(line instanceof Line);
  line.write(call("system_name"));
  assert.ok((await line.next()).result);
  line.drop();
  // With unsafe methods off it reads what anybody may.
  const bounded = await Line.open(port(safe), { origin: "https://evil.example" });
  assert.ok(bounded instanceof Line);
  bounded.write(call("author_rotateKeys"));
  assert.match(`${(await bounded.next()).error?.message}`, /unsafe/i);
  bounded.drop();
});
