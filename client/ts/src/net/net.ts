/**
 * A network whose members have keys of their own: session keys in keystores, node keys and phrases in files, one folder for each, and one
 * raw chain spec whose genesis was made from them. Its folder outlives it: opened again, the chain goes on.
 *
 * ```text
 * FOLDER/spec.json, light.json   the chain, and the same for light clients with the bootnode's address
 * FOLDER/keys/NAME/              what scripts/keys made
 * FOLDER/nodes/NAME/             base path: database and keystore
 * FOLDER/logs/NAME.log
 * FOLDER/net.json                who runs now
 * ```
 */
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { freePort, NodeProcess } from "../process.ts";
import { insertKeys, makeKeys, readKeys, type PublicKeys } from "./keys.ts";
import { mustBeFree, onFreePorts, PLACES, type Place } from "./places.ts";
import { mustNotRun, removeRoster, writeRoster } from "./roster.ts";
import { writeLightSpec, writeSpec } from "./spec.ts";

/** How long a node may take to start, in milliseconds: it compiles the runtime first, some ten seconds of a processor that it shares. */
const PATIENCE = 180_000;

/** How to open a network. */
export interface NetOptions {
  /** The node's binary. */
  binary: string;
  /** What to start nodes with instead: a wrapper around the binary. */
  wrapper?: string;
  /** Where it lives. */
  folder: string;
  /** Folder with the models that the solvers run. */
  models: string;
  /** Take free ports instead of the usual ones. */
  freePorts?: boolean;
  /** Forget the chain and the keys of an earlier run. */
  fresh?: boolean;
  /** Folder in which the preset is kept for the next network of the same binary. */
  presets?: string;
  /** Only members with this role. */
  only?: Place["role"];
}

/** A member that runs. */
export interface NetMember extends Place {
  node: NodeProcess;
  keys: PublicKeys;
  /** Folder with its keys. */
  secrets: string;
}

/** What it keeps in its folder. */
const OWN = ["keys", "nodes", "logs", "plain.json", "founding.json", "spec.json", "light.json", "net.json"];

/** The network. */
export class Net {
  /** Those that run, in the order of their names' numbers. */
  members: NetMember[] = [];
  private stopping = false;

  private constructor(
    private readonly options: NetOptions,
    private readonly places: Place[],
    /** Whether an earlier run's chain goes on. */
    readonly continues: boolean,
  ) {}

  /** Makes keys and genesis, or takes those of an earlier run. */
  static async open(options: NetOptions): Promise<Net> {
    const { folder, freePorts = false, fresh = false, only } = options;
    await mustNotRun(join(folder, "net.json"), folder);
    // Its own parts and nothing else: whoever names a folder may keep other things there.
    if (fresh) await Promise.all(OWN.map((part) => rm(join(folder, part), { recursive: true, force: true })));
    const wanted = PLACES.filter(({ role }) => !only || role === only);
    const places = freePorts ? await onFreePorts(wanted) : wanted;
    await mustBeFree(places);
    await mkdir(join(folder, "logs"), { recursive: true });
    const continues = await exists(join(folder, "spec.json"));
    const net = new Net(options, [...places], continues);
    if (!continues) await net.found();
    return net;
  }

  /** The chain spec. */
  get spec(): string {
    return join(this.options.folder, "spec.json");
  }

  /** Those with a role. */
  with(role: Place["role"]): NetMember[] {
    return this.members.filter((member) => member.role === role);
  }

  /** The first validator. */
  get first(): NetMember {
    const [first] = this.members;
    if (!first) throw new Error("The network has not started. Start it first.");
    return first;
  }

  /** Starts every node. */
  async start(): Promise<void> {
    const keys = new Map(await Promise.all(this.places.map(async ({ name }) => [name, await readKeys(this.secrets(name))] as const)));
    const known = this.places.filter(({ role }) => role !== "solver").map(({ name, ports }) => peerAddress(ports.p2p, keys.get(name)!.peer));
    // As many at once as there are processors: a node compiles the runtime when it starts, and all seven together would take so long that
    // the first would count as failed.
    const waiting = [...this.places.entries()];
    const started: NetMember[] = [];
    const startNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [at, place] = next;
        const own = keys.get(place.name)!;
        const others = known.filter((address) => !address.endsWith(own.peer));
        started[at] = { ...place, keys: own, secrets: this.secrets(place.name), node: await this.run(place, others) };
      }
    };
    const all = await Promise.allSettled(Array.from({ length: availableParallelism() }, startNext));
    // All that did start, so that `stop` finds them.
    this.members = started.filter(Boolean);
    for (const result of all) if (result.status === "rejected") throw result.reason;
    const light = this.members.flatMap(({ ports, keys: { peer } }) =>
      ports.websocket ? [`/ip4/127.0.0.1/tcp/${ports.websocket}/ws/p2p/${peer}`] : [],
    );
    await writeLightSpec(this.spec, light, join(this.options.folder, "light.json"));
    await writeRoster(
      join(this.options.folder, "net.json"),
      this.members.map(({ name, role, ports, node, keys: { peer } }) => ({ name, role, ports, pid: node.pid, peer })),
    );
  }

  /** Starts one more node on a base path of its own, which knows all that run: a validator that wants to join, say. */
  async add(name: string, args: string[]): Promise<NodeProcess> {
    const addresses = await Promise.all(this.members.map(async ({ node }) => node.address()));
    return this.process(name, { rpc: 0, p2p: 0 }, ["--bootnodes", ...addresses, ...args]);
  }

  /** When the first node ended by itself. Never, where the network was stopped. */
  async broken(): Promise<string> {
    const name = await Promise.race(this.members.map(async ({ name, node }) => node.exited.then(() => name)));
    return this.stopping ? new Promise(() => {}) : name;
  }

  /** Ends every node. The chain stays where it is. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.members.map(async ({ node }) => node.stop()));
    await removeRoster(join(this.options.folder, "net.json"));
    this.members = [];
  }

  private async found(): Promise<void> {
    const { binary, folder } = this.options;
    // What a founding that was interrupted left: no chain was made from it.
    for (const part of ["keys", "nodes"]) await rm(join(folder, part), { recursive: true, force: true });
    await mkdir(join(folder, "keys"), { recursive: true, mode: 0o700 });
    const made = await Promise.all(
      this.places.map(async ({ name, role }) => ({ name, role, keys: await makeKeys(binary, this.secrets(name)) })),
    );
    const ofRole = (wanted: Place["role"]): PublicKeys[] => made.filter(({ role }) => role === wanted).map(({ keys }) => keys);
    const draft = join(folder, "founding.json");
    const files = { plain: join(folder, "plain.json"), raw: draft, presets: this.options.presets };
    await writeSpec(binary, { validators: ofRole("validator"), solvers: ofRole("solver") }, files);
    for (const { name, role } of this.places) {
      if (role === "validator") await insertKeys(binary, this.secrets(name), this.basePath(name), draft);
    }
    // The last step: a folder with a spec is a whole network.
    await rename(draft, this.spec);
  }

  private async run(place: Place, others: string[]): Promise<NodeProcess> {
    const { name, role, ports } = place;
    const secrets = this.secrets(name);
    const own = {
      validator: ["--validator"],
      solver: [
        ...["--solver", "--operator-key-file", join(secrets, "operator.phrase"), "--models-dir", this.options.models],
        ...["--gateway-listen", `127.0.0.1:${ports.gateway}`],
      ],
      bootnode: ["--listen-addr", `/ip4/127.0.0.1/tcp/${ports.websocket}/ws`],
    }[role];
    return this.process(name, ports, ["--node-key-file", join(secrets, "node.key"), "--bootnodes", ...others, ...own]);
  }

  private async process(name: string, ports: { rpc: number; p2p: number }, args: string[]): Promise<NodeProcess> {
    await mkdir(this.basePath(name), { recursive: true, mode: 0o700 });
    return NodeProcess.start({
      binary: this.options.wrapper ?? this.options.binary,
      basePath: this.basePath(name),
      log: join(this.options.folder, "logs", `${name}.log`),
      name,
      ports: { rpc: ports.rpc || (await freePort()), p2p: ports.p2p || (await freePort()) },
      args: ["--chain", this.spec, ...args],
      patience: PATIENCE,
    });
  }

  private secrets(name: string): string {
    return join(this.options.folder, "keys", name);
  }

  private basePath(name: string): string {
    return join(this.options.folder, "nodes", name);
  }
}

function peerAddress(port: number, peer: string): string {
  return `/ip4/127.0.0.1/tcp/${port}/p2p/${peer}`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
