/** Two that work together: they agree on one wrong answer on every panel, and are a ring in sealed auctions. */
import { MICRO, type Ballot } from "../../../client/ts/src/index.ts";
import { flat } from "../cast.ts";
import { CAP } from "../plan.ts";
import { isJury, Strategy } from "../strategy.ts";
import { wrongLabel } from "../truths.ts";

/** How many sit on panels at once: below every threshold that is asked for. */
export const RING = 2;
/** The wrong label that they agree on. */
const LIE = 1;
/** Dearer than the honest, so that panels and auctions are what they live on. */
const PRICE = 45n * MICRO;

/** The colluders. */
export class Colluders extends Strategy {
  async act(block: number): Promise<void> {
    await this.replaces(block, RING, Object.values(this.scene.models), () => flat(PRICE, 64));
    for (const sitting of await this.seats("commit")) {
      const lie = isJury(sitting) ? () => "0x00" : (task: (typeof sitting.tasks)[number]) => wrongLabel(task.post!.model, task.truth!, LIE);
      await this.commits(sitting, sitting.tasks.map(lie) as Ballot);
    }
    for (const sitting of await this.seats("reveal")) await this.reveals(sitting);
    const [low, high] = this.party.solvers.slice(-RING);
    if (!low || !high) return;
    // The one bids low to drive the others' hopes away, the other bids the cap; then the low bid is withheld, in the hope of its price.
    for (const { auction } of this.sealed("commit", low, block)) {
      if (this.random.chance(25) && (await this.makesBid(low, auction, MICRO))) this.count("low bids withheld");
    }
    for (const { auction } of this.sealed("commit", high, block)) await this.makesBid(high, auction, CAP);
    for (const { auction } of this.sealed("reveal", high, block)) await this.revealsBid(high, auction);
  }
}
