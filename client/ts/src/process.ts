/** Nodes as processes: started on free ports, known by their own process id, and ended in every case. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a node may take to answer its first RPC request, in milliseconds. */
const START_TIMEOUT = 60_000;
/** How long a node may take to end after SIGTERM before it is killed, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** Nodes that run now; ended when this process ends, whatever ends it. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** How to start a node. */
export interface NodeOptions {
  /** The binary. */
  binary: string;
  /** Folder for its database. Must exist. */
  basePath: string;
  /** File that its log is appended to. */
  log: string;
  /** Name in the log and among peers. */
  name: string;
  /** Arguments beside ports, base path and name. */
  args: string[];
  /** Its ports; free ones by default. */
  ports?: Ports;
  /** How long it may take to answer its first RPC request, in milliseconds: a minute by default. */
  patience?: number;
}

/** The ports of a node. */
export interface Ports {
  rpc: number;
  p2p: number;
  /** For Prometheus. Without it there are no metrics. */
  metrics?: number;
}

/** A node that runs. */
export class NodeProcess {
  private constructor(
    readonly options: Required<NodeOptions>,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => child.once("exit", () => resolve()));
  }

  /** When it has ended, by itself or not. */
  readonly exited: Promise<void>;

  /** Starts a node and waits until it answers RPC requests. */
  static async start(options: NodeOptions): Promise<NodeProcess> {
    const ports = options.ports ?? { rpc: await freePort(), p2p: await freePort() };
    const log = openSync(options.log, "a");
    const child = spawn(
      options.binary,
      [
        ...["--name", options.name, "--base-path", options.basePath],
        ...["--rpc-port", `${ports.rpc}`, "--listen-addr", `/ip4/127.0.0.1/tcp/${ports.p2p}`],
        ...(ports.metrics ? ["--prometheus-port", `${ports.metrics}`] : ["--no-prometheus"]),
        ...["--no-telemetry", "--no-mdns"],
        ...options.args,
      ],
      { stdio: ["ignore", log, log] },
    );
    closeSync(log);
    running.add(child);
    child.once("exit", () => running.delete(child));
    const node = new NodeProcess({ patience: START_TIMEOUT, ...options, ports }, child);
    try {
      await node.ready();
    } catch (error) {
      await node.stop();
      throw error;
    }
    return node;
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it still runs. */
  get alive(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Where its RPC is. */
  get url(): string {
    return `ws://127.0.0.1:${this.options.ports.rpc}`;
  }

  /** One RPC request over HTTP. */
  async rpc<T>(method: string, params: unknown[] = []): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.options.ports.rpc}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Its address for the `--bootnodes` of others. */
  async address(): Promise<string> {
    return `/ip4/127.0.0.1/tcp/${this.options.ports.p2p}/p2p/${await this.rpc<string>("system_localPeerId")}`;
  }

  /** Ends it: asks, waits, and kills it if it does not listen. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** The same node again: same database, same ports, same arguments. */
  async restart(): Promise<NodeProcess> {
    return NodeProcess.start(this.options);
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (!this.alive) return;
    this.child.kill(signal);
    const inTime = await Promise.race([this.exited.then(() => true), sleep(STOP_TIMEOUT, false, { ref: false })]);
    if (!inTime) {
      this.child.kill("SIGKILL");
      await this.exited;
    }
  }

  private async ready(): Promise<void> {
    let failure: Error | undefined;
    this.child.once("error", (error) => (failure = error));
    const { patience } = this.options;
    for (const start = Date.now(); Date.now() - start < patience; await sleep(50)) {
      if (failure) throw new Error(`${this.options.binary} does not start: ${failure.message}. Build it with \`make build\`.`);
      if (!this.alive) throw new Error(`The node ${this.options.name} ended at once. Its log ${this.options.log} says why.`);
      const answers = await this.rpc("system_health").then(
        () => true,
        () => false,
      );
      if (answers) return;
    }
    throw new Error(`The node ${this.options.name} gave no RPC answer within ${patience / 1000} s. See its log ${this.options.log}.`);
  }
}

/** A port of the loopback interface that is free now: the preferred one, if it is. */
export async function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (preferred !== 0 && error.code === "EADDRINUSE") freePort().then(resolve, reject);
      else reject(error);
    });
    server.listen(preferred, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
