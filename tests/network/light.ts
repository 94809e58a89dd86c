/** A light client: smoldot, which verifies headers and finality itself and believes no node. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { CLIENT } from "./stage.ts";

/** What is used of smoldot. It comes with `polkadot-js`, and its types are not at hand from here. */
interface Smoldot {
  start(options: { maxLogLevel: number; logCallback: (level: number, target: string, message: string) => void }): {
    addChain(options: { chainSpec: string }): Promise<{ sendJsonRpc(request: string): void; nextJsonRpcResponse(): Promise<string> }>;
    terminate(): Promise<void>;
  };
}

/** A light client of one chain. */
export class LightClient {
  private next = 0;

  private constructor(
    private readonly client: ReturnType<Smoldot["start"]>,
    private readonly chain: Awaited<ReturnType<ReturnType<Smoldot["start"]>["addChain"]>>,
    /** What it said about itself. */
    readonly log: string[],
  ) {}

  /** Starts one with nothing but a chain spec. */
  static async start(spec: string): Promise<LightClient> {
    const { start } = createRequire(`${CLIENT}/`)("smoldot") as Smoldot;
    const log: string[] = [];
    const client = start({ maxLogLevel: 3, logCallback: (_, target, message) => void log.push(`${target}: ${message}`) });
    try {
      return new LightClient(client, await client.addChain({ chainSpec: await readFile(spec, "utf8") }), log);
    } catch (error) {
      await client.terminate();
      throw error;
    }
  }

  /** One request, answered by the light client itself. One at a time. */
  async rpc<T>(method: string, params: unknown[] = []): Promise<T> {
    const id = (this.next += 1);
    this.chain.sendJsonRpc(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    for (;;) {
      const answer = JSON.parse(await this.chain.nextJsonRpcResponse()) as { id?: number; result: T; error?: { message: string } };
      if (answer.id !== id) continue;
      if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    }
  }

  /** Ends it. */
  async stop(): Promise<void> {
    await this.client.terminate();
  }
}
