/** A node on a machine of its own, and how to ask it. */
import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Hex } from "../../client/ts/src/index.ts";
import { Program, type Exit } from "./program.ts";
import type { Machine } from "./wires.ts";

/** The ports of every node: each has addresses of its own. */
const [RPC, P2P] = [9944, 30333];
/** How long a node may take to answer its first request, in milliseconds: on two busy cores, on which six start at once, minutes. */
const START_TIMEOUT = 300_000;
/** How long a node may take for an answer, in milliseconds. */
const ANSWER_TIMEOUT = 5_000;

/** A block by number and hash. */
export interface Block {
  number: number;
  hash: Hex;
}

/** How a node is started. */
export interface PeerOptions {
  machine: Machine;
  binary: string;
  log: string;
  /** Folder for its database. */
  basePath: string;
  /** File with its network key, and the id that others know it by. */
  key: { file: string; id: string };
  /** Further arguments. */
  args: string[];
}

/** A node. */
export class Peer {
  readonly program: Program;
  /** What a test set in the node's environment; kept over restarts until it is taken away. */
  env: Record<string, string> = {};
  private readonly url: string;

  constructor(readonly options: PeerOptions) {
    this.program = new Program(options.machine, options.binary, options.log);
    this.url = `http://${options.machine.control}:${RPC}`;
  }

  get name(): string {
    return this.options.machine.name;
  }

  get machine(): Machine {
    return this.options.machine;
  }

  get alive(): boolean {
    return this.program.alive;
  }

  /** Where its RPC is, for clients that hold a connection. */
  get socket(): string {
    return `ws://${this.machine.control}:${RPC}`;
  }

  /** Its address for the `--bootnodes` of others. */
  get address(): string {
    return `/ip4/${this.machine.wire}/tcp/${P2P}/p2p/${this.options.key.id}`;
  }

  /** Starts it and waits until it answers. Returns how long that took, in seconds. */
  async start(): Promise<number> {
    const begin = Date.now();
    await this.launch();
    while (Date.now() - begin < START_TIMEOUT) {
      if (!this.alive) throw new Error(`The node ${this.name} ended at once. Its log ${this.program.log} says why.`);
      if (await this.rpc("system_health").then(() => true, () => false)) return (Date.now() - begin) / 1000;
      await sleep(100);
    }
    throw new Error(`The node ${this.name} gave no answer within ${START_TIMEOUT / 1000} s. See its log ${this.program.log}.`);
  }

  /** Starts it without waiting for anything. */
  async launch(): Promise<void> {
    const { basePath, key, args, machine } = this.options;
    await mkdir(basePath, { recursive: true });
    const own = [
      ...["--name", this.name, "--base-path", basePath, "--node-key-file", key.file],
      ...["--rpc-port", `${RPC}`, "--unsafe-rpc-external", "--rpc-methods", "unsafe", "--rpc-cors", "all"],
      // Only the wire, so that a cut wire is the end of it.
      ...["--listen-addr", `/ip4/${machine.wire}/tcp/${P2P}`],
      ...["--no-telemetry", "--no-prometheus", "--no-mdns"],
    ];
    await this.program.start([...own, ...args], this.env);
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    await this.program.stop();
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    await this.program.kill();
  }

  /** Waits until it ends by itself. */
  async ends(patience: number): Promise<Exit | undefined> {
    return Promise.race([this.program.ended, sleep(patience, undefined, { ref: false })]);
  }

  /** One request. */
  async rpc<T>(method: string, params: unknown[] = []): Promise<T> {
    const [answer] = await this.ask<T>([[method, params]]);
    return answer!;
  }

  /** Many requests at once; the answers in the same order. */
  async ask<T>(requests: [method: string, params: unknown[]][]): Promise<T[]> {
    if (requests.length === 0) return [];
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(requests.map(([method, params], id) => ({ jsonrpc: "2.0", id, method, params }))),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT),
    });
    const answers = (await response.json()) as { id: number; result: T; error?: { message: string; data?: unknown } }[];
    return answers
      .sort((a, b) => a.id - b.id)
      .map(({ id, result, error }) => {
        if (!error) return result;
        throw new Error(`${this.name}: ${requests[id]?.[0]}: ${error.message} ${JSON.stringify(error.data ?? "")}`);
      });
  }

  /** The hashes of the blocks of some numbers on this node's chain. */
  async hashes(first: number, last: number): Promise<Hex[]> {
    const hashes: Hex[] = [];
    for (let from = first; from <= last; from += 200) {
      const numbers = Array.from({ length: Math.min(200, last - from + 1) }, (_, place) => from + place);
      hashes.push(...(await this.ask<Hex>(numbers.map((number) => ["chain_getBlockHash", [number]]))));
    }
    return hashes;
  }

  /** The best block's number. */
  async best(): Promise<number> {
    return Number((await this.rpc<{ number: Hex }>("chain_getHeader")).number);
  }

  /** The last final block. */
  async final(): Promise<Block> {
    const hash = await this.rpc<Hex>("chain_getFinalizedHead");
    return { hash, number: Number((await this.rpc<{ number: Hex }>("chain_getHeader", [hash])).number) };
  }
}
