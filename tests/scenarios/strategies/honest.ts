/** The honest solvers: their node does all work by itself. Only an appeal is a person's decision, which this plays. */
import { MICRO } from "../../../client/ts/src/index.ts";
import { flat, signs } from "../cast.ts";
import { Strategy } from "../strategy.ts";

/** What they ask for a task. */
export const PRICE = 30n * MICRO;
/** Tasks that each holds at most. */
const CAPACITY = 64;

/** The honest solvers. */
export class Honest extends Strategy {
  /** Lets all of them join. */
  async joins(): Promise<void> {
    const { client, models } = this.scene;
    const all = this.party.identities.map(() => this.party.brings(client, [models.langid, models.digits], flat(PRICE, CAPACITY)));
    await Promise.all(all);
  }

  async act(): Promise<void> {
    const own = new Map(this.party.solvers.map((identity) => [identity.stash.address, identity]));
    for (const { id, claim, jury, truth } of this.scene.ledger.open()) {
      const identity = own.get(claim?.solver ?? "");
      if (!identity || jury?.stands !== false || claim!.output !== truth!.output || !this.first("appeal", id, claim!.until)) continue;
      await this.tries("appeals", signs(this.scene.client, identity, this.scene.client.call("taskMarket", "appeal")(id)));
    }
  }
}
