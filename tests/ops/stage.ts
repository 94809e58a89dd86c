/** What tests of operations need: a chain, and nodes whose folders, keys and metrics the test knows. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Client, cryptoWaitReady, freePort, NodeProcess } from "../../client/ts/src/index.ts";

/** Root of the tree. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LOGS = join(ROOT, "target/ops");
const MAX_SPEC = 64 * 1024 * 1024;
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Runs a program to its end. */
export const run = promisify(execFile);

/** A binary that the environment names. */
export function binary(variable: "PENSUM_NODE" | "PENSUM_GATEWAY"): string {
  const path = process.env[variable];
  assert.ok(path, `${variable} names no binary. Run scripts/ops.`);
  return path;
}

/** The chain spec with its genesis state, kept for the next file of tests: to work it out takes longer than all else at a start. */
async function chainSpec(): Promise<string> {
  const [node, spec] = [binary("PENSUM_NODE"), join(LOGS, "chain.json")];
  const written = await stat(spec).catch(() => undefined);
  if (written && written.mtimeMs > (await stat(node)).mtimeMs) return spec;
  const { stdout } = await run(node, ["export-chain-spec", "--chain", "dev", "--raw"], { maxBuffer: MAX_SPEC });
  await writeFile(`${spec}.half`, stdout);
  await rename(`${spec}.half`, spec);
  return spec;
}

/** A node, and a connection to it. */
export interface Running {
  node: NodeProcess;
  client: Client;
  /** Port of its metrics. */
  metrics: number;
}

/** Nodes of one chain, in a folder that goes with them. */
export class Stage {
  private readonly running: Running[] = [];

  private constructor(
    /** Where everything lies. */
    readonly folder: string,
    private readonly logs: string,
    /** The chain spec, raw. */
    readonly spec: string,
  ) {}

  /** An empty stage. A signal ends it, and then this process. */
  static async create(name: string): Promise<Stage> {
    const [folder, logs] = [await mkdtemp(join(tmpdir(), "pensum-ops-")), join(LOGS, name)];
    await rm(logs, { recursive: true, force: true });
    await mkdir(logs, { recursive: true });
    await cryptoWaitReady();
    const stage = new Stage(folder, logs, await chainSpec());
    for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => void stage.stop().finally(() => process.exit(code)));
    return stage;
  }

  /** The only validator. */
  async validator(): Promise<Running> {
    return this.start("alice", ["--alice", "--force-authoring", "--unsafe-force-node-key-generation"]);
  }

  /** A solver whose operator key lies in its keystore, with its gateway at a fixed port. */
  async solver(name: string, operator: string, gateway: number): Promise<Running> {
    const key = ["--scheme", "sr25519", "--key-type", "oper", "--suri", operator];
    await run(binary("PENSUM_NODE"), ["key", "insert", "--base-path", this.base(name), "--chain", this.spec, ...key]);
    const first = this.running[0];
    assert.ok(first, "a solver follows a validator");
    const address = await first.node.address();
    const peers = ["--bootnodes", address, "--reserved-nodes", address];
    const models = ["--models-dir", join(ROOT, "inference/models"), "--gateway-listen", `127.0.0.1:${gateway}`];
    return this.start(name, ["--solver", "--log-json", ...models, ...peers]);
  }

  /** A node's base path. */
  base(name: string): string {
    return join(this.folder, name);
  }

  /** A node's log. */
  log(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  /** Starts a node that was stopped. */
  async again(stopped: Running): Promise<void> {
    stopped.node = await stopped.node.restart();
    stopped.client = await Client.connect(stopped.node.url);
  }

  /** Ends all nodes and removes all that they wrote but their logs. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.running.map(({ client }) => client.close()));
    await Promise.allSettled(this.running.map(({ node }) => node.stop()));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async start(name: string, args: string[]): Promise<Running> {
    await mkdir(this.base(name), { recursive: true });
    const metrics = await freePort();
    const node = await NodeProcess.start({
      binary: binary("PENSUM_NODE"),
      basePath: this.base(name),
      log: this.log(name),
      name,
      ports: { rpc: await freePort(), p2p: await freePort(), metrics },
      args: ["--chain", this.spec, ...args],
    });
    const running = { node, client: await Client.connect(node.url), metrics };
    this.running.push(running);
    return running;
  }
}
