/** What every stage of the live measurements is given. */
import type { DevNet } from "../../client/ts/src/index.ts";

/** The setting of a stage. */
export interface Setting {
  /** A network without nodes. Whoever runs the stage ends it. */
  net: DevNet;
  /** Shorter, and less exact: to see that everything runs. */
  quick: boolean;
  /** Hears what goes on. */
  say: (line: string) => void;
  /** What runs this stage again. */
  command: string;
}
