/** Choices that a seed fixes. */
import { blake2, u8aToHex, type Hex } from "../../client/ts/src/index.ts";

/** A stream of choices, the same for the same seed and name. */
export class Random {
  private state: number;
  private drawn = 0;

  constructor(
    private readonly seed: number,
    private readonly name: string,
  ) {
    this.state = new DataView(blake2(`${seed}/${name}`).buffer).getUint32(0, true);
  }

  /** A stream of its own, so that who draws first changes nothing for the other. */
  named(name: string): Random {
    return new Random(this.seed, `${this.name}/${name}`);
  }

  /** A number from 0 on, below `bound` (mulberry32). */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  /** True so many times in a hundred. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("There is nothing to choose from. Give at least one item.");
    return item;
  }

  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => [this.below(2 ** 32), item] as const);
    return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
  }

  /** 32 bytes. */
  bytes(): Hex {
    this.drawn += 1;
    return u8aToHex(blake2(`${this.seed}/${this.name}/${this.drawn}`));
  }
}
