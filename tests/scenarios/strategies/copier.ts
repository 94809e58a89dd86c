/** Lets others work: copies answers from the pool, commitments from the chain, and ballots once they are revealed. */
import { answer, bid, commit, MICRO, reveal, revealBid, type Hex } from "../../../client/ts/src/index.ts";
import { flat, seatOf, type Party } from "../cast.ts";
import type { SeenAnswer } from "../pool.ts";
import { Strategy, type Duty, type Scene } from "../strategy.ts";

/** Solvers at work at once. */
const WORKING = 1;
/** Tasks that each holds at most. */
const CAPACITY = 12;

/** The copier. */
export class Copier extends Strategy {
  /** The last answers seen, by input where it is known. */
  private readonly answers = new Map<Hex, SeenAnswer>();
  private readonly last: { [traced: string]: SeenAnswer } = {};

  constructor(scene: Scene, party: Party) {
    super(scene, party);
    scene.pool.on((answers) => answers.forEach((seen) => this.sees(seen)));
  }

  async act(block: number): Promise<void> {
    const { client, models, ledger } = this.scene;
    await this.replaces(block, WORKING, Object.values(models), () => flat(BigInt(8 + this.random.below(20)) * MICRO, CAPACITY));
    for (const duty of this.duties()) await this.copies(duty);
    for (const panel of ledger.panels.values()) {
      for (const identity of this.party.solvers.filter(({ stash }) => panel.members.includes(stash.address))) {
        const [address, seat] = [identity.stash.address, seatOf(identity, panel.batch, panel.round)];
        const [copied] = [...panel.commitments].filter(([member]) => member !== address);
        if (!panel.revealing && copied && this.first("copy", panel.batch, panel.round, address)) {
          await this.tries("commitments copied", commit(client, seat, copied[1]));
        }
        if (panel.revealing && this.first("reveal", panel.batch, panel.round, address)) {
          // What the others answer is easily known; that under its own name it was committed to is what cannot be shown.
          const ballot = ledger.open().filter(({ batch }) => batch === panel.batch).map(({ truth }) => truth!.output);
          await this.tries("copied ballots revealed", reveal(client, seat, ballot, this.random.bytes()));
        }
      }
    }
    for (const identity of this.party.solvers.slice(-WORKING)) {
      for (const auction of ledger.auctions.values()) {
        const [copied] = [...auction.commitments].filter(([bidder]) => bidder !== identity.stash.address);
        if (copied && this.random.chance(20) && this.first("bid", auction.batch, auction.round)) {
          await this.tries("bids copied", bid(client, seatOf(identity, auction.batch, auction.round), copied[1]));
        }
      }
      for (const { auction } of this.sealed("reveal", identity, block)) {
        const bidder = seatOf(identity, auction.batch, auction.round);
        await this.tries("copied bids revealed", revealBid(client, bidder, 30n * MICRO, this.random.bytes()));
      }
    }
  }

  private sees(seen: SeenAnswer): void {
    const task = this.scene.ledger.tasks.get(seen.task);
    if (task?.truth) this.answers.set(`${task.truth.input}`, seen);
    this.last[seen.trace ? "traced" : "plain"] = seen;
  }

  /** Answers with what it saw for the same input; else with what it saw last, which is as good as a guess. */
  private async copies({ identity, tasks }: Duty): Promise<void> {
    const answers = tasks.flatMap(({ id, truth, post }) => {
      const traced = "replay" in post!.verification && post!.verification.replay.window > 0;
      const known = this.answers.get(truth!.input);
      const seen = known && (!traced || known.trace) ? known : this.last[traced ? "traced" : "plain"];
      return seen ? [{ task: id, output: seen.output, ...(traced && { trace: seen.trace! }) }] : [];
    });
    if (answers.length === 0) return;
    if (await this.tries("sheets", answer(this.scene.client, identity.operator, answers))) this.count("answers copied", answers.length);
  }
}
