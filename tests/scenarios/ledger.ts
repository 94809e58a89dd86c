/** What happened, told by the chain's events: tasks, auctions, panels, pay and faults. */
import { batchOf, type Address, type BatchId, type Digest, type EventRecord, type Hex, type TaskId } from "../../client/ts/src/index.ts";
import type { Post } from "./plan.ts";
import type { Truth } from "./truths.ts";

/** An event of a block. */
export type ChainEvent = EventRecord["event"];

/** How a task ended. */
export interface End {
  /** The reason of its refund; none if it was answered. */
  refunded?: string;
  output?: Hex;
  /** Who was paid how much. */
  paid: Map<Address, bigint>;
  block: number;
}

/** A task as the events tell it. */
export interface Task {
  id: TaskId;
  batch: BatchId;
  posted: number;
  /** What was posted; known a moment after the block that has it. */
  post?: Post;
  truth?: Truth;
  deadline?: number;
  /** The solver that must answer it now. */
  holder?: Address;
  /** The answer whose window is open. */
  claim?: { solver: Address; output: Hex; until: number };
  appealed: boolean;
  /** What the last jury said, until somebody appeals against it. */
  jury?: { stands: boolean };
  /** Everybody that held it, sat on its panel or bid for it. */
  touched: Set<Address>;
  end?: End;
}

/** A round of a panel. */
export interface Panel {
  batch: BatchId;
  round: number;
  members: Address[];
  revealing: boolean;
  /** Whether an earlier round of the same question was undecided. */
  again: boolean;
  /** What others committed to. */
  commitments: Map<Address, Digest>;
}

/** A round of an auction. */
export interface Auction {
  batch: BatchId;
  round: number;
  opened: number;
  commitments: Map<Address, Digest>;
}

/** A fault with its slash. */
export interface Slash {
  solver: Address;
  amount: bigint;
  fault: string;
  task: TaskId;
  block: number;
}

/** Everything that happened so far. */
export class Ledger {
  readonly tasks = new Map<TaskId, Task>();
  readonly panels = new Map<BatchId, Panel>();
  readonly auctions = new Map<BatchId, Auction>();
  readonly slashes: Slash[] = [];
  readonly jailed: Address[] = [];
  /** Everything that was said about a batch: for the findings. */
  readonly history = new Map<BatchId, string[]>();
  /** How often each event came, by name. */
  readonly counts = new Map<string, number>();
  private readonly posts = new Map<BatchId, { post: Post; deadline: number }>();

  /** Tells which post became this batch. */
  know(batch: BatchId, post: Post, deadline: number): void {
    this.posts.set(batch, { post, deadline });
    post.truths.forEach((_, place) => {
      const task = this.tasks.get(batch * 256 + place);
      if (task) this.name(task);
    });
  }

  /** Tasks that have not ended and whose input is known. */
  open(): Task[] {
    return [...this.tasks.values()].filter(({ end, truth }) => !end && truth);
  }

  /** Tasks that have not ended. */
  unended(): Task[] {
    return [...this.tasks.values()].filter(({ end }) => !end);
  }

  /** Takes in the events of a block. */
  hear(block: number, events: ChainEvent[]): void {
    for (const event of events) {
      const name = `${event.section}.${event.method}`;
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      this.handlers[name]?.(fields(event), block);
      this.note(block, event);
    }
  }

  private readonly handlers: { [event: string]: (fields: Fields, block: number) => void } = {
    "taskMarket.TasksPosted": (it, block) => this.opens(it, block, it.text("solver")),
    "taskMarket.BatchOpened": (it, block) => this.opens(it, block),
    "taskMarket.BatchAwarded": (it) => this.moves(it, it.text("solver")),
    "taskMarket.BatchHandedOver": (it) => this.moves(it, it.text("to")),
    "taskMarket.BatchReauctioned": (it) => this.moves(it, undefined),
    "taskMarket.TaskClaimed": (it) => {
      const task = this.task(it);
      if (task) [task.claim, task.holder] = [{ solver: it.text("solver"), output: it.text("output") as Hex, until: it.number("settlesAt") }, undefined];
    },
    "taskMarket.ClaimPostponed": (it) => {
      const task = this.task(it);
      if (task?.claim) task.claim.until = it.number("settlesAt");
    },
    "taskMarket.AppealOpened": (it) => {
      const task = this.task(it);
      if (task) [task.appealed, task.jury] = [true, undefined];
    },
    "taskMarket.JuryDecided": (it) => {
      const task = this.task(it);
      if (task) task.jury = { stands: it.text("stands") === "true" };
    },
    "taskMarket.TaskAnswered": (it, block) => {
      const paid = new Map([[it.text("solver"), it.amount("price")]]);
      this.ends(it, { output: it.text("output") as Hex, paid, block });
    },
    "taskMarket.PanelPaid": (it) => {
      const end = this.task(it)?.end;
      if (end) end.paid = new Map(it.pairs("members"));
    },
    "taskMarket.TaskRefunded": (it, block) => this.ends(it, { refunded: it.text("reason"), paid: new Map(), block }),
    "auction.RoundOpened": (it, block) => {
      const batch = it.number("batch");
      this.auctions.set(batch, { batch, round: it.number("round"), opened: block, commitments: new Map() });
    },
    "auction.BidCommitted": (it) => {
      this.auctions.get(it.number("batch"))?.commitments.set(it.text("solver"), it.text("commitment") as Digest);
      this.touch(it.number("batch"), it.text("solver"));
    },
    "auction.AuctionWon": (it) => void this.auctions.delete(it.number("batch")),
    "auction.AuctionFailed": (it) => void this.auctions.delete(it.number("batch")),
    "auction.AuctionClosed": (it) => void this.auctions.delete(it.number("batch")),
    "panel.PanelDrawn": (it) => {
      const [batch, drawn] = [it.number("batch"), it.json("members") as Address[]];
      const panel = { batch, round: it.number("round"), members: drawn, revealing: false, again: it.number("earlier") > 0, commitments: new Map() };
      this.panels.set(batch, panel);
      drawn.forEach((member) => this.touch(batch, member));
    },
    "panel.BallotCommitted": (it) => {
      this.panels.get(it.number("batch"))?.commitments.set(it.text("member"), it.text("commitment") as Digest);
    },
    "panel.RevealsOpened": (it) => {
      const panel = this.panels.get(it.number("batch"));
      if (panel) panel.revealing = true;
    },
    "panel.PanelDismissed": (it) => void this.panels.delete(it.number("batch")),
    "solverStaking.SlashScheduled": (it, block) => {
      this.slashes.push({ solver: it.text("solver"), amount: it.amount("amount"), fault: it.text("fault"), task: it.number("task"), block });
    },
    "solverStaking.Jailed": (it) => void this.jailed.push(it.text("solver")),
  };

  private opens(it: Fields, block: number, holder?: Address): void {
    const first = it.number("first");
    for (let id = first; id < first + it.number("tasks"); id += 1) {
      const task: Task = { id, batch: batchOf(id), posted: block, appealed: false, touched: new Set() };
      this.tasks.set(id, task);
      this.name(task);
      this.gives(task, holder);
    }
  }

  private moves(it: Fields, holder: Address | undefined): void {
    const batch = it.number("batch");
    for (const place of it.places("places")) {
      const task = this.tasks.get(batch * 256 + place);
      if (task) this.gives(task, holder);
    }
  }

  private gives(task: Task, holder: Address | undefined): void {
    task.holder = holder;
    task.claim = undefined;
    if (holder) task.touched.add(holder);
  }

  private ends(it: Fields, end: End): void {
    const task = this.task(it);
    if (task) [task.end, task.holder, task.claim] = [end, undefined, undefined];
  }

  private name(task: Task): void {
    const known = this.posts.get(task.batch);
    if (known) [task.post, task.truth, task.deadline] = [known.post, known.post.truths[task.id % 256], known.deadline];
  }

  private touch(batch: BatchId, solver: Address): void {
    for (let id = batch * 256; this.tasks.has(id); id += 1) this.tasks.get(id)?.touched.add(solver);
  }

  private task(it: Fields): Task | undefined {
    return this.tasks.get(it.number("task"));
  }

  private note(block: number, event: ChainEvent): void {
    const it = fields(event);
    const batch = it.has("batch") ? it.number("batch") : it.has("task") ? batchOf(it.number("task")) : it.has("first") ? batchOf(it.number("first")) : undefined;
    if (batch === undefined) return;
    const told = this.history.get(batch) ?? [];
    told.push(`${block} ${event.section}.${event.method} ${JSON.stringify(event.data.toHuman())}`);
    this.history.set(batch, told);
  }
}

/** The fields of an event, by name. */
interface Fields {
  has(name: string): boolean;
  text(name: string): string;
  number(name: string): number;
  amount(name: string): bigint;
  json(name: string): unknown;
  places(name: string): number[];
  pairs(name: string): [Address, bigint][];
}

function fields(event: ChainEvent): Fields {
  const at = (name: string): ChainEvent["data"][number] => {
    const value = event.data[event.data.names?.indexOf(name) ?? -1];
    if (!value) throw new Error(`The event ${event.section}.${event.method} has no field ${name}. Update the scenarios.`);
    return value;
  };
  return {
    has: (name) => event.data.names?.includes(name) ?? false,
    text: (name) => at(name).toString(),
    number: (name) => Number(at(name).toString()),
    amount: (name) => BigInt(at(name).toString()),
    json: (name) => at(name).toJSON(),
    places: (name) => [...at(name).toU8a(true)],
    pairs: (name) => (at(name).toJSON() as [Address, string | number][]).map(([who, sum]) => [who, BigInt(sum)]),
  };
}
