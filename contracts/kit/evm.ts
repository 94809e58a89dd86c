/** A connection to an EVM node, with an account that signs. */
import {
  createWalletClient,
  defineChain,
  getAddress,
  http,
  publicActions,
  toHex,
  type Abi,
  type Account,
  type Address,
  type Chain,
  type Client,
  type ContractConstructorArgs,
  type Hex,
  type HttpTransport,
  type PublicActions,
  type TransactionReceipt,
  type WalletActions,
} from "viem";
import { mnemonicToAccount, privateKeyToAccount, type HDAccount, type PrivateKeyAccount } from "viem/accounts";
import { artifact, type ContractName } from "./artifacts.ts";

/** The phrase from which anvil makes its ten accounts. */
const PHRASE = "test test test test test test test test test test test junk";
/** How often a transaction is looked for, in milliseconds. */
const POLLING = 20;

/** A chain, and who signs on it. */
export type Evm = Client<
  HttpTransport,
  Chain,
  Account,
  undefined,
  PublicActions<HttpTransport, Chain, Account> & WalletActions<Chain, Account>
>;

/** Where a chain is. */
export interface Endpoint {
  url: string;
  chainId: number;
}

/** An account of anvil's: each has ten thousand coins. */
export function devAccount(index: number): HDAccount {
  return mnemonicToAccount(PHRASE, { addressIndex: index });
}

/** The private key of such an account. */
export function devKey(index: number): Hex {
  const { privateKey } = devAccount(index).getHdKey();
  if (!privateKey) throw new Error(`The account ${index} has no private key.`);
  return toHex(privateKey);
}

/** Connects to a chain; by default as its first account. */
export function connect({ url, chainId }: Endpoint, account: Account | Hex = devAccount(0)): Evm {
  const signer: Account | PrivateKeyAccount = typeof account === "string" ? privateKeyToAccount(account) : account;
  const chain = defineChain({
    id: chainId,
    name: `evm-${chainId}`,
    nativeCurrency: { name: "coin", symbol: "COIN", decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  return createWalletClient({ account: signer, chain, transport: http(url), pollingInterval: POLLING, cacheTime: 0 }).extend(
    publicActions,
  );
}

/** Waits until a transaction is in a block; throws where it failed there. */
export async function settled(evm: Evm, hash: Hex | Promise<Hex>): Promise<TransactionReceipt> {
  const receipt = await evm.waitForTransactionReceipt({ hash: await hash });
  if (receipt.status !== "success") throw new Error(`The transaction ${receipt.transactionHash} failed in block ${receipt.blockNumber}.`);
  return receipt;
}

/** Deploys one of the compiled contracts. */
export async function deploy<const TAbi extends Abi>(
  evm: Evm,
  name: ContractName,
  abi: TAbi,
  ...[args]: ContractConstructorArgs<TAbi> extends readonly [unknown, ...unknown[]] ? [ContractConstructorArgs<TAbi>] : []
): Promise<Address> {
  const { bytecode } = artifact(name);
  const hash = await evm.deployContract({ abi: abi as Abi, bytecode, args: (args ?? []) as readonly unknown[] });
  const { contractAddress } = await settled(evm, hash);
  if (!contractAddress) throw new Error(`${name} was deployed nowhere.`);
  return getAddress(contractAddress);
}
