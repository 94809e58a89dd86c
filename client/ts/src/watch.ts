/** Following tasks to their end: how each ended, when that became final, and the record that proves it. */
import type { Client } from "./connect.ts";
import { checkRecord, RecordError } from "./record.ts";
import type { Outcome, RecordView, TaskEvent } from "./rpc/types.ts";
import type { Address, AssetId, Hex, TaskId } from "./units.ts";

/** How a task ended. */
export interface Ended {
  task: TaskId;
  outcome: Outcome;
  /** Who answered, if anybody did. */
  solver: Address | null;
  /** The answer; empty for a refund. */
  output: Hex;
  /** What the requester paid, in units of `asset`. */
  price: bigint;
  /** The asset it paid with; null is PEN, and what a refund has. */
  asset: AssetId | null;
  /** The block in which it ended. */
  block: number;
}

/** How long to wait for a task to end, in milliseconds, where nothing else is said. */
const PATIENCE = 60_000;
/** Most ends that a watch remembers; the oldest are forgotten. */
const MAX_REMEMBERED = 65_536;

/** A subscription to what happens to tasks. Remembers every end it heard of. */
export class Watch {
  private readonly ended = new Map<TaskId, Ended>();
  private readonly listeners = new Set<(event: TaskEvent) => void>();
  /** What `until` looks at whenever something became known. */
  private readonly looks = new Set<() => void>();
  /** Tasks that somebody waits for. */
  private readonly awaited = new Set<TaskId>();
  private finalBlock = 0;
  private unsubscribe: () => Promise<void> = async () => {};

  private constructor(private readonly client: Client) {}

  /** Begins to listen: to all tasks, or to those of one requester. */
  static async open(client: Client, requester: Address | null = null): Promise<Watch> {
    const watch = new Watch(client);
    watch.unsubscribe = await client.subscribe<TaskEvent>([{ requester }], (event) => watch.hear(event));
    return watch;
  }

  /** Calls `listener` for every event, until the returned function is called. */
  on(listener: (event: TaskEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Waits until a task has ended on the best chain. */
  async settled(task: TaskId, patience = PATIENCE): Promise<Ended> {
    const heard = this.ended.get(task);
    if (heard) return heard;
    this.awaited.add(task);
    try {
      // It may have ended before this subscription began.
      await this.ask(task);
      return await this.until(() => this.ended.get(task), patience, `Task ${task} has not ended`);
    } finally {
      this.awaited.delete(task);
    }
  }

  /** Waits until a block and all before it are final. */
  async finalized(block: number, patience = PATIENCE): Promise<void> {
    await this.until(() => (this.finalBlock >= block ? true : undefined), patience, `Block ${block} is not final`);
  }

  /** Waits until a task's end is final, and returns its record, checked against the chain's state. */
  async proven(task: TaskId, patience = PATIENCE): Promise<RecordView> {
    const { block } = await this.settled(task, patience);
    await this.finalized(block, patience);
    return readRecord(this.client, task);
  }

  /** Stops listening. */
  async close(): Promise<void> {
    this.listeners.clear();
    await this.unsubscribe();
  }

  private hear(event: TaskEvent): void {
    if (event.kind === "answered") {
      this.remember({ ...event, outcome: "answered", price: BigInt(event.price) });
    } else if (event.kind === "refunded") {
      this.remember({ ...event, outcome: { refunded: event.reason }, solver: null, output: "0x", price: 0n, asset: null });
    } else if (event.kind === "retracted") {
      // What ended in the blocks that left the chain has not ended; the new blocks tell it again.
      for (const [task, { block }] of this.ended) if (block >= event.block) this.ended.delete(task);
    } else if (event.kind === "missed") {
      for (const task of this.awaited) this.ask(task).then(() => this.look(), () => undefined);
    } else if (event.kind === "finalized") {
      this.finalBlock = Math.max(this.finalBlock, event.block);
    }
    this.listeners.forEach((listener) => listener(event));
    this.look();
  }

  private look(): void {
    this.looks.forEach((look) => look());
  }

  private async ask(task: TaskId): Promise<void> {
    const status = await this.client.rpc.taskStatus(task);
    if (status.state === "ended") this.remember({ ...status, price: BigInt(status.price) });
  }

  private remember({ task, outcome, solver, output, price, asset, block }: Ended): void {
    this.ended.set(task, { task, outcome, solver, output, price, asset, block });
    const [oldest] = this.ended.keys();
    if (this.ended.size > MAX_REMEMBERED && oldest !== undefined) this.ended.delete(oldest);
  }

  private until<T>(look: () => T | undefined, patience: number, complaint: string): Promise<T> {
    const found = look();
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const again = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.looks.delete(again);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.looks.delete(again);
        reject(new Error(`${complaint} after ${patience / 1000} s. See \`task_status\`, and whether the node makes blocks.`));
      }, patience);
      this.looks.add(again);
    });
  }
}

/** Reads the record of a task that has ended, with its proof checked against the root in the last final block's state. */
export async function readRecord(client: Client, task: TaskId): Promise<RecordView> {
  const view = await client.rpc.recordGet(task);
  const head = await client.api.rpc.chain.getFinalizedHead();
  const roots = client.api.query.attestationRegistry?.recordRoots;
  if (!roots) throw new RecordError("This chain keeps no record roots. Connect to a Pensum node.");
  const root = await client.api.rpc.state.getStorage(roots.key(view.record.block), head);
  const bytes = (root as unknown as { toU8a(bare: boolean): Uint8Array }).toU8a(true);
  if (bytes.length !== 32) throw new RecordError(`Block ${view.record.block}, in which task ${task} ended, is not final yet. Wait for finality.`);
  checkRecord(view, bytes);
  return view;
}
