/** Work that does not stop while the chain is upgraded: a batch of tasks in each block, on terms that take turns. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  ChainError,
  eventsOf,
  field,
  MICRO,
  posting,
  send,
  type Client,
  type Hex,
  type TaskId,
  type Terms,
} from "../../client/ts/src/index.ts";
import { account, REQUESTER, terms, type Model } from "../e2e/stage.ts";

/** Tasks of a batch; a requester judges them one by one. */
const sizeOf = (kind: string): number => (kind === "accepted" ? 1 : 4);

/** Terms under which tasks live for one block, some, or many: those that are open when the code changes are of each kind. */
const KINDS: { [kind: string]: Partial<Terms> } = {
  replayed: {},
  windowed: { verification: { replay: { window: 15 } } },
  dutch: { matching: { dutch: { start: "0", end: (100n * MICRO).toString(), blocks: 20 } } },
  sealed: { matching: { sealed: { reserve: (100n * MICRO).toString(), commit: 4, reveal: 4 } } },
  accepted: { verification: { requester: { window: 20 } } },
};

/** A task that was posted, and what its answer must be. */
export interface Asked {
  task: TaskId;
  kind: string;
  block: number;
  output: Hex;
}

/** A requester who posts without a pause. */
export class Load {
  readonly asked: Asked[] = [];
  /** What the pool said to posts that it did not take. */
  readonly refused: string[] = [];
  private stopped = false;
  private done: Promise<void> = Promise.resolve();

  /** Begins to post. */
  static start(client: Client, model: Model): Load {
    const load = new Load();
    load.done = load.run(client, model);
    return load;
  }

  /** Posts nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
  }

  private async run(client: Client, model: Model): Promise<void> {
    const kinds = Object.keys(KINDS);
    for (let round = 0; !this.stopped; round += 1) {
      const kind = kinds[round % kinds.length]!;
      const vectors = Array.from({ length: sizeOf(kind) }, (_, place) => model.vectors[(round + place) % model.vectors.length]!);
      try {
        const call = posting(client, await terms(client, model, KINDS[kind]), vectors.map(({ input }) => ({ bytes: input })));
        const { events, number } = await send(client.api, account(REQUESTER), call);
        const [opened] = [...eventsOf(events, "taskMarket", "TasksPosted"), ...eventsOf(events, "taskMarket", "BatchOpened")];
        if (!opened) throw new Error("The post left no event.");
        const first = Number(field(opened, "first"));
        vectors.forEach(({ output }, place) => this.asked.push({ task: first + place, kind, block: number, output }));
      } catch (error) {
        // What was signed for the former code is refused by the pool, or keeps its nonce for a moment. Whoever asks signs again.
        const ofPool = error instanceof ChainError ? error.section === "pool" : error instanceof Error && /^10\d\d: /.test(error.message);
        if (!ofPool) throw error;
        this.refused.push((error as Error).message);
        await sleep(500);
      }
    }
  }
}
