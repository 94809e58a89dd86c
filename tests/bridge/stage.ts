/** What every test of the bridge needs: Pensum, EVM chains with the real contracts, and those who carry and sign between them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeFromTasks, type ModuleKind, type Result } from "../../contracts/kit/index.ts";
import {
  bySudo,
  DevNet,
  eventsOf,
  field,
  fromEvm,
  governance,
  readMessage,
  TASKS,
  type Client,
  type Digest,
  type EventRecord,
  type Hex,
  type Ism,
  type Member,
  type Policy,
  type ValidatorName,
} from "../../client/ts/src/index.ts";
import { ASSET, counted, EvmChain, type EvmOptions } from "./evm.ts";
import { account, fund, MODELS, openMarket, SOLVERS, SUDO, type Model } from "./people.ts";
import { Agent, type Place, type RelayerSettings, type Table } from "./relayer.ts";
import { until } from "./waiting.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Folder for logs: one below it for each file of tests. */
export const LOGS = join(ROOT, "target/bridge");
/** Folder for chain specs, which all files of tests share. */
const SPECS = join(ROOT, "target/specs");

/** Domain and chain id of the first EVM chain. */
export const FIRST = 31_338;
/** Of the second. */
export const SECOND = 31_339;

/** Messages that the node gives at once at most. */
const PAGE = 256;

/** How a stage is set. */
export interface StageOptions {
  /** Folder for logs below `LOGS`. */
  name: string;
  /** The binaries; from the environment by default. */
  node?: string;
  relayer?: string;
  /** Where logs go instead of below `LOGS`. */
  logs?: string;
  /** Validators of Pensum; Alice alone by default, on the development chain. */
  validators?: ValidatorName[];
  /** How many solvers there are, all on the first validator's node. None by default. */
  solvers?: number;
  /** The port of the first node's RPC, if it is free, and further arguments of it. */
  rpcPort?: number;
  args?: string[];
}

/** How Pensum and an EVM chain are connected. */
export interface Connection extends Partial<Pick<EvmOptions, "domain" | "keys" | "slotsInAnEpoch">> {
  /** Which modules both sides use. */
  kind?: ModuleKind;
  /** How many of Pensum's validators the EVM chain wants; two thirds, rounded up, by default. */
  threshold?: number;
  /** How many of the EVM chain's validators Pensum wants; all by default. */
  quorum?: number;
  /** Whose intents are taken; everybody's by default. */
  policy?: Policy;
  /** Whether its validators sign from the start. */
  signing?: boolean;
}

/** Pensum, and all that is connected to it. */
export class Stage {
  readonly chains: EvmChain[] = [];
  readonly agents: Agent[] = [];
  private constructor(
    private readonly options: StageOptions,
    readonly logs: string,
    readonly net: DevNet,
    /** Pensum's validators; the first works for the solvers too. */
    readonly members: Member[],
    readonly domain: number,
  ) {}

  /** Starts Pensum. */
  static async open(options: StageOptions): Promise<Stage> {
    const binary = options.node ?? process.env.PENSUM_NODE;
    assert.ok(binary, "PENSUM_NODE does not name the node's binary. Run scripts/bridge.");
    const logs = options.logs ?? join(LOGS, options.name);
    const { validators = ["alice"], args = [] } = options;
    const net = await DevNet.create({ binary, logs, specs: SPECS, chain: validators.length > 1 ? "local" : "dev" });
    try {
      const members: Member[] = [];
      for (const [place, name] of validators.entries()) {
        const first = place === 0 ? { args, ...(options.rpcPort === undefined ? {} : { rpcPort: options.rpcPort }) } : { args: [] };
        const solver = place === 0 && options.solvers ? { solver: { name, operator: SOLVERS[0].operator, models: MODELS } } : {};
        // What happened in each block is looked at afterwards.
        const kept = ["--state-pruning", "archive", "--checkpoint-dir", join(logs, `checkpoints-${name}`)];
        members.push(await net.validator({ ...solver, ...first, name, args: [...kept, ...first.args] }));
      }
      const { domain } = await members[0]!.client.rpc.bridgeInfo();
      return new Stage(options, logs, net, members, domain);
    } catch (error) {
      await net.stop();
      throw error;
    }
  }

  /** A connection to the first node. */
  get client(): Client {
    return this.members[0]!.client;
  }

  /** Registers the language model and lets the solvers join, who take test dollars as well. */
  async market(): Promise<Model> {
    return openMarket(this.client, this.options.solvers ?? 0);
  }

  /** Starts an EVM chain and has both sides believe each other. */
  async connect(connection: Connection = {}): Promise<EvmChain> {
    const { domain = FIRST, kind = "messageId", signing = true, policy = "Open" } = connection;
    const validators = await this.client.rpc.bridgeValidators();
    const threshold = connection.threshold ?? Math.ceil((validators.length * 2) / 3);
    const { keys, slotsInAnEpoch } = connection;
    const chain = await EvmChain.open(this.logs, {
      domain,
      pensum: this.domain,
      trusted: { validators, threshold, kind },
      ...(keys && { keys }),
      ...(slotsInAnEpoch !== undefined && { slotsInAnEpoch }),
    });
    this.chains.push(chain);
    await bySudo(this.client, account(SUDO), [
      governance.ism(this.client, domain, this.ism(chain, kind, connection.quorum)),
      governance.destination(this.client, domain, "Evm"),
      governance.route(this.client, ASSET, domain, fromEvm(chain.warp)),
      governance.registry(this.client, domain, fromEvm(chain.registry)),
      governance.policy(this.client, domain, policy),
    ]);
    if (signing) await chain.sign((name) => this.place(name));
    return chain;
  }

  /** Whom messages from a chain are believed: so many of its validators, by default all. */
  ism({ validators }: EvmChain, kind: ModuleKind, threshold = validators.length): Ism {
    return { kind: kind === "messageId" ? "MessageId" : "MerkleRoot", validators: validators.map(({ address }) => address), threshold };
  }

  /** Starts a relayer between Pensum and its chains. Its account on Pensum has the relayer's name. */
  async relay(name: string, changes: { chains?: EvmChain[]; evm?: Table; retry?: Table; pensum?: Table } & Pick<RelayerSettings, "dirs"> = {}): Promise<Agent> {
    const { chains = this.chains, evm = {}, retry, pensum = {}, dirs } = changes;
    await fund(this.client, name);
    const sections = await Promise.all(
      chains.map(async (chain) => ({ section: { ...chain.section, ...evm }, key: (await chain.account()).key })),
    );
    const agent = await Agent.relayer(this.place(name), {
      pensum: { rpc: this.members[0]!.node.url, domain: this.domain, key: `//${name}`, poll_seconds: 0.3, ...pensum },
      evm: sections,
      ...(dirs && { dirs }),
      ...(retry && { retry }),
    });
    this.agents.push(agent);
    return agent;
  }

  /** Where a process of the relayer's binary has its files. */
  place(name: string): Place {
    const binary = this.options.relayer ?? process.env.PENSUM_RELAYER;
    assert.ok(binary, "PENSUM_RELAYER does not name the relayer's binary. Run scripts/bridge.");
    return { binary, folder: join(this.logs, name), log: join(this.logs, `${name}.log`) };
  }

  /** Waits until a message was processed on Pensum in a final block, and returns the block. */
  async processed(id: Hex, patience?: number): Promise<number> {
    return until(`Message ${id} processed on Pensum`, async () => this.client.rpc.bridgeDelivered(id), patience);
  }

  /** Waits until an intent was processed, and says why it was refused. */
  async refusal(request: Hex): Promise<string> {
    const block = await this.processed(request);
    const refused = await this.events(block, "taskBridge", "IntentRefused");
    const own = refused.find((event) => field(event, "request") === request);
    assert.ok(own, `The intent ${request} was not refused`);
    return field(own, "refusal");
  }

  /** How often each message was processed on Pensum, in the blocks of the best chain. */
  async processedIds(from = 1): Promise<Map<Hex, number>> {
    const ids: Hex[] = [];
    for (const event of await this.events(from, "hyperlane", "Processed")) ids.push(field(event, "id") as Hex);
    return counted(ids);
  }

  /** The events of one kind in all blocks from `from` on. */
  async events(from: number, section: string, method: string): Promise<EventRecord["event"][]> {
    const found: EventRecord["event"][] = [];
    for (let block = from; block <= (await this.head()); block++) {
      const hash = await this.client.api.rpc.chain.getBlockHash(block);
      const records = (await (await this.client.api.at(hash)).query.system!.events!()) as unknown as EventRecord[];
      found.push(...eventsOf(records.map(({ event }) => event), section, method));
    }
    return found;
  }

  /** The number of the best block. */
  async head(): Promise<number> {
    return (await this.client.api.rpc.chain.getHeader()).number.toNumber();
  }

  /** What an account, as its 32 bytes, has of the test dollar. */
  async dollars(of: Digest | string): Promise<bigint> {
    const found = await this.client.api.query.assets!.account!(ASSET, of);
    const { isSome, value } = found as unknown as { isSome: boolean; value: { balance: { toBigInt(): bigint } } };
    return isSome ? value.balance.toBigInt() : 0n;
  }

  /** What the collateral on another chain owes for test dollars here. */
  async outstanding(domain: number): Promise<bigint> {
    const found = await this.client.api.query.taskBridge!.routes!(ASSET, domain);
    const route = found.toJSON() as { outstanding: string | number } | null;
    return BigInt(route?.outstanding ?? 0);
  }

  /** The result that was sent for a request. */
  async resultSent(request: Hex): Promise<Result> {
    const { count } = await this.client.rpc.bridgeInfo();
    for (let first = 0; first < count; first += PAGE) {
      for (const { message } of await this.client.rpc.bridgeMessages(first, PAGE)) {
        const { sender, body } = readMessage(message);
        const told = sender === TASKS ? decodeFromTasks(body) : undefined;
        if (told?.kind === "result" && told.request === request) return told;
      }
    }
    throw new Error(`No result of ${request} was sent.`);
  }

  /** Sets things with the sudo key. */
  async sets(...calls: Parameters<typeof bySudo>[2]): Promise<Awaited<ReturnType<typeof bySudo>>> {
    return bySudo(this.client, account(SUDO), calls);
  }

  /** Ends everything, and then this process, when a signal asks this process to end. */
  endOnSignal(say: (signal: string) => void = () => {}): void {
    for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
      process.once(signal, () => {
        say(signal);
        void this.stop().finally(() => process.exit(code));
      });
    }
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.agents.map(async (agent) => agent.stop()));
    await Promise.allSettled(this.chains.map(async (chain) => chain.stop()));
    await this.net.stop();
  }
}
