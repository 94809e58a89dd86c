/**
 * The network that the faults befall: four validators and two solvers, each on a machine of its own, one solver with a gateway in its node,
 * the other with one beside it, and a requester that posts all the time. All files of tests in one process share one network.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client, cryptoWaitReady } from "../../client/ts/src/index.ts";
import { release } from "./disks.ts";
import { Finality } from "./finality.ts";
import { Ledger } from "./ledger.ts";
import { Peer } from "./peer.ts";
import { MODELS, opens, REQUESTER, Solver, type Model } from "./people.ts";
import { Program } from "./program.ts";
import { run, runs } from "./shell.ts";
import { State } from "./state.ts";
import { Traffic } from "./traffic.ts";
import { until } from "./waiting.ts";
import { Wires } from "./wires.ts";

/** Folder for logs and the report. */
export const LOGS = fileURLToPath(new URL("../../target/faults/", import.meta.url));
const VALIDATORS = ["alice", "bob", "charlie", "dave"] as const;
/** Where the gateway beside a solver's node listens, on that machine's loopback. */
const GATEWAY = "127.0.0.1:9950";
/** How long the first final block may take, and finality to resume before a test, in milliseconds. */
const PATIENCE = 180_000;

/** The network. */
export class Stage {
  /** Nodes by their names; the newcomers of single tests are not among them. */
  readonly peers: Peer[] = [];
  private constructor(
    /** Folder for everything that does not outlive this process. */
    readonly folder: string,
    readonly wires: Wires,
    private readonly binaries: { node: string; gateway: string },
  ) {}

  readonly finality = new Finality(() => this.peers);
  gateway!: Program;
  solvers: Solver[] = [];
  traffic!: Traffic;
  ledger!: Ledger;
  state!: State;
  /** What the requester had when the books began. */
  private opening = 0n;
  private model!: Model;
  private spec = "";

  /** Sets everything up. */
  static async open(): Promise<Stage> {
    const { PENSUM_NODE: node, PENSUM_GATEWAY: gateway } = process.env;
    assert.ok(node && gateway, "PENSUM_NODE and PENSUM_GATEWAY do not name the binaries. Run scripts/faults.");
    await sweep();
    await rm(LOGS, { recursive: true, force: true });
    await mkdir(LOGS, { recursive: true });
    await cryptoWaitReady();
    const wires = Wires.open();
    const folder = join(tmpdir(), `pensum-faults-${process.pid}`);
    await mkdir(folder);
    const stage = new Stage(folder, wires, { node, gateway });
    try {
      await stage.build();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  /** A node by its name. */
  peer(name: string): Peer {
    const peer = this.peers.find((peer) => peer.name === name);
    assert.ok(peer, `there is no node ${name}`);
    return peer;
  }

  get validators(): Peer[] {
    return VALIDATORS.map((name) => this.peer(name));
  }

  /** A node that runs, for questions that any can answer. */
  get any(): Peer {
    const peer = this.peers.find(({ alive }) => alive);
    assert.ok(peer, "no node runs");
    return peer;
  }

  /** A further node on a machine of its own, which is not started yet. */
  newcomer(name: string, args: string[]): Peer {
    return this.place(name, ["--bootnodes", ...this.peers.map(({ address }) => address), ...args]);
  }

  /** Starts the gateway beside the second solver. */
  async startGateway(): Promise<void> {
    await this.gateway.start(["--listen", GATEWAY, "--models-dir", MODELS, "--data-dir", join(this.folder, "gateway")]);
  }

  /** Repairs whatever an earlier test left broken, and waits until everything goes on. */
  async whole(): Promise<void> {
    this.wires.heal();
    if (!this.gateway.alive) await this.startGateway();
    for (const peer of this.peers) peer.env = {};
    await Promise.all(this.peers.filter(({ alive }) => !alive).map((peer) => peer.start()));
    await this.finality.resumes(PATIENCE);
    const client = await Client.connect(this.any.socket);
    try {
      for (const solver of this.solvers) {
        if (!(await solver.ready(client, this.model.id))) await solver.enlists(client, this.model.id);
      }
    } finally {
      await client.close();
    }
  }

  /** What the requester should have by the books. */
  get expected(): bigint {
    return this.opening - this.ledger.spent;
  }

  /** Ends everything and leaves nothing behind. */
  async close(): Promise<void> {
    await this.finality.stop();
    await Promise.all([...this.peers, ...(this.gateway ? [this.gateway] : [])].map((program) => program.kill()));
    this.wires.close();
    release(this.folder);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async build(): Promise<void> {
    this.spec = join(this.folder, "spec.json");
    run("sh", ["-c", `exec "$0" export-chain-spec --chain local --raw > "$1"`, this.binaries.node, this.spec]);
    for (const name of VALIDATORS) this.add(name, [`--${name}`]);
    const near = this.add("solver-near", ["--solver", "--dev-operator", "//Near", "--models-dir", MODELS]);
    const far = this.add("solver-far", ["--solver", "--dev-operator", "//Far", "--gateway-url", `http://${GATEWAY}`]);
    this.gateway = new Program(far.machine, this.binaries.gateway, join(LOGS, "gateway.log"));
    await this.startGateway();
    await Promise.all(this.peers.map((peer) => peer.start()));
    await until("the first blocks are final", PATIENCE, async () => (await far.final()).number >= 2);
    const client = await Client.connect(this.any.socket);
    try {
      this.state = new State(client);
      this.model = await opens(client);
      this.solvers = [new Solver(near), new Solver(far)];
      const order = { requester: REQUESTER, model: this.model.id, inputs: this.model.inputs };
      this.traffic = new Traffic(client, this.state, () => this.peers, order);
    } finally {
      await client.close();
    }
    this.finality.start();
    await this.finality.resumes(PATIENCE);
    const begin = await this.any.final();
    this.ledger = new Ledger(this.state, REQUESTER.address, begin.number);
    this.opening = (await this.state.account(this.any, REQUESTER.address, begin.hash)).free;
  }

  /** A node that belongs to the network. All know all others from the start. */
  private add(name: string, args: string[]): Peer {
    // The books are kept from the events of all blocks, and a test may take longer than a node keeps their state otherwise.
    const peer = this.place(name, ["--state-pruning", "archive", ...args]);
    for (const other of this.peers) {
      other.options.args.push("--bootnodes", peer.address);
      peer.options.args.push("--bootnodes", other.address);
    }
    this.peers.push(peer);
    return peer;
  }

  private place(name: string, args: string[]): Peer {
    const file = join(this.folder, `${name}.key`);
    if (!existsSync(file)) run(this.binaries.node, ["key", "generate-node-key", "--file", file]);
    const id = run(this.binaries.node, ["key", "inspect-node-key", "--file", file]).trim();
    return new Peer({
      machine: this.wires.machine(name),
      binary: this.binaries.node,
      log: join(LOGS, `${name}.log`),
      basePath: join(this.folder, name),
      key: { file, id },
      args: ["--chain", this.spec, ...(process.env.FAULTS_LOG ? ["--log", process.env.FAULTS_LOG] : []), ...args],
    });
  }
}

/** Removes what runs that were killed left behind. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^pensum-faults-(\d+)$/.exec(name)?.[1];
    if (!pid || runs(Number(pid))) continue;
    release(join(tmpdir(), name));
    await rm(join(tmpdir(), name), { recursive: true, force: true });
    // A file system in user space may need a moment to go.
    await sleep(100);
  }
}
