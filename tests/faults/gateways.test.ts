/** A gateway that goes away while its solver holds tasks. */
import { setTimeout as sleep } from "node:timers/promises";
import { BEFORE, takesOver } from "./handover.ts";
import { fault } from "./testing.ts";

fault("a gateway goes away in the middle of its solver's tasks", async ({ stage, note }) => {
  const [near, far] = stage.solvers;
  await sleep(BEFORE);
  await stage.gateway.kill();
  note("from the kill to the other's answer, s", await takesOver(stage, far!, near!));
  await stage.startGateway();
});
