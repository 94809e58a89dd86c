/**
 * The wall clock of a network's nodes, which can be put forward. A session lasts two minutes and an era six, and BABE's slots are wall-clock
 * time: with the clock put forward to just before a session's end, all that lies between are empty slots, as if nobody had made blocks for a while.
 * Everything else is as ever: the node, its runtime, and what it does at the end of a session.
 *
 * With PENSUM_REAL_CLOCK=1 nothing is put forward, and the tests wait.
 */
import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { chmod, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client } from "../../client/ts/src/connect.ts";
import { until } from "./stage.ts";

const SOURCE = fileURLToPath(new URL("ahead.c", import.meta.url));
/** Whether the tests wait for real time to go by. */
const REAL = process.env.PENSUM_REAL_CLOCK === "1";
/** Slots of a session that are left when the clock has been put forward: some for blocks of the old session, and no long wait. */
const LEFT = 3;
/** How long a session may take to end, in milliseconds: the slots that are left, or all of them, and some time for a busy machine. */
const PATIENCE = REAL ? 180_000 : 30_000;

/** A clock that nodes go by. */
export class Clock {
  private ahead = 0;

  private constructor(
    /** What to start nodes with: the binary, or a wrapper around it. */
    readonly wrapper: string,
    private readonly file: string,
  ) {}

  /** Makes one, with files in `folder`. */
  static async make(binary: string, folder: string): Promise<Clock> {
    const file = join(folder, "ahead");
    const clock = new Clock(REAL ? binary : join(folder, "node-ahead"), file);
    if (REAL) return clock;
    await clock.write();
    const library = join(folder, "ahead.so");
    await promisify(execFile)("cc", ["-O2", "-shared", "-fPIC", "-o", library, SOURCE]);
    // `exec`, so that the node has the process id of what was started.
    await writeFile(clock.wrapper, `#!/bin/sh\nLD_PRELOAD='${library}' PENSUM_AHEAD='${file}' exec '${binary}' "$@"\n`);
    await chmod(clock.wrapper, 0o755);
    return clock;
  }

  /** Puts the clock forward. */
  async forward(seconds: number): Promise<void> {
    if (REAL) return;
    this.ahead += seconds;
    await this.write();
  }

  /** Waits for the next session, and returns its number. */
  async nextSession({ api }: Client): Promise<number> {
    const current = async (): Promise<number> => Number((await api.query.session!.currentIndex!()).toJSON());
    const number = async (item: "currentSlot" | "genesisSlot"): Promise<number> => Number((await api.query.babe![item]!()).toJSON());
    const before = await current();
    const length = Number(api.consts.babe!.epochDuration!.toJSON());
    const left = length - (((await number("currentSlot")) - (await number("genesisSlot"))) % length);
    if (left > LEFT) await this.forward(left - LEFT);
    return until(
      `session ${before + 1}`,
      async () => {
        const now = await current();
        return now > before && now;
      },
      PATIENCE,
    );
  }

  private async write(): Promise<void> {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(this.ahead));
    // In place: the nodes have this very file mapped.
    const file = await open(this.file, constants.O_WRONLY | constants.O_CREAT);
    await file.write(bytes, 0, bytes.length, 0);
    await file.close();
  }
}
