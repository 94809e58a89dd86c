/** Pensum's contracts and what they stand on: tokens, warp routes, the registry, the example. */
import { zeroAddress, type Address, type Hex } from "viem";
import { erc20TestAbi, hypERC20CollateralAbi, languageDeskAbi, resultRegistryAbi } from "../out/abi.ts";
import { warpRoute } from "../src/task.ts";
import { deploy, settled, type Evm } from "./evm.ts";
import { deployInitialized, type Hyperlane } from "./hyperlane.ts";

/** A token for tests, which anybody can mint. */
export interface TokenOptions {
  name?: string;
  symbol?: string;
  decimals?: number;
  /** What the deployer gets. */
  supply?: bigint;
}

/** A token's warp route to Pensum. */
export interface WarpOptions {
  erc20: Address;
  hyperlane: Pick<Hyperlane, "mailbox" | "proxyAdmin">;
  /** Pensum's domain. */
  domain: number;
  /** The token's number on Pensum, which says where the route ends there, or that end itself. */
  remote: { asset: number } | { router: Hex };
  /** What decides whether to believe its messages; the mailbox's default by default. */
  ism?: Address;
}

/** Where results come from. */
export interface SourceOptions {
  mailbox: Address;
  /** Pensum's domain. */
  domain: number;
  /** What decides whether to believe a message; the mailbox's default by default. */
  ism?: Address;
}

/** The example's setup. */
export interface DeskOptions extends SourceOptions {
  registry?: Address;
  token: Address;
  /** This chain's end of its warp route. */
  warpRoute: Address;
  /** Its number on Pensum. */
  asset: number;
  /** The model that is asked. */
  model: Hex;
}

/** Deploys a token. */
export async function deployErc20(
  evm: Evm,
  { name = "Test US dollar", symbol = "tUSD", decimals = 6, supply = 0n }: TokenOptions = {},
): Promise<Address> {
  return deploy(evm, "ERC20Test", erc20TestAbi, [name, symbol, supply, decimals]);
}

/** Deploys a token's warp route: `HypERC20Collateral`, initialized, Pensum's end enrolled. */
export async function deployWarp(evm: Evm, { erc20, hyperlane, domain, remote, ism = zeroAddress }: WarpOptions): Promise<Address> {
  const implementation = await deploy(evm, "HypERC20Collateral", hypERC20CollateralAbi, [erc20, 1n, 1n, hyperlane.mailbox]);
  const address = await deployInitialized(evm, hyperlane.proxyAdmin, implementation, {
    abi: hypERC20CollateralAbi,
    functionName: "initialize",
    args: [zeroAddress, ism, evm.account.address],
  });
  await enrollRouter(evm, address, domain, "asset" in remote ? warpRoute(remote.asset) : remote.router);
  return address;
}

/** Says where a warp route ends on another chain. */
export async function enrollRouter(evm: Evm, address: Address, domain: number, router: Hex): Promise<void> {
  await settled(
    evm,
    evm.writeContract({ address, abi: hypERC20CollateralAbi, functionName: "enrollRemoteRouter", args: [domain, router] }),
  );
}

/** Deploys the registry of batches. */
export async function deployRegistry(evm: Evm, { mailbox, domain, ism = zeroAddress }: SourceOptions): Promise<Address> {
  return deploy(evm, "ResultRegistry", resultRegistryAbi, [mailbox, domain, ism]);
}

/** Deploys the example, `LanguageDesk`. */
export async function deployConsumer(evm: Evm, options: DeskOptions): Promise<Address> {
  const { mailbox, domain: pensumDomain, ism = zeroAddress, registry = zeroAddress, token, asset, model } = options;
  const setup = { mailbox, pensumDomain, registry, ism, token, warpRoute: options.warpRoute, asset, model };
  return deploy(evm, "LanguageDesk", languageDeskAbi, [setup]);
}
