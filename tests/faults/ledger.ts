/** The books, from the events of final blocks: tasks and how each ended, what the requester paid, who was slashed and for what. */
import assert from "node:assert/strict";
import { field, type Address, type BatchId, type EventRecord, type TaskId } from "../../client/ts/src/index.ts";
import type { Block, Peer } from "./peer.ts";
import type { State } from "./state.ts";

type Event = EventRecord["event"];

/** How a task ended. */
export interface End {
  /** `answered`, or why it was refunded. */
  outcome: string;
  solver: Address | null;
  block: number;
}

/** A solver's fault. */
export interface Slash {
  solver: Address;
  fault: string;
  harmed: Address;
}

/** Tasks of a batch that another solver has now. */
export interface HandOver {
  batch: BatchId;
  from: Address;
  to: Address;
}

/** What became of tasks and money. */
export class Ledger {
  /** Tasks in the order of their posts, with the block of each. */
  readonly posted = new Map<TaskId, number>();
  readonly ended = new Map<TaskId, End>();
  readonly slashes = new Map<string, Slash>();
  /** How often a solver failed to answer, and how. */
  readonly counts = { timedOut: 0, declined: 0 };
  /** Which batches went from one solver to another. */
  readonly handedOver: HandOver[] = [];
  /** Why posts were refused in a block. */
  readonly refusals: string[] = [];
  /** Validators' offences that were reported. */
  readonly offences: string[] = [];
  /** What the requester has paid, less what it got out of slashes, since `from`. */
  spent = 0n;
  private at: number;

  constructor(
    private readonly state: State,
    private readonly requester: Address,
    /** The last block before the books begin. */
    from: number,
  ) {
    this.at = from;
  }

  /** Reads on up to a final block. */
  async follow(peer: Peer, to: Block): Promise<void> {
    const first = this.at + 1;
    if (to.number < first) return;
    const blocks = await this.state.events(peer, await peer.hashes(first, to.number));
    for (const [offset, events] of blocks.entries()) {
      for (const event of events) this.book(event, first + offset);
    }
    this.at = to.number;
  }

  /** Tasks that have not ended. */
  get open(): TaskId[] {
    return [...this.posted.keys()].filter((task) => !this.ended.has(task));
  }

  private book(event: Event, block: number): void {
    const name = `${event.section}.${event.method}`;
    const get = (of: string): string => field(event, of);
    switch (name) {
      case "taskMarket.TasksPosted": {
        if (get("requester") !== this.requester) return;
        const first = Number(get("first"));
        for (let task = first; task < first + Number(get("tasks")); task++) this.posted.set(task, block);
        return;
      }
      case "taskMarket.TaskAnswered":
        this.spent += BigInt(get("price"));
        return this.ends(Number(get("task")), { outcome: "answered", solver: get("solver"), block });
      case "taskMarket.TaskRefunded":
        return this.ends(Number(get("task")), { outcome: get("reason"), solver: null, block });
      case "taskMarket.AnswersPrepaid":
        if (get("requester") === this.requester) this.spent += BigInt(get("fee"));
        return;
      case "transactionPayment.TransactionFeePaid":
        if (get("who") === this.requester) this.spent += BigInt(get("actualFee"));
        return;
      case "taskMarket.AssignmentTimedOut":
        this.counts.timedOut += 1;
        return;
      case "taskMarket.AssignmentDeclined":
        this.counts.declined += 1;
        return;
      case "taskMarket.BatchHandedOver":
        this.handedOver.push({ batch: Number(get("batch")), from: get("from"), to: get("to") });
        return;
      case "solverStaking.SlashScheduled":
      case "solverStaking.SlashWaived":
        this.slashes.set(`${get(event.method === "SlashWaived" ? "task" : "id")} in ${block}`, {
          solver: get("solver"),
          fault: get("fault"),
          harmed: get("harmed"),
        });
        return;
      case "solverStaking.SlashApplied": {
        const slash = [...this.slashes.entries()].find(([id]) => id.startsWith(`${get("id")} in `))?.[1];
        if (slash?.harmed === this.requester) this.spent -= BigInt(get("harmed"));
        return;
      }
      case "offences.Offence":
        this.offences.push(`${event.data.toString()} in block ${block}`);
        return;
      case "system.ExtrinsicFailed":
        this.refusals.push(get("dispatchError"));
    }
  }

  private ends(task: TaskId, end: End): void {
    const before = this.ended.get(task);
    assert.ok(!before, `task ${task} ended twice: ${before?.outcome} in block ${before?.block}, ${end.outcome} in block ${end.block}`);
    this.ended.set(task, end);
  }
}
