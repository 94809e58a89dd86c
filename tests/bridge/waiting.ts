/** Waiting for something that two chains and a few programs bring about together. */
import { AssertionError } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

/** How long things may take where nothing else is said, in milliseconds: a delivery takes some ten seconds on an idle machine. */
export const PATIENCE = 60_000;
/** Pause between two looks, in milliseconds. */
const PAUSE = 100;

/** Looks until there is something to see. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  patience = PATIENCE,
  pause = PAUSE,
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(pause)) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
  }
  throw new AssertionError({ message: `${what}: not within ${patience / 1000} s` });
}

/** Looks for a while whether something stays as it shall. */
export async function stays(what: string, look: () => Promise<boolean>, ms: number): Promise<void> {
  for (const start = Date.now(); Date.now() - start < ms; await sleep(PAUSE)) {
    if (!(await look())) throw new AssertionError({ message: `${what}: not any more after ${(Date.now() - start) / 1000} s` });
  }
}
