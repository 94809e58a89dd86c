/** What an author's log tells of its blocks. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** The line that the block builder writes: number, and how long it took. */
const PREPARED = /Prepared block for proposing at (\d+) \((\d+) ms\)/;

/** Milliseconds in which each block was filled, by number. */
export async function makingTimes(log: string): Promise<Map<number, number>> {
  const times = new Map<number, number>();
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const [, number, ms] = PREPARED.exec(line) ?? [];
    if (number && ms) times.set(Number(number), Number(ms));
  }
  return times;
}
