/** What becomes of the tasks of a solver that does not answer. */
import { batchOf } from "../../client/ts/src/index.ts";
import type { Solver } from "./people.ts";
import type { Stage } from "./stage.ts";
import { until } from "./waiting.ts";

/** How long tasks run before somebody goes away, in milliseconds: a few have come to each solver, and some are under way. */
export const BEFORE = 2_000;
/** How long the first hand-over may take, in milliseconds: a solver has 20 blocks, and a task must have come to it first. */
const PATIENCE = 60_000;

/** Waits until a task that one solver did not answer was handed over to the other and answered there. Returns how long it took, in seconds. */
export async function takesOver(stage: Stage, from: Solver, to: Solver): Promise<number> {
  const { ledger } = stage;
  const [begin, before] = [Date.now(), ledger.handedOver.length];
  await until("a task was handed over and answered", PATIENCE, async () => {
    await ledger.follow(stage.any, await stage.any.final());
    const batches = ledger.handedOver
      .slice(before)
      .filter((over) => over.from === from.stash.address && over.to === to.stash.address)
      .map(({ batch }) => batch);
    return [...ledger.ended].some(([task, { solver }]) => batches.includes(batchOf(task)) && solver === to.stash.address);
  });
  return (Date.now() - begin) / 1000;
}
