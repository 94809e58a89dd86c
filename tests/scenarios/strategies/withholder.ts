/** Takes work and is silent: never answers, commits and never reveals, bids and never reveals. */
import { MICRO } from "../../../client/ts/src/index.ts";
import { flat } from "../cast.ts";
import { Strategy } from "../strategy.ts";

/** Solvers at work at once. */
const WORKING = 1;
/** Tasks that each holds at most. */
const CAPACITY = 12;

/** The withholder. */
export class Withholder extends Strategy {
  async act(block: number): Promise<void> {
    await this.replaces(block, WORKING, Object.values(this.scene.models), () => flat(BigInt(8 + this.random.below(20)) * MICRO, CAPACITY));
    this.count("parts left unanswered", this.duties().length);
    for (const sitting of await this.seats("commit")) {
      // Every other seat is not even committed to.
      if (this.random.chance(50)) await this.commits(sitting, sitting.tasks.map(({ truth }) => truth!.output));
      else this.count("seats left empty");
    }
    for (const identity of this.party.solvers.slice(-WORKING)) {
      for (const { auction } of this.sealed("commit", identity, block)) {
        if (this.random.chance(20)) await this.makesBid(identity, auction, 5n * MICRO);
      }
    }
  }
}
