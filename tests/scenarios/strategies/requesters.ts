/** The honest requesters: post the plan, accept right answers or let their window pass, and appeal against wrong ones. */
import { ChainError, type BatchId } from "../../../client/ts/src/index.ts";
import { signs, type Identity, type Party } from "../cast.ts";
import type { Task } from "../ledger.ts";
import type { Post } from "../plan.ts";
import { posts } from "../posting.ts";
import { Strategy, type Scene } from "../strategy.ts";

/** Posts that may wait for a block at once. */
const MAX_PENDING = 3;
/** How many right answers of a hundred are accepted; for the others the window passes. */
const ACCEPTED = 50;
/** How often a post that nobody is free for is tried again. */
const MAX_TRIES = 20;

/** The honest requesters. */
export class Requesters extends Strategy {
  private pending = 0;
  private readonly posters = new Map<BatchId, Identity>();
  private readonly attempts = new Map<Post, number>();

  constructor(
    scene: Scene,
    party: Party,
    private readonly plan: Post[],
    private readonly pace: number,
  ) {
    super(scene, party);
  }

  /** Whether everything is posted. */
  get finished(): boolean {
    return this.plan.length === 0 && this.pending === 0;
  }

  async act(): Promise<void> {
    for (let due = this.pace; due > 0 && this.pending < MAX_PENDING; due -= 1) {
      const post = this.plan.shift();
      if (post) void this.posts(post);
    }
    const own = this.scene.ledger.open().filter(({ post, claim }) => claim && !post!.own && "requester" in post!.verification);
    await Promise.all(own.map((task) => this.judges(task)));
  }

  private async posts(post: Post): Promise<void> {
    this.pending += 1;
    const identity = this.party.identities[this.plan.length % this.party.identities.length];
    try {
      const batch = await posts(this.scene, identity!, post);
      this.count("posts");
      this.posters.set(batch, identity!);
    } catch (error) {
      this.count(`posts refused: ${error instanceof ChainError ? error.code : String(error)}`);
      const tries = (this.attempts.get(post) ?? 0) + 1;
      this.attempts.set(post, tries);
      if (tries < MAX_TRIES) this.plan.push(post);
    } finally {
      this.pending -= 1;
    }
  }

  private async judges({ id, batch, claim, truth, jury, appealed }: Task): Promise<void> {
    const { client } = this.scene;
    const identity = this.posters.get(batch);
    if (!identity) return;
    const right = claim!.output === truth!.output;
    if (right && !appealed && this.first("judge", id, claim!.solver) && this.random.chance(ACCEPTED)) {
      await this.tries("answers accepted", signs(client, identity, client.call("taskMarket", "accept")(batch)));
    }
    // Against a wrong answer, and again where a jury let it stand.
    const loser = appealed ? jury?.stands === true : true;
    if (!right && loser && this.first("appeal", id, claim!.solver, appealed ? claim!.until : 0)) {
      await this.tries("appeals", signs(client, identity, client.call("taskMarket", "appeal")(id)));
    }
  }
}
