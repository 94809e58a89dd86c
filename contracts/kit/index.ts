/** An EVM chain with Hyperlane and Pensum's contracts on this machine, for tests and demonstrations. */
export * as abi from "../out/abi.ts";
export * from "../src/index.ts";
export * from "./anvil.ts";
export * from "./artifacts.ts";
export * from "./evm.ts";
export * from "./hyperlane.ts";
export * from "./origin.ts";
export * from "./pensum.ts";
export { freePort } from "./process.ts";
