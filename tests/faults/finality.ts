/** What every node held final, and when: two nodes that finalise different blocks at one height are what must never be. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Hex } from "../../client/ts/src/index.ts";
import type { Block, Peer } from "./peer.ts";
import { until } from "./waiting.ts";

/** Pause between two looks at all nodes, in milliseconds. */
const PAUSE = 300;

/** A moment in which the last final block of any of the nodes went on. */
interface Step {
  at: number;
  final: number;
}

/** Follows what all nodes hold final. */
export class Finality {
  /** The last final block of each node, by its name. */
  readonly last = new Map<string, Block>();
  private readonly seen = new Map<number, { hash: Hex; by: string }>();
  private readonly conflicts: string[] = [];
  private steps: Step[] = [];
  private over: Promise<void> | undefined;
  private stopping = false;

  constructor(private readonly peers: () => Peer[]) {}

  /** Begins. */
  start(): void {
    this.over ??= this.follow();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.over;
  }

  /** The longest time since `from` in which no node learned of a new final block, in seconds. */
  longestPause(from: number): number {
    const times = [from, ...this.steps.filter(({ at }) => at > from).map(({ at }) => at), Date.now()];
    return Math.max(...times.slice(1).map((at, place) => at - times[place]!)) / 1000;
  }

  /** How many blocks became final since `from`. */
  progress(from: number): number {
    const before = this.steps.filter(({ at }) => at <= from).at(-1)?.final ?? 0;
    return Math.max(0, (this.steps.at(-1)?.final ?? 0) - before);
  }

  /** Waits until all nodes hold blocks final that were not there yet when this was called. Returns how long that took, in seconds. */
  async resumes(patience: number): Promise<number> {
    const start = Date.now();
    const running = this.peers().filter(({ alive }) => alive);
    const heads = await Promise.all(running.map((peer) => peer.best().catch(() => 0)));
    const goal = Math.max(...heads) + 2;
    await until(`block ${goal} is final on ${running.map(({ name }) => name).join(", ")}`, patience, async () => {
      const finals = await Promise.all(running.map((peer) => peer.final()));
      return finals.every(({ number }) => number >= goal);
    });
    return (Date.now() - start) / 1000;
  }

  /** Asserts that all nodes agree on every final block from `first` on, now and at all times before. Returns up to where. */
  async agrees(first: number): Promise<Block> {
    const running = this.peers().filter(({ alive }) => alive);
    const finals = await Promise.all(running.map((peer) => peer.final()));
    const last = finals.reduce((a, b) => (a.number < b.number ? a : b));
    const chains = await Promise.all(running.map((peer) => peer.hashes(first, last.number)));
    for (const [place, chain] of chains.entries()) {
      assert.deepEqual(chain, chains[0], `${running[place]!.name} and ${running[0]!.name} hold different blocks final`);
    }
    for (const [offset, hash] of (chains[0] ?? []).entries()) {
      const seen = this.seen.get(first + offset);
      assert.ok(!seen || seen.hash === hash, `${seen?.by} held another block ${first + offset} final than all nodes do now`);
    }
    assert.deepEqual(this.conflicts, [], "finality forked");
    return last;
  }

  private async follow(): Promise<void> {
    for (; !this.stopping; await sleep(PAUSE)) await Promise.all(this.peers().map((peer) => this.look(peer)));
  }

  private async look(peer: Peer): Promise<void> {
    if (!peer.alive) return;
    const block = await peer.final().catch(() => undefined);
    if (!block || this.last.get(peer.name)?.hash === block.hash) return;
    this.last.set(peer.name, block);
    const { number, hash } = block;
    const seen = this.seen.get(number);
    if (!seen) this.seen.set(number, { hash, by: peer.name });
    else if (seen.hash !== hash) this.conflicts.push(`block ${number}: ${seen.hash} at ${seen.by}, ${hash} at ${peer.name}`);
    if (number > (this.steps.at(-1)?.final ?? -1)) this.steps.push({ at: Date.now(), final: number });
  }
}
