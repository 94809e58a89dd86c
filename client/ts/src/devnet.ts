/** A development network on this machine: validators, and solvers beside them. Everything it starts and writes, it removes. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Keyring } from "@polkadot/keyring";
import type { KeyringPair } from "@polkadot/keyring/types";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { Client } from "./connect.ts";
import { freePort, NodeProcess } from "./process.ts";

/** How long a node may take to catch up with the validator, in milliseconds. */
const SYNC_TIMEOUT = 30_000;
/** Most bytes of a chain spec. */
const MAX_SPEC = 64 * 1024 * 1024;

/** Exit codes of a program that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** What a network needs to know. */
export interface DevNetOptions {
  /** The node's binary. */
  binary: string;
  /** Folder for the logs. Emptied at the start. */
  logs: string;
  /** Which preset: `dev` has one validator, Alice; `local` has four. `dev` by default. */
  chain?: "dev" | "local";
  /** Folder in which chain specs are kept for the next network of the same binary. Without it each network works its own out. */
  specs?: string;
  /** A raw chain spec to use instead of the preset's. Its validators are the preset's. */
  spec?: string;
}

/** The validators of the presets. */
export type ValidatorName = "alice" | "bob" | "charlie" | "dave";

/** How a solver's node is started. */
export interface SolverOptions {
  /** Name in the log. */
  name: string;
  /** Development name of its operator key, such as `//Solver1`. */
  operator: string;
  /** Folder with its models, for a gateway in the same process. */
  models?: string;
  /** Address of a gateway elsewhere, instead of one in the same process. */
  gateway?: string;
}

/** How a validator's node is started. */
export interface ValidatorOptions {
  /** Which of them: Alice by default, who is the only one of the preset `dev`. */
  name?: ValidatorName;
  /** Further arguments. */
  args?: string[];
  /** Makes it work as a solver too. */
  solver?: SolverOptions;
  /** The port of its RPC, if it is free. */
  rpcPort?: number;
}

/** A node, its gateway and a connection to it. */
export interface Member {
  node: NodeProcess;
  client: Client;
  /** Where its gateway is. */
  gateway: string;
}

/** A development network. */
export class DevNet {
  private readonly members: Member[] = [];
  private spec: Promise<string> | undefined;
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly options: DevNetOptions,
    private readonly folder: string,
  ) {}

  /** An empty network. */
  static async create(options: DevNetOptions): Promise<DevNet> {
    await rm(options.logs, { recursive: true, force: true });
    await mkdir(options.logs, { recursive: true });
    await cryptoWaitReady();
    return new DevNet(options, await mkdtemp(join(tmpdir(), "pensum-")));
  }

  /**
   * Starts a validator. The first node of a network is one; where it is the only one there is, it makes blocks at once. Others know all
   * that are there already.
   */
  async validator({ name = "alice", args = [], solver, rpcPort }: ValidatorOptions = {}): Promise<Member> {
    const others = await Promise.all(this.members.map(({ node }) => node.address()));
    const known = others.length > 0 ? ["--bootnodes", ...others, "--reserved-nodes", ...others] : [];
    // Of several, each would go its own way until it has found the others.
    const alone = this.options.chain === "local" ? [] : ["--force-authoring"];
    const own = [`--${name}`, ...alone, "--unsafe-force-node-key-generation", ...known, ...args];
    return this.start(solver?.name ?? name, own, solver, rpcPort);
  }

  /** Starts a full node that works as a solver, and waits until it has caught up. */
  async solver(options: SolverOptions): Promise<Member> {
    const [first] = this.members;
    if (!first) throw new Error("A solver needs a validator to follow. Start the validator first.");
    const address = await first.node.address();
    const member = await this.start(options.name, ["--bootnodes", address, "--reserved-nodes", address], options);
    await caughtUp(member.client, first.client);
    return member;
  }

  /** Ends a member's node at once and starts it again on the same database. */
  async restart(member: Member, whileDown: () => Promise<unknown> = async () => {}): Promise<void> {
    const killed = member.node.kill();
    await member.client.close();
    await killed;
    await whileDown();
    if (this.stopping) throw new Error("The network is stopping. Start another.");
    member.node = await member.node.restart();
    member.client = await Client.connect(member.node.url);
  }

  /** Ends all nodes, and then this process, when a signal asks this process to end. */
  endOnSignal(say: (signal: string) => void = () => {}): void {
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.once(signal, () => {
        say(signal);
        void this.stop().finally(() => process.exit(code));
      });
    }
  }

  /** Ends all nodes and removes their databases. */
  async stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async start(name: string, args: string[], solver?: SolverOptions, rpcPort?: number): Promise<Member> {
    if (this.stopping) throw new Error("The network is stopping. Start another.");
    const basePath = join(this.folder, name);
    await mkdir(basePath);
    const gateway = solver?.gateway ?? `http://127.0.0.1:${await freePort()}`;
    const node = await NodeProcess.start({
      binary: this.options.binary,
      basePath,
      log: join(this.options.logs, `${name}.log`),
      name,
      ports: { rpc: await freePort(rpcPort), p2p: await freePort() },
      args: ["--chain", await (this.options.spec ?? (this.spec ??= this.exportSpec())), ...args, ...(solver ? solverArgs(solver, gateway) : [])],
    });
    const member = { node, client: await Client.connect(node.url), gateway };
    this.members.push(member);
    return member;
  }

  /** The chain spec with its genesis state. Written once: to work it out takes each node longer than all else at its start. */
  private async exportSpec(): Promise<string> {
    const { binary, chain = "dev", specs = this.folder } = this.options;
    await mkdir(specs, { recursive: true });
    const [spec, mark] = [join(specs, `${chain}.json`), join(specs, `${chain}.of`)];
    const { mtimeMs, size } = await stat(binary);
    const writer = `${binary} ${mtimeMs} ${size}`;
    if ((await readFile(mark, "utf8").catch(() => "")) === writer) return spec;
    const { stdout } = await promisify(execFile)(binary, ["export-chain-spec", "--chain", chain, "--raw"], {
      maxBuffer: MAX_SPEC,
    });
    // Whole from the first moment: another process may be about to read it, or to write the same.
    for (const [file, content] of [[spec, stdout], [mark, writer]] as const) {
      await writeFile(`${file}.${process.pid}`, content);
      await rename(`${file}.${process.pid}`, file);
    }
    return spec;
  }

  private async end(): Promise<void> {
    await Promise.allSettled(this.members.map(({ client }) => client.close()));
    await Promise.allSettled(this.members.map(({ node }) => node.stop()));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A well-known development account, such as `//Bob`. */
export function devAccount(uri: string): KeyringPair {
  return new Keyring({ type: "sr25519", ss58Format: 42 }).addFromUri(uri);
}

/** Waits until a node has the best block that another had when asked. */
export async function caughtUp(client: Client, other: Client): Promise<void> {
  const goal = (await other.api.rpc.chain.getHeader()).number.toNumber();
  for (const start = Date.now(); Date.now() - start < SYNC_TIMEOUT; await sleep(100)) {
    if ((await client.api.rpc.chain.getHeader()).number.toNumber() >= goal) return;
  }
  throw new Error(`A node did not reach block ${goal} within ${SYNC_TIMEOUT / 1000} s. See its log: does it have a peer?`);
}

function solverArgs({ operator, models, gateway: elsewhere }: SolverOptions, gateway: string): string[] {
  const engine = elsewhere
    ? ["--gateway-url", elsewhere]
    : ["--gateway-listen", new URL(gateway).host, ...(models ? ["--models-dir", models] : [])];
  return ["--solver", "--dev-operator", operator, ...engine];
}
