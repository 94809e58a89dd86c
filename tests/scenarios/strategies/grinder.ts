/**
 * A requester that tries again until it likes the outcome: posts, looks at the draw, cancels; posts, reads the answer in the
 * pool, cancels. Its friends are the colluders.
 */
import { batchOf, type Hex } from "../../../client/ts/src/index.ts";
import { signs, type Party } from "../cast.ts";
import { CAP, type Post } from "../plan.ts";
import { posts } from "../posting.ts";
import { Strategy, type Scene } from "../strategy.ts";

/** The grinder. */
export class Grinder extends Strategy {
  /** Batches whose answer it wants for nothing. */
  private readonly stalked = new Map<number, "waits" | "seen">();
  /** What lay in the pool for each batch, so far. */
  private readonly read = new Map<number, Hex>();

  constructor(
    scene: Scene,
    party: Party,
    private readonly friends: Party,
    private left: number,
  ) {
    super(scene, party);
    scene.pool.on((answers) => answers.forEach(({ task, output }) => this.sees(batchOf(task), output)));
  }

  async act(block: number): Promise<void> {
    await this.rejectsDraws();
    if (this.left === 0 || block % 3 !== 0) return;
    this.left -= 1;
    if (this.left % 2 === 0) await this.tries("draws asked for", posts(this.scene, this.party.identities[0]!, this.quorum()));
    else await this.stalks();
  }

  /** Batches whose right answer it read, and then cancelled for a part of the price. */
  gains(): number[] {
    const gained: number[] = [];
    for (const [batch, state] of this.stalked) {
      const task = this.scene.ledger.tasks.get(batch * 256);
      if (state !== "seen" || !task?.end) continue;
      const right = this.read.get(batch) === task.truth?.output ? "right" : "wrong";
      const cancelled = task.end.refunded === "Cancelled";
      this.count(`${right} answers read and ${cancelled ? "cancelled" : "not cancelled in time"}`);
      if (right === "right" && cancelled) gained.push(batch);
    }
    return gained;
  }

  /** Cancels every drawn panel on which fewer than both friends sit. */
  private async rejectsDraws(): Promise<void> {
    const { ledger } = this.scene;
    const friends = new Set(this.friends.solvers.map(({ stash }) => stash.address));
    for (const panel of ledger.panels.values()) {
      const task = ledger.tasks.get(panel.batch * 256);
      if (task?.post?.own !== this.party.name || task.end || !this.first("draw", panel.batch, panel.round)) continue;
      const sitting = panel.members.filter((member) => friends.has(member)).length;
      const { quorum } = task.post.verification as { quorum: { threshold: number } };
      this.count("draws seen");
      if (sitting >= quorum.threshold) this.count("draws that friends could decide");
      else if (sitting < 2) await this.cancels("draws cancelled", panel.batch);
    }
  }

  private async stalks(): Promise<void> {
    this.count("answers stalked");
    const post: Post = { ...this.quorum(), kind: "book × replay-now, ground", verification: { replay: { window: 0 } }, maxReward: CAP };
    const batch = await posts(this.scene, this.party.identities[1]!, post).catch(() => undefined);
    if (batch === undefined) return;
    // The answer may lie in the pool before the script knows its own batch.
    const seen = this.read.has(batch);
    this.stalked.set(batch, seen ? "seen" : "waits");
    if (seen) await this.cancels("cancelled after seeing an answer", batch);
  }

  private sees(batch: number, output: Hex): void {
    this.read.set(batch, output);
    if (this.stalked.get(batch) !== "waits") return;
    this.stalked.set(batch, "seen");
    void this.cancels("cancelled after seeing an answer", batch);
  }

  private async cancels(what: string, batch: number): Promise<void> {
    const stalking = this.stalked.has(batch);
    const identity = this.party.identities[stalking ? 1 : 0];
    await this.tries(what, signs(this.scene.client, identity!, this.scene.client.call("taskMarket", "cancel")(batch)));
  }

  private quorum(): Post {
    const { langid } = this.scene.models;
    return {
      kind: "book × quorum-exact, ground",
      model: langid,
      truths: [this.random.pick(langid.truths)],
      matching: "book",
      verification: { quorum: { solvers: 5, threshold: 3, rule: "exact" } },
      maxReward: 6n * CAP,
      patience: 200,
      watched: false,
      own: this.party.name,
    };
  }
}
