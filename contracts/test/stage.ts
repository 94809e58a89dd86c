/** What the tests stand on: a node, Hyperlane on it, Pensum's contracts, and a Pensum of which only the messages are played. */
import { sha256, stringToHex, keccak256, type Address, type Hex, type TransactionReceipt } from "viem";
import {
  abi,
  Anvil,
  connect,
  deploy,
  deployConsumer,
  deployErc20,
  deployHyperlane,
  deployIsm,
  deployRegistry,
  deployWarp,
  dispatchedIn,
  encodeFromTasks,
  encodeToTasks,
  intent,
  leafOf,
  modules,
  Origin,
  Outcome,
  processMessage,
  ResultTree,
  settled,
  testKey,
  toBytes32,
  type Evm,
  type Hyperlane,
  type Intent,
  type ModuleKind,
  type Result,
  type Root,
  type Sent,
} from "../kit/index.ts";

/** Domain and chain id of the chain that is here. */
export const HERE = 31_338;
/** Pensum's domain. */
export const THERE = 1_346_719_233;
/** The token's number on Pensum. */
export const ASSET = 7;
/** The model that is asked. */
export const MODEL = keccak256(stringToHex("a model"));
/** A chain that nobody believes. */
export const ELSEWHERE = 99;

/** How the stage is set. */
export interface StageOptions {
  kind?: ModuleKind;
  proxied?: boolean;
}

/** All that the tests stand on. */
export class Stage {
  private constructor(
    readonly anvil: Anvil,
    readonly evm: Evm,
    readonly hyperlane: Hyperlane,
    /** Pensum, played. */
    readonly pensum: Origin,
    readonly registry: Address,
    /** What takes root and results of a batch at once. */
    readonly relay: Address,
    readonly kind: ModuleKind,
  ) {}

  /** Starts a node and deploys Hyperlane and the registry. Two of three validators must sign. */
  static async set({ kind = "messageId", proxied = true }: StageOptions = {}): Promise<Stage> {
    const anvil = await Anvil.start({ chainId: HERE });
    try {
      const evm = connect(anvil);
      const pensum = new Origin({ domain: THERE, keys: [testKey(0x11), testKey(0x22), testKey(0x33)], threshold: 2 });
      const ism = { validators: pensum.addresses, threshold: 2, kind };
      const hyperlane = await deployHyperlane(evm, { domain: HERE, ism, proxied });
      const registry = await deployRegistry(evm, { mailbox: hyperlane.mailbox, domain: THERE });
      const relay = await deploy(evm, "BatchRelay", abi.batchRelayAbi);
      return new Stage(anvil, evm, hyperlane, pensum, registry, relay, kind);
    } catch (error) {
      await anvil.stop();
      throw error;
    }
  }

  /** Ends the node. */
  async stop(): Promise<void> {
    await this.anvil.stop();
  }

  /** The mailbox. */
  get mailbox(): Address {
    return this.hyperlane.mailbox;
  }

  /** Deploys a consumer of the tests. */
  async consumer(name: "Quiet" | "Fickle", options: { registry?: Address; ism?: Address } = {}): Promise<Address> {
    const { registry = this.registry, ism = ZERO } = options;
    return deploy(this.evm, name, name === "Quiet" ? abi.quietAbi : abi.fickleAbi, [this.mailbox, THERE, registry, ism]);
  }

  /** Deploys a module of the other kind than the default, or of other validators. */
  async ism(kind: ModuleKind, validators = this.pensum.addresses, threshold = 2): Promise<Address> {
    return deployIsm(this.evm, this.hyperlane.factories, { validators, threshold, kind });
  }

  /** Deploys token, warp route and example. */
  async desk(): Promise<{ token: Address; warp: Address; desk: Address }> {
    const token = await deployErc20(this.evm, { supply: 10n ** 12n });
    const { hyperlane, registry, mailbox } = this;
    const warp = await deployWarp(this.evm, { erc20: token, hyperlane, domain: THERE, remote: { asset: ASSET } });
    const desk = await deployConsumer(this.evm, {
      ...{ mailbox, domain: THERE, registry, token, warpRoute: warp, asset: ASSET, model: MODEL },
    });
    return { token, warp, desk };
  }

  /** Makes a consumer ask, and returns the id of the message: what the result will name. */
  async ask(consumer: Address, wanted: Partial<Intent> = {}): Promise<Hex> {
    const args = [question(wanted)] as const;
    const fee = await this.quote(consumer, args[0]);
    const call = { address: consumer, abi: abi.quietAbi, functionName: "ask", args, value: fee } as const;
    return only(dispatchedIn(await settled(this.evm, this.evm.writeContract(call)))).id;
  }

  /** What asking costs. */
  async quote(consumer: Address, wanted: Intent): Promise<bigint> {
    const body = encodeToTasks({ kind: "intent", ...wanted });
    const call = { address: this.mailbox, abi: abi.mailboxAbi, functionName: "quoteDispatch", account: consumer } as const;
    return this.evm.readContract({ ...call, args: [THERE, modules.tasks, body] });
  }

  /** Dispatches a result on Pensum, to the contract that asked. */
  send(consumer: Address, result: Result, changed: Partial<{ sender: Hex; body: Hex; origin: number }> = {}): Sent {
    return this.pensum.send({ destination: HERE, recipient: consumer, body: encodeFromTasks({ kind: "result", ...result }), ...changed });
  }

  /** Dispatches the root of a batch on Pensum, to the registry. */
  sendRoot(root: Root, changed: Partial<{ sender: Hex; body: Hex; origin: number; recipient: Address }> = {}): Sent {
    return this.pensum.send({ destination: HERE, recipient: this.registry, body: encodeFromTasks({ kind: "root", ...root }), ...changed });
  }

  /** Processes a message of Pensum's. */
  async process(sent: Sent, gas?: bigint): Promise<TransactionReceipt> {
    const metadata = await this.pensum.metadata(sent, this.kind);
    return processMessage(this.evm, this.hyperlane, { metadata, encoded: sent.encoded, ...(gas ? { gas } : {}) });
  }

  /** Makes a batch of results, and has the registry take its root. */
  async batch(batch: bigint, results: Result[]): Promise<{ tree: ResultTree; sent: Sent; receipt: TransactionReceipt }> {
    const tree = new ResultTree(results.map(leafOf));
    const sent = this.sendRoot({ batch, root: tree.root, leaves: tree.leaves });
    return { tree, sent, receipt: await this.process(sent) };
  }
}

/** The zero address. */
export const ZERO: Address = "0x0000000000000000000000000000000000000000";

/** An intent on usual terms. */
export function question(wanted: Partial<Intent> = {}): Intent {
  return intent({ model: MODEL, input: stringToHex("Wo ist die Apotheke?"), maxReward: 1_000n, deadline: 20, asset: ASSET, ...wanted });
}

/** A result as Pensum makes them: all digests full of bytes that are not zero. */
export function answered(consumer: Address, request: Hex, changed: Partial<Result> = {}): Result {
  const output = changed.output ?? "0x03000000";
  return {
    request,
    sender: toBytes32(consumer),
    task: 123_456n,
    outcome: Outcome.answered,
    reason: 0,
    model: MODEL,
    inputDigest: keccak256(`${request}01`),
    outputDigest: sha256(output),
    output,
    verification: 0,
    evidence: keccak256(`${request}02`),
    asset: ASSET,
    price: 777_777n,
    endedAt: 2_345_678,
    record: keccak256(`${request}03`),
    ...changed,
  };
}

/** The only one of a list. */
export function only<T>(list: readonly T[]): T {
  if (list.length !== 1) throw new Error(`One was expected, not ${list.length}.`);
  return list[0]!;
}
