/** What every strategy has in common. */
import {
  bid,
  bidCommitment,
  ChainError,
  commit,
  commitmentTo,
  reveal,
  revealBid,
  type Ballot,
  type BatchId,
  type Client,
  type Hex,
  type Offer,
} from "../../client/ts/src/index.ts";
import { seatOf, type Identity, type Party } from "./cast.ts";
import type { Auction, Ledger, Panel, Task } from "./ledger.ts";
import type { Pool } from "./pool.ts";
import type { Random } from "./random.ts";
import type { Model, ModelName } from "./truths.ts";

/** Where a strategy plays. */
export interface Scene {
  client: Client;
  /** The gateway of the honest node. */
  gateway: string;
  ledger: Ledger;
  pool: Pool;
  /** The honest solvers, whose names are known to all. */
  honest: Party;
  models: { [name in ModelName]: Model };
  random: Random;
}

/** The tasks of one batch that an identity must answer. */
export interface Duty {
  identity: Identity;
  batch: BatchId;
  tasks: Task[];
}

/** A seat on a panel that an identity has. */
export interface Sitting {
  identity: Identity;
  panel: Panel;
  /** The tasks of the round. */
  tasks: Task[];
}

/** Blocks between two new identities of a party. */
const REST = 4;

/** A way to take part. */
export abstract class Strategy {
  /** What it counted, for the report. */
  readonly figures: { [what: string]: number } = {};
  protected readonly random: Random;
  private nextBlock = 0;
  private readonly done = new Set<string>();
  private readonly salts = new Map<string, { ballot: Ballot; salt: Hex }>();
  private readonly bids = new Map<string, { price: bigint; salt: Hex }>();

  constructor(
    protected readonly scene: Scene,
    readonly party: Party,
  ) {
    this.random = scene.random.named(party.name);
  }

  /** Does what is due after this block. */
  abstract act(block: number): Promise<unknown>;

  /** Adds to a figure. */
  protected count(what: string, by = 1): void {
    this.figures[what] = (this.figures[what] ?? 0) + by;
  }

  /** True the first time that it is asked about. */
  protected first(...what: (string | number)[]): boolean {
    const key = what.join("/");
    if (this.done.has(key)) return false;
    this.done.add(key);
    return true;
  }

  /** Lets one try fail: it counts as refused, under the refusal's name. True if it was taken. */
  protected async tries(what: string, work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      this.count(what);
      return true;
    } catch (error) {
      this.count(`${what} refused: ${error instanceof ChainError ? error.code : "other"}`);
      return false;
    }
  }

  /** Brings another identity where one was jailed, with an offer at a price of its own; not too often, so that its kind lasts. */
  protected async replaces(block: number, working: number, models: readonly Model[], offer: () => Offer): Promise<void> {
    const jailed = new Set(this.scene.ledger.jailed);
    const free = this.party.solvers.filter(({ stash }) => !jailed.has(stash.address)).length;
    if (free >= working || block < this.nextBlock) return;
    this.nextBlock = block + REST;
    await this.party.brings(this.scene.client, models, offer());
  }

  /** What this party's solvers must answer, and was not given out before. */
  protected duties(): Duty[] {
    const own = new Map(this.party.solvers.map((identity) => [identity.stash.address, identity]));
    const duties = new Map<string, Duty>();
    for (const task of this.scene.ledger.open()) {
      const identity = own.get(task.holder ?? "");
      if (!identity) continue;
      const key = `${task.batch}/${identity.stash.address}`;
      const duty = duties.get(key) ?? { identity, batch: task.batch, tasks: [] };
      duty.tasks.push(task);
      duties.set(key, duty);
    }
    return [...duties.values()].filter(({ identity, batch, tasks }) => this.first("duty", batch, identity.stash.address, tasks[0]!.id));
  }

  /** Seats of this party's solvers where they can commit, or reveal, and were not given out before. */
  protected async seats(phase: "commit" | "reveal"): Promise<Sitting[]> {
    const seats: Sitting[] = [];
    for (const panel of this.scene.ledger.panels.values()) {
      if (panel.revealing !== (phase === "reveal")) continue;
      for (const identity of this.party.solvers.filter(({ stash }) => panel.members.includes(stash.address))) {
        const tasks = this.scene.ledger.open().filter(({ batch }) => batch === panel.batch);
        // Once the panel has decided, its tasks have ended; late members must reveal all the same.
        if (tasks.length === 0 && phase === "commit") continue;
        if (!this.first(phase, panel.batch, panel.round, identity.stash.address)) continue;
        seats.push({ identity, panel, tasks: phase === "commit" ? await this.undecided(panel, tasks) : tasks });
      }
    }
    return seats;
  }

  /** Commits to a ballot, which `reveals` finds again. */
  protected async commits({ identity, panel }: Sitting, ballot: Ballot): Promise<boolean> {
    const [seat, salt] = [seatOf(identity, panel.batch, panel.round), this.random.bytes()];
    const taken = await this.tries("commitments", commit(this.scene.client, seat, commitmentTo(seat, ballot, salt)));
    if (taken) this.salts.set(`${panel.batch}/${panel.round}/${identity.stash.address}`, { ballot, salt });
    return taken;
  }

  /** Reveals what `commits` committed to. */
  protected async reveals({ identity, panel }: Sitting): Promise<boolean> {
    const kept = this.salts.get(`${panel.batch}/${panel.round}/${identity.stash.address}`);
    if (!kept) return false;
    return this.tries("reveals", reveal(this.scene.client, seatOf(identity, panel.batch, panel.round), kept.ballot, kept.salt));
  }

  /** Sealed auctions that take bids, or reveals, of an identity, each once. */
  protected sealed(phase: "commit" | "reveal", identity: Identity, block: number): { auction: Auction; task: Task }[] {
    return [...this.scene.ledger.auctions.values()].flatMap((auction) => {
      const task = this.scene.ledger.tasks.get(auction.batch * 256);
      const matching = task?.post?.matching;
      if (!task || !matching || matching === "book" || !("sealed" in matching)) return [];
      const committing = block < auction.opened + matching.sealed.commit;
      const fresh = committing === (phase === "commit") && this.first("sealed", phase, auction.batch, auction.round, identity.stash.address);
      return fresh ? [{ auction, task }] : [];
    });
  }

  /** Commits to a bid, which `revealsBid` finds again. */
  protected async makesBid(identity: Identity, auction: Auction, price: bigint): Promise<boolean> {
    const [bidder, salt] = [seatOf(identity, auction.batch, auction.round), this.random.bytes()];
    const taken = await this.tries("bids", bid(this.scene.client, bidder, bidCommitment(bidder, price, salt)));
    if (taken) this.bids.set(`${auction.batch}/${auction.round}/${identity.stash.address}`, { price, salt });
    return taken;
  }

  /** Reveals what was bid. */
  protected async revealsBid(identity: Identity, auction: Auction): Promise<boolean> {
    const kept = this.bids.get(`${auction.batch}/${auction.round}/${identity.stash.address}`);
    if (!kept) return false;
    const bidder = seatOf(identity, auction.batch, auction.round);
    return this.tries("bids revealed", revealBid(this.scene.client, bidder, kept.price, kept.salt));
  }

  /** In a later round only the tasks without a majority are asked about. */
  private async undecided(panel: Panel, tasks: Task[]): Promise<Task[]> {
    if (!panel.again) return tasks;
    const found = await this.scene.client.api.query.panel!.decided!(panel.batch);
    const decided = new Set((found.toJSON() as { place: number }[]).map(({ place }) => place));
    return tasks.filter(({ id }) => !decided.has(id % 256));
  }
}

/** Whether a panel judges an answer and does not give one. */
export function isJury({ tasks }: Sitting): boolean {
  const verification = tasks[0]?.post?.verification;
  return verification !== undefined && "requester" in verification;
}
