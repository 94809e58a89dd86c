/** Clocks that go wrong, by Debian's `faketime`: a library between a program and the clock, which reads from a file how far off it is. */
import { existsSync, readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Seconds after which a program notices that its clock was set. */
export const NOTICE = 1;

/** A clock that can be set while a program runs. */
export class Clock {
  constructor(private readonly file: string) {}

  /** What a program's environment needs for it. The wall clock is wrong then, the one that timers use is not, as in life. */
  env(): Record<string, string> {
    return {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: `${NOTICE}`,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Sets the clock so many seconds ahead, or behind with a negative number. */
  async set(seconds: number): Promise<void> {
    await writeFile(this.file, `${seconds < 0 ? "-" : "+"}${Math.abs(seconds)}\n`);
  }

  /** Removes what the library leaves in shared memory when a program is killed. */
  async clean(pid: number): Promise<void> {
    for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) await rm(join("/dev/shm", name), { force: true });
  }
}

function library(): string {
  for (const folder of readdirSync("/usr/lib", { withFileTypes: true })) {
    const file = join("/usr/lib", folder.name, "faketime/libfaketimeMT.so.1");
    if (existsSync(file)) return file;
  }
  throw new Error("faketime is not installed. Install it (Debian: apt-get install faketime) and run this again.");
}
