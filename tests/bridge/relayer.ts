/** `pensum-relayer` as a process: as the relayer, and as a validator of an EVM chain. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, type Hex } from "../../client/ts/src/index.ts";
import { Program } from "./programs.ts";

/** How long it may take until its HTTP answers, in milliseconds. */
const START_TIMEOUT = 30_000;

/** A value of the configuration. */
export type Value = string | number | boolean | string[];
/** A table of the configuration; what is undefined is left out. */
export type Table = { [key: string]: Value | Table | Table[] | undefined };

/** An EVM chain as the configuration has it. */
export interface EvmSection extends Table {
  name: string;
  domain: number;
  rpc: string | string[];
  mailbox: string;
  merkle_tree_hook: string;
  validator_announce: string;
}

/** Where a process has its files. */
export interface Place {
  /** The binary. */
  binary: string;
  /** Its own folder, for configuration, keys and journal. Made if it is not there. */
  folder: string;
  /** Its log. */
  log: string;
}

/** What a relayer is told. */
export interface RelayerSettings {
  pensum: { rpc: string; domain: number; key: string } & Table;
  evm: { section: EvmSection; key?: Hex }[];
  /** Where validators' files are, by address; without any, where validators have announced that they are. */
  dirs?: { [address: string]: string };
  retry?: Table;
}

/** What a validator of an EVM chain is told. */
export interface ValidatorSettings {
  evm: EvmSection;
  key: Hex;
  /** Where it writes its checkpoints. */
  dir: string;
  announce?: { key: Hex };
}

/** What `status` says of a route. */
export interface RouteStatus {
  origin: string;
  destination: string;
  seen: number;
  delivered: number;
  lag_messages: number;
  /** By `new`, `submitted`, or why they wait. */
  pending_by_reason: { [reason: string]: number };
}

/** How the relayer calls Pensum. */
export const PENSUM = "pensum";

/** A process of the relayer's binary. */
export class Agent {
  private program: Program;

  private constructor(
    readonly place: Place,
    private readonly command: "run" | "validator",
    /** Where its HTTP is. */
    readonly http: string,
  ) {
    this.program = this.launch();
  }

  /** Starts a relayer. */
  static async relayer(place: Place, { pensum, evm, dirs = {}, retry }: RelayerSettings): Promise<Agent> {
    const { key, ...section } = pensum;
    const sections = await Promise.all(
      evm.map(async ({ section, key }) => ({ ...section, key_file: key && (await secret(place, `${section.name}.key`, key)) })),
    );
    const config = (listen: string): Table => ({
      journal: "relayer.redb",
      http: { listen },
      retry: { first_seconds: 1, longest_seconds: 4, ...retry },
      pensum: { poll_seconds: 1, ...section, key_file: "pensum.key" },
      evm: sections,
      validators: { announced: Object.keys(dirs).length === 0, dirs },
    });
    await secret(place, "pensum.key", key);
    return Agent.open(place, "run", config);
  }

  /** Starts a validator of an EVM chain. */
  static async validator(place: Place, { evm, key, dir, announce }: ValidatorSettings): Promise<Agent> {
    const config = (listen: string): Table => ({
      journal: "unused.redb",
      evm: [evm],
      validator: {
        origin: evm.name,
        key_file: "validator.key",
        dir,
        journal: "validator.redb",
        listen,
        announce: announce !== undefined,
        announce_key_file: announce && "announcer.key",
      },
    });
    await secret(place, "validator.key", key);
    if (announce) await secret(place, "announcer.key", announce.key);
    return Agent.open(place, "validator", config);
  }

  private static async open(place: Place, command: "run" | "validator", config: (listen: string) => Table): Promise<Agent> {
    const listen = `127.0.0.1:${await freePort()}`;
    await mkdir(place.folder, { recursive: true });
    await writeFile(join(place.folder, "config.toml"), toml(config(listen)));
    const agent = new Agent(place, command, `http://${listen}`);
    return agent.ready();
  }

  /** Its process id. */
  get pid(): number {
    return this.program.pid;
  }

  /** Whether it runs. */
  get alive(): boolean {
    return this.program.alive;
  }

  /** Its exit code, once it has ended. */
  get exited(): Promise<number | null> {
    return this.program.exited;
  }

  /** Ends it as its operator would. */
  async stop(): Promise<void> {
    await this.program.stop();
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.program.kill();
  }

  /** Lets it stand still, or go on. */
  freeze(): void {
    this.program.freeze();
  }
  thaw(): void {
    this.program.thaw();
  }

  /** Starts it again after it has ended: same files, same port. */
  async restart(): Promise<this> {
    if (this.alive) throw new Error("It runs still. Kill or stop it first.");
    this.program = this.launch();
    return this.ready();
  }

  /** What it says of its routes. */
  async routes(): Promise<RouteStatus[]> {
    const response = await fetch(`${this.http}/status`);
    return ((await response.json()) as { routes: RouteStatus[] }).routes;
  }

  /** What it says of one of its routes. */
  async route(origin: string, destination: string): Promise<RouteStatus> {
    const found = (await this.routes()).find((route) => route.origin === origin && route.destination === destination);
    if (!found) throw new Error(`The relayer has no route from ${origin} to ${destination}.`);
    return found;
  }

  /** Whether it knows of no message that is not delivered. */
  async idle(): Promise<boolean> {
    return (await this.routes()).every(({ lag_messages }) => lag_messages === 0);
  }

  /** What it counts, by the metric's name with its labels. */
  async metrics(): Promise<Map<string, number>> {
    const text = await (await fetch(`${this.http}/metrics`)).text();
    const lines = text.split("\n").filter((line) => line && !line.startsWith("#"));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
  }

  private launch(): Program {
    const { binary, folder, log } = this.place;
    const args = [this.command, "--config", join(folder, "config.toml")];
    return new Program({ binary, args, log, env: { RUST_LOG: process.env.RUST_LOG ?? "info,pensum_relayer=debug" } });
  }

  private async ready(): Promise<this> {
    await this.program.until(async () => (await fetch(`${this.http}/metrics`)).ok, START_TIMEOUT);
    return this;
  }
}

/** Writes a secret that only the owner can read; the path, relative to the configuration. */
async function secret({ folder }: Place, name: string, content: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), `${content}\n`, { mode: 0o600 });
  return name;
}

/** TOML of a table: plain values first, then tables, then lists of tables. */
export function toml(table: Table, path: string[] = []): string {
  const [plain, nested]: [string[], string[]] = [[], []];
  for (const [key, value] of Object.entries(table)) {
    const name = [...path, /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key)];
    if (value === undefined) continue;
    if (isTables(value)) nested.push(...value.map((item) => `[[${name.join(".")}]]\n${toml(item, name)}`));
    else if (typeof value === "object" && !Array.isArray(value)) nested.push(`[${name.join(".")}]\n${toml(value, name)}`);
    else plain.push(`${name.at(-1)} = ${JSON.stringify(value)}`);
  }
  return [...plain, "", ...nested].join("\n");
}

function isTables(value: Value | Table | Table[]): value is Table[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "object");
}
