/** Stages that end with their file's tests. */
import { after } from "node:test";
import { Stage, type StageOptions } from "./stage.ts";

const open: Stage[] = [];
// Registered here, since a hook that is registered inside another one runs at once.
after(async () => Promise.all(open.map(async (stage) => stage.stop())));

/** A stage that ends with the file's tests, or with a signal. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const stage = await Stage.open(options);
  open.push(stage);
  stage.endOnSignal();
  return stage;
}
