/** Waiting for what nodes bring about together. */
import { AssertionError } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

/** Pause between two looks, in milliseconds. */
const PAUSE = 250;

/** Looks until there is something to see, and returns it. A look that fails, as those at a node that is down do, is a look in vain. */
export async function until<T>(what: string, patience: number, look: () => Promise<T | null | undefined | false>): Promise<T> {
  let last = "";
  for (const start = Date.now(); Date.now() - start < patience; await sleep(PAUSE)) {
    try {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      last = ` (${(error as Error).message})`;
    }
  }
  throw new AssertionError({ message: `${what}: not within ${patience / 1000} s${last}` });
}

/** Seconds that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = Date.now();
  await work();
  return (Date.now() - start) / 1000;
}
