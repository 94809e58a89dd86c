/** Hyperlane on an EVM chain, as it is deployed in production: behind proxies, Merkle tree and gas payment on every dispatch. */
import { encodeFunctionData, parseEventLogs, zeroAddress, type Abi, type Address, type Hex, type TransactionReceipt } from "viem";
import {
  interchainGasPaymasterAbi,
  mailboxAbi,
  merkleTreeHookAbi,
  proxyAdminAbi,
  staticMessageIdMultisigIsmFactoryAbi,
  storageGasOracleAbi,
  transparentUpgradeableProxyAbi,
  validatorAnnounceAbi,
} from "../out/abi.ts";
import { decodeMessage, messageId, type Message } from "../src/hyperlane/message.ts";
import type { ModuleKind } from "../src/hyperlane/metadata.ts";
import { deploy, settled, type Evm } from "./evm.ts";

/** Pensum's domains: of the development chain and of the local network. */
export const PENSUM = { development: 1_346_719_233, localTestnet: 1_346_719_234 } as const;

/** Whom a security module believes. */
export interface IsmOptions {
  /** The validators, in the order in which their signatures must come. */
  validators: Address[];
  /** How many of them must sign. */
  threshold: number;
  kind: ModuleKind;
}

/** What delivery to another chain costs. */
export interface GasOptions {
  /** That chain's domain. */
  domain: number;
  /** Its price of gas, in its smallest unit. */
  gasPrice: bigint;
  /** What 10^10 of its smallest units are worth here. */
  exchangeRate: bigint;
  /** Gas beside the handler's. */
  overhead: bigint;
}

/** What is deployed. */
export interface HyperlaneOptions {
  /** The chain's domain. */
  domain: number;
  /** The default security module. Without it no message is believed until `setDefaultIsm`. */
  ism?: IsmOptions;
  /** What deliveries cost; by default a thousand units a gas to Pensum's development domains. */
  gas?: GasOptions[];
  /** Whether mailbox and paymaster are behind proxies; by default they are. */
  proxied?: boolean;
}

/** Hyperlane on a chain. */
export interface Hyperlane {
  domain: number;
  mailbox: Address;
  /** The required hook. */
  merkleTreeHook: Address;
  /** The default hook. */
  gasPaymaster: Address;
  gasOracle: Address;
  validatorAnnounce: Address;
  /** What deploys security modules. */
  factories: Record<ModuleKind, Address>;
  /** The default security module at first. */
  ism: Address;
  /** Who may change what is behind the proxies; zero where there are none. */
  proxyAdmin: Address;
}

/** A message that the mailbox dispatched. */
export interface DispatchedMessage extends Message {
  id: Hex;
  /** The message as it is hashed. */
  encoded: Hex;
  /** Its leaf in the tree. */
  index: number;
}

/** An address that has no key: whom nobody can sign for. */
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";
const DEFAULT_GAS = Object.values(PENSUM).map((domain) => ({ domain, gasPrice: 1_000n, exchangeRate: 10n ** 10n, overhead: 50_000n }));

/** Deploys all of it. The account of `evm` owns it. */
export async function deployHyperlane(evm: Evm, options: HyperlaneOptions): Promise<Hyperlane> {
  const owner = evm.account.address;
  const { domain, ism: trusted = { validators: [NOBODY], threshold: 1, kind: "messageId" } } = options;
  const proxyAdmin = (options.proxied ?? true) ? await deploy(evm, "ProxyAdmin", proxyAdminAbi) : zeroAddress;

  const mailbox = await behindProxy(evm, proxyAdmin, await deploy(evm, "Mailbox", mailboxAbi, [domain]));
  const merkleTreeHook = await deploy(evm, "MerkleTreeHook", merkleTreeHookAbi, [mailbox]);
  const factories = {
    messageId: await deploy(evm, "StaticMessageIdMultisigIsmFactory", staticMessageIdMultisigIsmFactoryAbi),
    merkleRoot: await deploy(evm, "StaticMerkleRootMultisigIsmFactory", staticMessageIdMultisigIsmFactoryAbi),
  };
  const gasPaymaster = await behindProxy(evm, proxyAdmin, await deploy(evm, "InterchainGasPaymaster", interchainGasPaymasterAbi));
  const gasOracle = await deploy(evm, "StorageGasOracle", storageGasOracleAbi);
  await settled(
    evm,
    evm.writeContract({ address: gasPaymaster, abi: interchainGasPaymasterAbi, functionName: "initialize", args: [owner, owner] }),
  );
  const ism = await deployIsm(evm, factories, trusted);
  await settled(
    evm,
    evm.writeContract({
      address: mailbox,
      abi: mailboxAbi,
      functionName: "initialize",
      args: [owner, ism, gasPaymaster, merkleTreeHook],
    }),
  );
  const validatorAnnounce = await deploy(evm, "ValidatorAnnounce", validatorAnnounceAbi, [mailbox]);
  const hyperlane = { domain, mailbox, merkleTreeHook, gasPaymaster, gasOracle, validatorAnnounce, factories, ism, proxyAdmin };
  for (const gas of options.gas ?? DEFAULT_GAS) await setGas(evm, hyperlane, gas);
  return hyperlane;
}

/** Deploys a multisig security module, or finds the one that was: its address follows from whom it believes. */
export async function deployIsm(
  evm: Evm,
  factories: Hyperlane["factories"],
  { validators, threshold, kind }: IsmOptions,
): Promise<Address> {
  const factory = { address: factories[kind], abi: staticMessageIdMultisigIsmFactoryAbi } as const;
  const address = await evm.readContract({ ...factory, functionName: "getAddress", args: [validators, threshold] });
  if ((await evm.getCode({ address })) === undefined) {
    await settled(evm, evm.writeContract({ ...factory, functionName: "deploy", args: [validators, threshold] }));
  }
  return address;
}

/** Makes the mailbox believe somebody else, where a recipient has no module of its own. Returns the module. */
export async function setDefaultIsm(evm: Evm, { mailbox, factories }: Hyperlane, trusted: IsmOptions): Promise<Address> {
  const ism = await deployIsm(evm, factories, trusted);
  await settled(evm, evm.writeContract({ address: mailbox, abi: mailboxAbi, functionName: "setDefaultIsm", args: [ism] }));
  return ism;
}

/** Sets what delivery to a chain costs. */
export async function setGas(
  evm: Evm,
  { gasPaymaster, gasOracle }: Hyperlane,
  { domain, gasPrice, exchangeRate, overhead }: GasOptions,
): Promise<void> {
  await settled(
    evm,
    evm.writeContract({
      address: gasOracle,
      abi: storageGasOracleAbi,
      functionName: "setRemoteGasData",
      args: [{ remoteDomain: domain, tokenExchangeRate: exchangeRate, gasPrice }],
    }),
  );
  await settled(
    evm,
    evm.writeContract({
      address: gasPaymaster,
      abi: interchainGasPaymasterAbi,
      functionName: "setDestinationGasConfigs",
      args: [[{ remoteDomain: domain, config: { gasOracle, gasOverhead: overhead } }]],
    }),
  );
}

/** Puts a contract behind a proxy; leaves it alone where the admin is zero. */
export async function behindProxy(evm: Evm, admin: Address, implementation: Address, initialization: Hex = "0x"): Promise<Address> {
  if (admin !== zeroAddress) {
    const args = [implementation, admin, initialization] as const;
    return deploy(evm, "TransparentUpgradeableProxy", transparentUpgradeableProxyAbi, args);
  }
  if (initialization !== "0x") await settled(evm, evm.sendTransaction({ to: implementation, data: initialization }));
  return implementation;
}

/** Deploys one of Hyperlane's upgradeable contracts and initializes it. */
export async function deployInitialized(
  evm: Evm,
  admin: Address,
  implementation: Address,
  call: { abi: Abi; functionName: string; args: readonly unknown[] },
): Promise<Address> {
  return behindProxy(evm, admin, implementation, encodeFunctionData(call));
}

/** Processes a message. Throws where the mailbox, the security module or the recipient refuses. */
export async function processMessage(
  evm: Evm,
  { mailbox }: Pick<Hyperlane, "mailbox">,
  { metadata, encoded, gas }: { metadata: Hex; encoded: Hex; gas?: bigint },
): Promise<TransactionReceipt> {
  const call = { address: mailbox, abi: mailboxAbi, functionName: "process", args: [metadata, encoded], ...(gas ? { gas } : {}) } as const;
  await evm.simulateContract(call);
  return settled(evm, evm.writeContract(call));
}

/** Whether a message was processed. */
export async function isDelivered(evm: Evm, { mailbox }: Pick<Hyperlane, "mailbox">, id: Hex): Promise<boolean> {
  return evm.readContract({ address: mailbox, abi: mailboxAbi, functionName: "delivered", args: [id] });
}

/** The messages that a transaction dispatched, in order. */
export function dispatchedIn({ logs }: Pick<TransactionReceipt, "logs">): DispatchedMessage[] {
  const messages = parseEventLogs({ abi: mailboxAbi, logs, eventName: "Dispatch" });
  const leaves = parseEventLogs({ abi: merkleTreeHookAbi, logs, eventName: "InsertedIntoTree" });
  return messages.map(({ args: { message: encoded } }) => {
    const id = messageId(encoded);
    const leaf = leaves.find(({ args }) => args.messageId === id);
    if (!leaf) throw new Error(`The message ${id} was inserted into no tree.`);
    return { ...decodeMessage(encoded), id, encoded, index: leaf.args.index };
  });
}

