/**
 * A requester that posts a batch a second, whatever happens. It sends each post to every node that runs, and again until it is in a final
 * block: whoever posts through one node only can do the same.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { MICRO, posting, type Address, type Client, type Hex, type Input, type KeyringPair, type ModelId } from "../../client/ts/src/index.ts";
import type { Peer } from "./peer.ts";
import type { State } from "./state.ts";
import { until } from "./waiting.ts";

/** Pause between two posts, in milliseconds. */
const PAUSE = 1_000;
/** Tasks in each post. */
const BATCH = 2;
/** Blocks that a post gives for its answer. */
const DEADLINE = 90;
/** Most posts that are not final; with more it waits. */
const BACKLOG = 64;
/** Every how many posts those that are not final are sent again. */
const AGAIN = 4;
/** How long the last posts may take to become final, in milliseconds. */
const PATIENCE = 90_000;

/** What is posted, and by whom. */
export interface Order {
  requester: KeyringPair;
  model: ModelId;
  inputs: Input[];
}

/** Posts all the time. */
export class Traffic {
  /** Posts that are not final, by their nonce. */
  private readonly pending = new Map<number, Hex>();
  private nonce = 0;
  private round = 0;
  private over: Promise<void> | undefined;
  private stopping = false;
  /** Posts that were signed. */
  posts = 0;

  constructor(
    private readonly client: Client,
    private readonly state: State,
    private readonly peers: () => Peer[],
    private readonly order: Order,
  ) {}

  get requester(): Address {
    return this.order.requester.address;
  }

  /** Begins. */
  async start(): Promise<void> {
    // After a test that failed, posts of its stream may be left.
    this.nonce = Math.max(await this.finalNonce(), ...[...this.pending.keys()].map((nonce) => nonce + 1));
    this.stopping = false;
    this.over = this.go();
    // What goes wrong is told by `stop`.
    this.over.catch(() => undefined);
  }

  /** Ends, and waits until everything that was posted is in a final block. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.over;
    this.over = undefined;
    await until(`${this.pending.size} posts are final`, PATIENCE, async () => {
      await this.again();
      return this.pending.size === 0;
    });
  }

  private async go(): Promise<void> {
    for (let next = Date.now() + PAUSE; !this.stopping; next += PAUSE) {
      if (this.pending.size < BACKLOG) await this.post();
      if (this.round++ % AGAIN === 0) await this.again().catch(() => undefined);
      await sleep(Math.max(0, next - Date.now()));
    }
  }

  private async post(): Promise<void> {
    const { client, order } = this;
    const heads = await Promise.all(this.running().map((peer) => peer.best().catch(() => 0)));
    const deadline = Math.max(0, ...heads) + DEADLINE;
    if (deadline === DEADLINE) return;
    const inputs = Array.from({ length: BATCH }, (_, place) => order.inputs[(this.posts * BATCH + place) % order.inputs.length]!);
    const call = posting(client, { model: order.model, maxReward: 100n * MICRO, deadline }, inputs);
    const { nonce } = this;
    const signed = (await call.signAsync(order.requester, { nonce, era: 0 })).toHex();
    this.nonce += 1;
    this.posts += 1;
    this.pending.set(nonce, signed);
    await this.send([signed]);
  }

  /** Forgets what is final, and sends the rest again. */
  private async again(): Promise<void> {
    const final = await this.finalNonce();
    for (const nonce of this.pending.keys()) if (nonce < final) this.pending.delete(nonce);
    await this.send([...this.pending.values()]);
  }

  private async send(posts: Hex[]): Promise<void> {
    const send = async (peer: Peer, post: Hex): Promise<void> => {
      // A node refuses what it has already; what is lost is sent again.
      await peer.rpc("author_submitExtrinsic", [post]).catch(() => undefined);
    };
    await Promise.all(this.running().map(async (peer) => {
      for (const post of posts) await send(peer, post);
    }));
  }

  /** The nonce at the newest of all final blocks. */
  private async finalNonce(): Promise<number> {
    const nonces = await Promise.all(
      this.running().map(async (peer) => {
        const { hash } = await peer.final();
        return (await this.state.account(peer, this.requester, hash)).nonce;
      }).map((nonce) => nonce.catch(() => -1)),
    );
    const nonce = Math.max(-1, ...nonces);
    assert.ok(nonce >= 0, "no node answers");
    return nonce;
  }

  private running(): Peer[] {
    return this.peers().filter(({ alive }) => alive);
  }
}
