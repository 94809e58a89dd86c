/** A requester that does not want to pay: appeals against every answer, and no jury is good enough that says otherwise. */
import { signs, type Party } from "../cast.ts";
import { CAP, type Post } from "../plan.ts";
import { posts } from "../posting.ts";
import { Strategy, type Scene } from "../strategy.ts";

/** The haggler. */
export class Haggler extends Strategy {
  constructor(
    scene: Scene,
    party: Party,
    private left: number,
  ) {
    super(scene, party);
  }

  async act(block: number): Promise<void> {
    const [identity] = this.party.identities;
    if (this.left > 0 && block % 12 === 0) {
      this.left -= 1;
      await this.tries("posts", posts(this.scene, identity!, this.next()));
    }
    for (const { id, claim, truth, post, appealed, jury } of this.scene.ledger.open()) {
      if (post!.own !== this.party.name || !claim || (appealed && jury?.stands !== true)) continue;
      if (!this.first("appeal", id, claim.solver, claim.until)) continue;
      this.count(claim.output === truth!.output ? "right answers appealed against" : "wrong answers appealed against");
      await this.tries("appeals", signs(this.scene.client, identity!, this.scene.client.call("taskMarket", "appeal")(id)));
    }
  }

  private next(): Post {
    const { digits } = this.scene.models;
    return {
      kind: "book × requester, haggled over",
      model: digits,
      truths: [this.random.pick(digits.truths)],
      matching: "book",
      verification: { requester: { window: 10 } },
      maxReward: CAP,
      patience: 60,
      watched: false,
      own: this.party.name,
    };
  }
}
