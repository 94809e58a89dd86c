/** What lies in the node's pool: answers that anybody can read before they are in a block. */
import { setTimeout as sleep } from "node:timers/promises";
import { callOf, type Client, type Digest, type Hex, type TaskId } from "../../client/ts/src/index.ts";

/** How often the pool is read, in milliseconds. */
const PERIOD = 250;
/** Most transactions that are remembered as seen. */
const MAX_SEEN = 20_000;

/** An answer seen in the pool. */
export interface SeenAnswer {
  task: TaskId;
  output: Hex;
  trace: Digest[] | null;
}

/** Reads the pool again and again. */
export class Pool {
  /** General transactions seen lately, oldest first, as they travel. */
  readonly seen = new Set<Hex>();
  private readonly listeners: ((answers: SeenAnswer[]) => void)[] = [];
  private open = true;

  constructor(private readonly client: Client) {}

  /** Hears answers as soon as they lie in the pool. */
  on(listener: (answers: SeenAnswer[]) => void): void {
    this.listeners.push(listener);
  }

  /** Reads until it is closed. */
  async watch(): Promise<void> {
    for (; this.open; await sleep(PERIOD)) {
      const pending = await this.client.send<Hex[]>("author_pendingExtrinsics", []).catch((): Hex[] => []);
      for (const transaction of pending) if (!this.seen.has(transaction)) this.take(transaction);
    }
  }

  /** Stops reading. */
  close(): void {
    this.open = false;
  }

  private take(transaction: Hex): void {
    this.seen.add(transaction);
    const [oldest] = this.seen;
    if (this.seen.size > MAX_SEEN && oldest) this.seen.delete(oldest);
    const call = callOf(this.client.api, transaction);
    if (call?.section !== "taskMarket" || call.method !== "answer") return;
    const answers = call.args[1]!.toJSON() as unknown as SeenAnswer[];
    this.listeners.forEach((listener) => listener(answers));
  }
}
