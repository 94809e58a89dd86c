/** EVM nodes on this machine. */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { numberToHex, type Address, type Hex } from "viem";
import { adopt, end, freePort, isAlive } from "./process.ts";

/** How long a node may take to answer its first RPC request, in milliseconds. */
const START_TIMEOUT = 20_000;

/** How a node is started. */
export interface AnvilOptions {
  /** Chain id; also the domain of the chain. */
  chainId: number;
  /** Seconds between blocks, also fractions; without it a block is made for each transaction. */
  blockTime?: number;
  /** Blocks in an epoch: with 1, the block before the latest is safe and the one before that final. */
  slotsInAnEpoch?: number;
  /** The port of its RPC; a free one by default. */
  port?: number;
  /** File in which its state is kept over restarts. */
  state?: string;
  /** Further arguments. */
  args?: string[];
}

/** An EVM node that runs. */
export class Anvil {
  private constructor(
    private readonly options: AnvilOptions & { port: number },
    private readonly child: ChildProcess,
  ) {}

  /** Starts a node and waits until it answers RPC requests. */
  static async start(options: AnvilOptions): Promise<Anvil> {
    const port = options.port ?? (await freePort());
    const child = spawn(
      binary(),
      [
        ...["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${options.chainId}`, "--hardfork", "prague", "--silent"],
        ...["--slots-in-an-epoch", `${options.slotsInAnEpoch ?? 1}`],
        ...(options.blockTime === undefined ? [] : ["--block-time", `${options.blockTime}`]),
        ...(options.state === undefined ? [] : ["--state", options.state]),
        ...(options.args ?? []),
      ],
      { stdio: "ignore" },
    );
    adopt(child);
    const anvil = new Anvil({ ...options, port }, child);
    try {
      await anvil.ready();
    } catch (error) {
      await anvil.kill();
      throw error;
    }
    return anvil;
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it still runs. */
  get alive(): boolean {
    return isAlive(this.child);
  }

  /** Its chain id. */
  get chainId(): number {
    return this.options.chainId;
  }

  /** The port of its RPC. */
  get port(): number {
    return this.options.port;
  }

  /** Where its RPC is. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where its RPC is, with subscriptions. */
  get wsUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** One RPC request. */
  async rpc<T = unknown>(method: string, params: unknown[] = []): Promise<T> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = (await response.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Makes blocks, at once. */
  async mine(blocks = 1): Promise<void> {
    await this.rpc("anvil_mine", [numberToHex(blocks)]);
  }

  /** Makes a block for each transaction, or not. */
  async setAutomine(automine: boolean): Promise<void> {
    await this.rpc("evm_setAutomine", [automine]);
  }

  /** Makes a block every so many seconds. */
  async setBlockTime(seconds: number): Promise<void> {
    await this.rpc("evm_setIntervalMining", [seconds]);
  }

  /** Remembers the state, and returns by what to go back to it. */
  async snapshot(): Promise<Hex> {
    return this.rpc<Hex>("evm_snapshot");
  }

  /** Goes back to a state, once. */
  async revert(snapshot: Hex): Promise<void> {
    if (!(await this.rpc<boolean>("evm_revert", [snapshot]))) throw new Error(`There is no snapshot ${snapshot}. Each can be used once.`);
  }

  /**
   * Replaces the last blocks by as many of other hashes: empty ones, but for these transactions, each with the place of its block among
   * the new ones.
   */
  async reorg(depth: number, transactions: [signed: Hex, block: number][] = []): Promise<void> {
    await this.rpc("anvil_reorg", [depth, transactions]);
  }

  /** Sets what an account owns, in wei. */
  async setBalance(account: Address, wei: bigint): Promise<void> {
    await this.rpc("anvil_setBalance", [account, numberToHex(wei)]);
  }

  /** Sets the base fee of the next block, in wei a gas. */
  async setNextBaseFee(wei: bigint): Promise<void> {
    await this.rpc("anvil_setNextBlockBaseFeePerGas", [numberToHex(wei)]);
  }

  /** Lets transactions be sent as if this account had signed them. */
  async impersonate(account: Address): Promise<void> {
    await this.rpc("anvil_impersonateAccount", [account]);
  }

  /** Ends it: asks, waits, and kills it if it does not listen. */
  async stop(): Promise<void> {
    await end(this.child, "SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await end(this.child, "SIGKILL");
  }

  /** The same node again, on the same port. It has its state only where `state` is set and it was stopped, not killed. */
  async restart(): Promise<Anvil> {
    await this.stop();
    return Anvil.start(this.options);
  }

  private async ready(): Promise<void> {
    let failure: Error | undefined;
    this.child.once("error", (error) => (failure = error));
    for (const start = Date.now(); Date.now() - start < START_TIMEOUT; await sleep(20)) {
      if (failure) throw new Error(`anvil does not start: ${failure.message}. Run npm ci in contracts/.`);
      if (!this.alive) throw new Error("anvil ended at once. Is its port taken, or is there an argument that it does not know?");
      const answer = await this.rpc<Hex>("eth_chainId").catch(() => undefined);
      if (answer === undefined) continue;
      if (Number(answer) === this.chainId) return;
      throw new Error(`Another chain, ${Number(answer)}, answers on port ${this.port}. Choose another port.`);
    }
    throw new Error(`anvil gave no RPC answer within ${START_TIMEOUT / 1000} s.`);
  }
}

/** The binary itself, and not the script that starts it: that would leave it running when killed. */
function binary(): string {
  const names: Record<string, string> = { x64: "amd64", arm64: "arm64" };
  const name = `@foundry-rs/anvil-${platform()}-${names[arch()] ?? arch()}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return join(dirname(manifest), "bin", platform() === "win32" ? "anvil.exe" : "anvil");
  } catch {
    throw new Error(`There is no ${name}. Run npm ci in contracts/.`);
  }
}
