/** Sends signed transactions as fast as the chain takes them: a certain number is under way at any time, and no more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, Hex } from "../../client/ts/src/index.ts";
import type { Person } from "./people.ts";

/** Requests that wait for the node's answer at the same time. */
const LANES = 64;
/** Milliseconds between two looks, where enough is under way. */
const PAUSE = 10;

/** How to send. */
export interface FeedOptions {
  /** Ends when this many milliseconds have passed, or when all is sent. */
  ms: number;
  /** Most transactions that are sent and not in a block. */
  backlog: number;
  /** How many are in blocks by now. */
  included: () => number;
}

/** What was sent. */
export interface Fed {
  /** Accepted by the pool. */
  accepted: number;
  /** Refused, by the pool's words. */
  refused: Map<string, number>;
  /** How long it took, in milliseconds. */
  ms: number;
}

/** Sends transactions in order. */
export async function feed(client: Client, transactions: Hex[], { ms, backlog, included }: FeedOptions): Promise<Fed> {
  const fed: Fed = { accepted: 0, refused: new Map(), ms: 0 };
  const start = performance.now();
  let [next, asked] = [0, 0];
  const lane = async (): Promise<void> => {
    while (next < transactions.length && performance.now() - start < ms) {
      if (fed.accepted + asked - included() > backlog) {
        await sleep(PAUSE);
        continue;
      }
      const transaction = transactions[next++]!;
      asked += 1;
      try {
        await client.send("author_submitExtrinsic", [transaction]);
        fed.accepted += 1;
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        fed.refused.set(words, (fed.refused.get(words) ?? 0) + 1);
      } finally {
        asked -= 1;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { ...fed, ms: performance.now() - start };
}

/** Counts what is in blocks by the nonces of those who sign: cheap for the node, whatever a block holds. */
export class Inclusion {
  /** Transactions in blocks. */
  count = 0;
  private stopped: () => void = () => {};
  private readonly start: number[] = [];

  private constructor(
    private readonly client: Client,
    private readonly keys: string[],
  ) {}

  /** Begins to count. */
  static async of(client: Client, signers: Person[]): Promise<Inclusion> {
    const keys = signers.map(({ id }) => client.api.query.system!.account!.key(id));
    const inclusion = new Inclusion(client, keys);
    inclusion.start.push(...(await inclusion.nonces()));
    inclusion.stopped = await client.api.rpc.chain.subscribeNewHeads(() => void inclusion.look().catch(() => undefined));
    return inclusion;
  }

  /** Looks now. */
  async look(): Promise<number> {
    const nonces = await this.nonces();
    this.count = nonces.reduce((sum, nonce, at) => sum + nonce - this.start[at]!, 0);
    return this.count;
  }

  /** Stops counting. */
  close(): void {
    this.stopped();
  }

  private async nonces(): Promise<number[]> {
    const [found] = await this.client.send<{ changes: [string, string | null][] }[]>("state_queryStorageAt", [this.keys]);
    const values = new Map(found!.changes);
    // An account's record begins with its nonce.
    return this.keys.map((key) => Buffer.from((values.get(key) ?? "0x00000000").slice(2, 10), "hex").readUInt32LE());
  }
}
