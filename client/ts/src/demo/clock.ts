/** What the demo measures beside the tasks: how fast answers reach the pool, and how fast blocks become final. */
import type { Client } from "../connect.ts";
import type { Address, TaskId } from "../units.ts";
import { Watch } from "../watch.ts";
import type { Market } from "./market.ts";

/** Listens to the nodes until it is closed. */
export class Clock {
  private readonly ends: (() => void | Promise<void>)[] = [];
  private readonly pooled = new Map<Address, Map<TaskId, number>>();
  /** Milliseconds from import to finality of each block, at the validator's node. */
  readonly finality: number[] = [];

  private constructor() {}

  /** Begins to listen. */
  static async open(market: Market): Promise<Clock> {
    const clock = new Clock();
    for (const { client, stash } of market.solvers) await clock.watchPool(client, stash);
    await clock.watchFinality(market.validator.client);
    return clock;
  }

  /** Milliseconds from the import of the block that assigned a task to its answer in the pool, both at its solver's node. */
  importToPool(task: TaskId, solver: Address): number | null {
    return this.pooled.get(solver)?.get(task) ?? null;
  }

  /** Stops listening. */
  async close(): Promise<void> {
    await Promise.allSettled(this.ends.map(async (end) => end()));
  }

  private async watchPool(client: Client, stash: Address): Promise<void> {
    const own = new Map<TaskId, number>();
    this.pooled.set(stash, own);
    const watch = await Watch.open(client);
    this.ends.push(() => watch.close());
    watch.on((event) => {
      if (event.kind !== "answer_pooled" || event.ms_since_import === null) return;
      for (const task of event.tasks) own.set(task, event.ms_since_import);
    });
  }

  /** Both moments are those at which the node's messages arrive here, so the node's own delay is a little less. */
  private async watchFinality({ api }: Client): Promise<void> {
    const imported = new Map<number, number>();
    this.ends.push(await api.rpc.chain.subscribeNewHeads((head) => void imported.set(head.number.toNumber(), performance.now())));
    this.ends.push(
      await api.rpc.chain.subscribeFinalizedHeads((head) => {
        const number = head.number.toNumber();
        const since = imported.get(number);
        if (since !== undefined) this.finality.push(performance.now() - since);
        for (const known of imported.keys()) if (known <= number) imported.delete(known);
      }),
    );
  }
}
