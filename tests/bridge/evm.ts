/** An EVM chain of the tests: a node, Hyperlane and Pensum's contracts on it, and who signs its checkpoints. */
import { join } from "node:path";
import {
  abi,
  Anvil,
  connect,
  deploy,
  deployConsumer,
  deployErc20,
  deployHyperlane,
  deployRegistry,
  deployWarp,
  devAccount,
  dispatchedIn,
  encodeToTasks,
  intent,
  isDelivered,
  modules,
  settled,
  testKey,
  type DispatchedMessage,
  type Evm,
  type Hyperlane,
  type Intent,
  type ModuleKind,
  type PackedClaim,
  type Result,
} from "../../contracts/kit/index.ts";
import { fromEvm, remoteAccount, u8aToHex, type CheckpointKey, type Digest, type Hex } from "../../client/ts/src/index.ts";
import { Agent, type EvmSection, type Place } from "./relayer.ts";
import { until } from "./waiting.ts";

/** The asset of the development chain that the token is on Pensum: test dollars. */
export const ASSET = 1;
/** A whole test dollar. */
export const DOLLAR = 1_000_000n;
/** What the deployer has of the token. */
const SUPPLY = 1_000_000n * DOLLAR;
/** Coins of an account that the node does not endow. */
const ENDOWMENT = 10n ** 21n;
/** Seconds between blocks. */
const BLOCK_TIME = 1;

/** How a chain is set up. */
export interface EvmOptions {
  /** Also its chain id. */
  domain: number;
  /** Pensum's domain. */
  pensum: number;
  /** Whom it believes what Pensum says. */
  trusted: { validators: CheckpointKey[]; threshold: number; kind: ModuleKind };
  /** Bytes of which its validators' test keys are made, one key each. */
  keys?: number[];
  /** Blocks in an epoch: a block is final two epochs later. */
  slotsInAnEpoch?: number;
}

/** What a transaction on the chain did. */
type TransactionReceipt = Awaited<ReturnType<typeof settled>>;

/** A validator of the chain: a key, where it writes, and the process that does, if it runs. */
export interface EvmValidator {
  key: Hex;
  address: Hex;
  dir: string;
  agent: Agent | undefined;
}

/** An EVM chain. */
export class EvmChain {
  readonly validators: EvmValidator[];
  /** By which logs, metrics and routes call it. */
  readonly name: string;
  private relayers = 0;

  private constructor(
    readonly domain: number,
    readonly pensum: number,
    readonly anvil: Anvil,
    /** Connected as the account that owns all contracts and does what the tests do. */
    readonly evm: Evm,
    readonly hyperlane: Hyperlane,
    readonly token: Hex,
    readonly warp: Hex,
    readonly registry: Hex,
    keys: number[],
    private readonly folder: string,
  ) {
    this.name = `evm-${domain}`;
    this.validators = keys.map((byte) => this.validator(byte));
  }

  private validator(byte: number): EvmValidator {
    const key = testKey(byte);
    const { address } = connect(this.anvil, key).account;
    return { key, address: address.toLowerCase() as Hex, dir: join(this.folder, `checkpoints-${byte.toString(16)}`), agent: undefined };
  }

  /** Starts the node, deploys everything, and then makes a block each second. */
  static async open(folder: string, { domain, pensum, trusted, keys = [0x11], slotsInAnEpoch = 1 }: EvmOptions): Promise<EvmChain> {
    const anvil = await Anvil.start({ chainId: domain, slotsInAnEpoch });
    try {
      const evm = connect(anvil);
      const { kind, threshold } = trusted;
      const validators = trusted.validators.map(({ address }) => address);
      const hyperlane = await deployHyperlane(evm, { domain, ism: { validators, threshold, kind } });
      const token = await deployErc20(evm, { supply: SUPPLY });
      const warp = await deployWarp(evm, { erc20: token, hyperlane, domain: pensum, remote: { asset: ASSET } });
      const registry = await deployRegistry(evm, { mailbox: hyperlane.mailbox, domain: pensum });
      await anvil.setBlockTime(BLOCK_TIME);
      return new EvmChain(domain, pensum, anvil, evm, hyperlane, token, warp, registry, keys, folder);
    } catch (error) {
      await anvil.stop();
      throw error;
    }
  }

  /** How the relayer's configuration has it. */
  get section(): EvmSection {
    const { mailbox, merkleTreeHook, validatorAnnounce } = this.hyperlane;
    return {
      name: this.name,
      domain: this.domain,
      rpc: this.anvil.url,
      mailbox,
      merkle_tree_hook: merkleTreeHook,
      validator_announce: validatorAnnounce,
      poll_seconds: 0.3,
    };
  }

  /** The folders of its validators, by address. */
  get dirs(): { [address: string]: string } {
    return Object.fromEntries(this.validators.map(({ address, dir }) => [address, dir]));
  }

  /** Starts the processes of these validators, by default of all. They announce on chain where they write. */
  async sign(place: (name: string) => Place, which = this.validators): Promise<void> {
    for (const validator of which) {
      await this.anvil.setBalance(validator.address, ENDOWMENT);
      const name = `validator-${validator.address.slice(2, 6)}`;
      const { key, dir } = validator;
      validator.agent = await Agent.validator(place(name), { evm: this.section, key, dir, announce: { key } });
    }
    const announced = { address: this.hyperlane.validatorAnnounce, abi: abi.validatorAnnounceAbi, functionName: "getAnnouncedStorageLocations" } as const;
    const args = [which.map(({ address }) => address)] as const;
    await until("all are announced", async () => (await this.evm.readContract({ ...announced, args })).every((locations) => locations.length > 0));
  }

  /** Lets further validators sign, with keys of these bytes. */
  async join(keys: number[], place: (name: string) => Place): Promise<EvmValidator[]> {
    const fresh = keys.map((byte) => this.validator(byte));
    this.validators.push(...fresh);
    await this.sign(place, fresh);
    return fresh;
  }

  /** A fresh key with coins, for a relayer or a payer. */
  async account(): Promise<{ key: Hex; address: Hex }> {
    const key = testKey(0x80 + this.relayers++);
    const { address } = connect(this.anvil, key).account;
    await this.anvil.setBalance(address, ENDOWMENT);
    return { key, address };
  }

  /** Another connection, as one of the node's own accounts. */
  as(index: number): Evm {
    return connect(this.anvil, devAccount(index));
  }

  /**
   * Deploys a consumer that lets anybody ask: `Fickle`, whose callback does what it is told, and that lets anybody cancel, accept and
   * withdraw as well; or `Quiet`, whose callback does nothing.
   */
  async consumer(name: "Fickle" | "Quiet" = "Fickle"): Promise<Consumer> {
    const { mailbox } = this.hyperlane;
    const args = [mailbox, this.pensum, this.registry, ZERO] as const;
    return new Consumer(this, await deploy(this.evm, name, abi.fickleAbi, args));
  }

  /** Deploys a recipient that takes anything and does nothing. */
  async inbox(): Promise<Hex> {
    return deploy(this.evm, "Bare", abi.bareAbi, [ZERO]);
  }

  /** Deploys the example. */
  async desk(model: Hex): Promise<Hex> {
    const { registry, token, warp, pensum: domain } = this;
    return deployConsumer(this.evm, { mailbox: this.hyperlane.mailbox, domain, registry, token, warpRoute: warp, asset: ASSET, model });
  }

  /** Sends tokens through the warp route to an account on Pensum, and returns the message that brings them. */
  async deposit(to: Hex, amount: bigint): Promise<DispatchedMessage> {
    const { evm, warp, token } = this;
    await settled(evm, evm.writeContract({ address: token, abi: abi.erc20TestAbi, functionName: "approve", args: [warp, amount] }));
    const args = [this.pensum, to, amount] as const;
    const value = await evm.readContract({ address: warp, abi: abi.hypERC20CollateralAbi, functionName: "quoteGasPayment", args: [this.pensum] });
    const call = { address: warp, abi: abi.hypERC20CollateralAbi, functionName: "transferRemote", args, value } as const;
    return only(dispatchedIn(await settled(evm, evm.writeContract(call))));
  }

  /** Dispatches any body to Pensum, and returns the message. */
  async dispatch(recipient: Hex, body: Hex): Promise<DispatchedMessage> {
    return only(dispatchedIn(await settled(this.evm, this.sends(recipient, body))));
  }

  /** Signs and sends a dispatch, and does not wait for its block. */
  async sends(recipient: Hex, body: Hex, nonce?: number): Promise<Hex> {
    const mailbox = { address: this.hyperlane.mailbox, abi: abi.mailboxAbi } as const;
    const args = [this.pensum, recipient, body] as const;
    const value = await this.quote(body, recipient);
    return this.evm.writeContract({ ...mailbox, functionName: "dispatch", args, value, ...(nonce === undefined ? {} : { nonce }) });
  }

  /** What it costs to dispatch a body to Pensum. */
  async quote(body: Hex, recipient: Hex = modules.tasks): Promise<bigint> {
    const mailbox = { address: this.hyperlane.mailbox, abi: abi.mailboxAbi } as const;
    return this.evm.readContract({ ...mailbox, functionName: "quoteDispatch", args: [this.pensum, recipient, body] });
  }

  /** What an account has of the token. */
  async balance(address: Hex): Promise<bigint> {
    return this.evm.readContract({ address: this.token, abi: abi.erc20TestAbi, functionName: "balanceOf", args: [address] });
  }

  /** Whether the registry has a batch's root. */
  async hasRoot(batch: bigint, root: Hex, leaves: number): Promise<boolean> {
    const registry = { address: this.registry, abi: abi.resultRegistryAbi } as const;
    return this.evm.readContract({ ...registry, functionName: "isRoot", args: [batch, root, leaves] });
  }

  /** Whether a message was processed here. */
  async delivered(id: Hex): Promise<boolean> {
    return isDelivered(this.evm, this.hyperlane, id);
  }

  /** Waits until a message was processed here, and returns the block. */
  async processed(id: Hex, patience?: number): Promise<bigint> {
    const mailbox = { address: this.hyperlane.mailbox, abi: abi.mailboxAbi } as const;
    const read = async (): Promise<number | false> =>
      (await this.evm.readContract({ ...mailbox, functionName: "processedAt", args: [id] })) || false;
    return BigInt(await until(`Message ${id} processed on ${this.name}`, read, patience));
  }

  /** What the transaction did that processed a message. */
  async receiptOf(id: Hex): Promise<TransactionReceipt> {
    const mailbox = { address: this.hyperlane.mailbox, abi: abi.mailboxAbi } as const;
    const logs = await this.evm.getContractEvents({ ...mailbox, eventName: "ProcessId", args: { messageId: id }, fromBlock: 0n });
    return this.evm.getTransactionReceipt({ hash: only(logs).transactionHash });
  }

  /** How often each message was processed here since the beginning. */
  async processedIds(): Promise<Map<Hex, number>> {
    const logs = await this.evm.getContractEvents({
      address: this.hyperlane.mailbox,
      abi: abi.mailboxAbi,
      eventName: "ProcessId",
      fromBlock: 0n,
    });
    return counted(logs.map(({ args }) => args.messageId!));
  }

  /** Waits until the block with a transaction is final. */
  async final(block: bigint, patience?: number): Promise<void> {
    const reached = async (): Promise<boolean> => (await this.evm.getBlock({ blockTag: "finalized" })).number >= block;
    await until(`Block ${block} final on ${this.name}`, reached, patience);
  }

  /** Ends everything of it. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.validators.map(({ agent }) => agent?.stop()));
    await this.anvil.stop();
  }
}

/** The zero address. */
export const ZERO: Hex = `0x${"00".repeat(20)}`;

/** A contract that asks whatever it is told to. */
export class Consumer {
  /** As messages have it. */
  readonly sender: Digest;
  /** Its account on Pensum. */
  readonly account: Hex;
  private readonly contract;

  constructor(
    private readonly chain: EvmChain,
    readonly address: Hex,
  ) {
    this.sender = fromEvm(address);
    this.account = u8aToHex(remoteAccount(chain.domain, this.sender));
    this.contract = { address, abi: abi.fickleAbi } as const;
  }

  /** Asks, and returns the message with the intent; its id is the request's. */
  async ask(wanted: Parameters<typeof intent>[0]): Promise<DispatchedMessage> {
    const { evm } = this.chain;
    const args = [usual(wanted)] as const;
    const value = await this.chain.quote(encodeToTasks({ kind: "intent", ...args[0] }));
    return only(dispatchedIn(await settled(evm, evm.writeContract({ ...this.contract, functionName: "ask", args, value }))));
  }

  /** Asks several times in one block, and returns the messages in order. */
  async askAll(all: Parameters<typeof intent>[0][]): Promise<DispatchedMessage[]> {
    const { evm } = this.chain;
    let nonce = await evm.getTransactionCount({ address: evm.account.address, blockTag: "pending" });
    const sent: Hex[] = [];
    for (const wanted of all) {
      const args = [usual(wanted)] as const;
      const value = await this.chain.quote(encodeToTasks({ kind: "intent", ...args[0] }));
      sent.push(await evm.writeContract({ ...this.contract, functionName: "ask", args, value, nonce: nonce++ }));
    }
    const receipts = await Promise.all(sent.map((hash) => settled(evm, hash)));
    return receipts.map((receipt) => only(dispatchedIn(receipt)));
  }

  /** Takes a request back. */
  async cancel(request: Hex): Promise<DispatchedMessage> {
    return this.tell(encodeToTasks({ kind: "cancel", request }), (value) => ({ functionName: "cancel", args: [request], value }) as const);
  }

  /** Accepts an answer. */
  async accept(request: Hex): Promise<DispatchedMessage> {
    return this.tell(encodeToTasks({ kind: "accept", request }), (value) => ({ functionName: "accept", args: [request], value }) as const);
  }

  /** Sends money of its remote account to somebody on this chain. */
  async withdraw(asset: number, amount: bigint, to: Hex): Promise<DispatchedMessage> {
    const body = encodeToTasks({ kind: "withdraw", asset, amount, to: fromEvm(to) });
    return this.tell(body, (value) => ({ functionName: "withdraw", args: [asset, amount, to], value }) as const);
  }

  /** Brings a result again on which the callback failed. */
  async retry(result: Result): Promise<void> {
    const call = { ...this.contract, functionName: "retry", args: [result] } as const;
    await this.chain.evm.simulateContract(call);
    await settled(this.chain.evm, this.chain.evm.writeContract(call));
  }

  /** Brings a result from a batch. */
  async claim(result: Result, batch: bigint, leaves: number, index: number, proof: Hex[]): Promise<TransactionReceipt> {
    const call = { ...this.contract, functionName: "claim", args: [result, batch, leaves, index, proof] } as const;
    await this.chain.evm.simulateContract(call);
    return settled(this.chain.evm, this.chain.evm.writeContract(call));
  }

  /** Brings many results from a batch. */
  async claimMany(batch: bigint, leaves: number, { count, shared, packed, siblings }: PackedClaim): Promise<TransactionReceipt> {
    const args = [batch, leaves, count, shared, packed, siblings] as const;
    const call = { ...this.contract, functionName: "claimMany", args } as const;
    await this.chain.evm.simulateContract(call);
    return settled(this.chain.evm, this.chain.evm.writeContract(call));
  }

  /** What its callback does from now on: 0 takes, 1 reverts. */
  async become(mood: 0 | 1): Promise<void> {
    await settled(this.chain.evm, this.chain.evm.writeContract({ ...this.contract, functionName: "become", args: [mood] }));
  }

  /** Where a request stands: 0 none or done, 1 pending, 2 failed. */
  async standing(request: Hex): Promise<number> {
    return this.chain.evm.readContract({ ...this.contract, functionName: "standing", args: [request] });
  }

  /** How often a result of a request was taken. */
  async taken(request: Hex): Promise<bigint> {
    return this.chain.evm.readContract({ ...this.contract, functionName: "taken", args: [request] });
  }

  /** All results that it has taken, in order. */
  async results(): Promise<Result[]> {
    const logs = await this.chain.evm.getContractEvents({ ...this.contract, eventName: "Taken", fromBlock: 0n });
    return logs.map(({ args }) => args.result!);
  }

  /** Waits for the result of a request. */
  async result(request: Hex, patience?: number): Promise<Result> {
    const find = async (): Promise<Result | undefined> => (await this.results()).find((result) => result.request === request);
    return until(`Result of ${request}`, find, patience);
  }

  private async tell(body: Hex, call: (value: bigint) => Tell): Promise<DispatchedMessage> {
    const { evm } = this.chain;
    const value = await this.chain.quote(body);
    return only(dispatchedIn(await settled(evm, evm.writeContract({ ...this.contract, ...call(value) } as never))));
  }
}

type Tell =
  | { functionName: "cancel" | "accept"; args: readonly [Hex]; value: bigint }
  | { functionName: "withdraw"; args: readonly [number, bigint, Hex]; value: bigint };

/** An intent on usual terms, paid with the token. */
function usual(wanted: Parameters<typeof intent>[0]): Intent {
  return intent({ asset: ASSET, ...wanted });
}

/** The only one of a list. */
export function only<T>(list: readonly T[]): T {
  if (list.length !== 1) throw new Error(`One was expected, not ${list.length}.`);
  return list[0]!;
}

/** How often each is in a list. */
export function counted<T>(list: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
