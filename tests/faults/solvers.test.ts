/** A solver that goes away while it holds tasks. */
import { setTimeout as sleep } from "node:timers/promises";
import { BEFORE, takesOver } from "./handover.ts";
import { fault } from "./testing.ts";

fault("a solver goes away in the middle of its tasks", async ({ stage, note }) => {
  const [near, far] = stage.solvers;
  await sleep(BEFORE);
  await near!.peer.kill();
  note("from the kill to the other's answer, s", await takesOver(stage, near!, far!));
  await near!.peer.start();
});
