/** The zombienet topology with two validators and a solver: peers connect, finality moves, and every process ends. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { emptyFolder, nodeBinary, processesIn, SCRIPTS, until } from "./stage.ts";

/** How long zombienet may take to start the nodes, in milliseconds; where it has to be installed first, that is in it. */
const START = 180_000;

interface ZombieNode {
  name: string;
  wsUri: string;
}

async function rpc<T>({ wsUri }: ZombieNode, method: string, params: unknown[] = []): Promise<T> {
  const response = await fetch(wsUri.replace("ws:", "http:"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { result: T }).result;
}

test("two validators and a solver find each other, make blocks final, and leave nothing behind", async () => {
  nodeBinary();
  const folder = await emptyFolder("zombienet");
  const run = spawn(join(SCRIPTS, "zombienet"), ["two", "--folder", folder], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [run.stdout, run.stderr]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const exited = new Promise((resolve) => run.once("exit", resolve));
  try {
    const nodes = await until(
      "zombienet has started the nodes",
      async () => {
        assert.equal(run.exitCode, null, said);
        const { relay } = JSON.parse(await readFile(join(folder, "run/zombie.json"), "utf8")) as { relay: ZombieNode[] };
        return relay.length === 3 && relay;
      },
      START,
    );
    assert.deepEqual(nodes.map(({ name }) => name).sort(), ["alice", "bob", "solver"]);
    for (const node of nodes) {
      await until(`${node.name} has two peers`, async () => (await rpc<{ peers: number }>(node, "system_health")).peers >= 2);
      await until(`${node.name} sees finality move`, async () => {
        const { number } = await rpc<{ number: string }>(node, "chain_getHeader", [await rpc<string>(node, "chain_getFinalizedHead")]);
        return Number(number) >= 5;
      });
    }
    const solver = nodes.find(({ name }) => name === "solver")!;
    assert.deepEqual(await rpc(solver, "system_nodeRoles"), ["Full"]);
  } finally {
    run.kill("SIGTERM");
    await exited;
  }
  assert.deepEqual(await processesIn(folder), [], "nodes still run");
});
