/** Answers wrong, wherever and however it is asked. Cheap, so that it is asked often. */
import { answer, MICRO, take, type Ballot } from "../../../client/ts/src/index.ts";
import { flat, signs } from "../cast.ts";
import type { Task } from "../ledger.ts";
import { isJury, Strategy, type Duty } from "../strategy.ts";
import { falseTrace, wrongLabel } from "../truths.ts";

/** Which wrong label it gives: never that of the colluders. */
const LIE = 2;
/** Solvers at work at once. */
const WORKING = 2;
/** How many auctions of a hundred it bids in. */
const AT_AUCTION = 40;
/** Tasks that each holds at most. */
const CAPACITY = 12;

/** The liar. */
export class Liar extends Strategy {
  async act(block: number): Promise<void> {
    const { client, models, ledger } = this.scene;
    const price = (): bigint => BigInt(8 + this.random.below(20)) * MICRO;
    await this.replaces(block, WORKING, [models.langid, models.digits], () => flat(price(), CAPACITY));
    for (const duty of this.duties()) await this.lies(duty);
    for (const sitting of await this.seats("commit")) {
      const lie = (task: Task): `0x${string}` => (isJury(sitting) ? "0x00" : wrongLabel(task.post!.model, task.truth!, LIE));
      await this.commits(sitting, sitting.tasks.map(lie) as Ballot);
    }
    for (const sitting of await this.seats("reveal")) await this.reveals(sitting);
    for (const identity of this.party.solvers.slice(-WORKING)) {
      for (const { auction } of this.sealed("commit", identity, block)) {
        if (this.random.chance(AT_AUCTION)) await this.makesBid(identity, auction, price());
      }
      for (const { auction } of this.sealed("reveal", identity, block)) await this.revealsBid(identity, auction);
      for (const auction of ledger.auctions.values()) {
        const task = ledger.tasks.get(auction.batch * 256);
        const rising = task?.post && task.post.matching !== "book" && "dutch" in task.post.matching;
        // The price rises by a tenth of the cap each block; it takes long before anybody honest does.
        if (rising && block > auction.opened && this.first("take", auction.batch, identity.stash.address) && this.random.chance(AT_AUCTION)) {
          await this.tries("takes", take(client, identity.operator, auction.batch, 1n));
        }
      }
    }
    await this.appeals();
  }

  /** Where a jury rejected its answer it appeals once, hoping for a better jury. */
  private async appeals(): Promise<void> {
    const own = new Map(this.party.solvers.map((identity) => [identity.stash.address, identity]));
    for (const { claim, id, jury } of this.scene.ledger.open()) {
      const identity = own.get(claim?.solver ?? "");
      if (!identity || jury?.stands !== false || !this.first("appeal", id)) continue;
      await this.tries("appeals", signs(this.scene.client, identity, this.scene.client.call("taskMarket", "appeal")(id)));
    }
  }

  private async lies({ identity, tasks }: Duty): Promise<void> {
    const answers = tasks.map(({ id, truth, post }) => {
      const output = wrongLabel(post!.model, truth!, LIE);
      const traced = "replay" in post!.verification && post!.verification.replay.window > 0;
      // Half of its traces are made up from the first node on, the others are honest up to some node.
      const honest = this.random.chance(50) ? 0 : this.random.below(truth!.trace.length);
      return { task: id, output, ...(traced && { trace: falseTrace(truth!, output, honest, this.random) }) };
    });
    if (await this.tries("sheets", answer(this.scene.client, identity.operator, answers))) this.count("wrong answers", answers.length);
  }
}
