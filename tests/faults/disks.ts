/** Disks that go wrong: a small one that fills up, and a slow one. Needs root. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { attempt, run } from "./shell.ts";
import { until } from "./waiting.ts";

const MIB = 1024 * 1024;
/** How long a slow disk may take to be there, in milliseconds. */
const PATIENCE = 15_000;

/** A disk in memory of a fixed size. */
export class SmallDisk {
  private constructor(private readonly folder: string) {}

  /** Mounts one at a folder, with what the folder holds. The program that uses it must not run. */
  static async replace(folder: string, mib: number): Promise<SmallDisk> {
    await moved(folder, () => run("mount", ["-t", "tmpfs", "-o", `size=${mib}m`, "pensum-faults", folder]));
    return new SmallDisk(folder);
  }

  /** What is left, in MiB. */
  async left(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return (bavail * bsize) / MIB;
  }

  /** Fills it up, as a log that nobody rotates would, until so many MiB are left. */
  async fill(left: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    const blocks = bavail - Math.ceil((left * MIB) / bsize);
    if (blocks > 0) run("fallocate", ["-l", `${(await this.ballast()) + blocks * bsize}`, this.file]);
  }

  /** Makes room again. */
  async clear(): Promise<void> {
    await rm(this.file, { force: true });
  }

  /** Puts what it holds back where it was before. */
  async remove(): Promise<void> {
    await this.clear();
    await back(this.folder, () => run("umount", [this.folder]));
  }

  private get file(): string {
    return join(this.folder, "ballast");
  }

  private async ballast(): Promise<number> {
    return stat(this.file).then(({ size }) => size, () => 0);
  }
}

/**
 * A disk that takes its time: a file system on a block device of which each read and each write is held back. The device is a loop over a
 * file that `nbdfuse` serves from `nbdkit` with its delay filter, because the device mapper's delay target is not in every kernel.
 */
export class SlowDisk {
  private loop = "";
  private constructor(
    private readonly folder: string,
    private readonly room: string,
  ) {}

  /** Mounts one at a folder, with what the folder holds. The program that uses it must not run. `room` is a folder for its parts. */
  static async replace(folder: string, room: string, delay: { read: number; write: number }): Promise<SlowDisk> {
    for (const program of ["nbdkit", "nbdfuse", "mkfs.ext4"]) {
      if (!existsSync(`/usr/bin/${program}`) && !existsSync(`/usr/sbin/${program}`)) {
        throw new Error(`${program} is not installed. Install it (Debian: apt-get install nbdkit libnbd-bin e2fsprogs) and run this again.`);
      }
    }
    const disk = new SlowDisk(folder, room);
    const [image, window] = [join(room, "image"), join(room, "window")];
    await mkdir(window, { recursive: true });
    run("truncate", ["-s", "1G", image]);
    run("mkfs.ext4", ["-q", "-F", "-E", "lazy_itable_init=0,nodiscard", image]);
    await moved(folder, async () => {
      // Filled at full speed.
      run("mount", ["-o", "loop", image, folder]);
    });
    run("umount", [folder]);
    const delays = [`rdelay=${delay.read}ms`, `wdelay=${delay.write}ms`];
    spawn("nbdfuse", [join(window, "disk"), "--command", "nbdkit", "-s", "--filter=delay", "file", image, ...delays], { stdio: "ignore" }).unref();
    await until("the slow disk is there", PATIENCE, async () => existsSync(join(window, "disk")));
    disk.loop = run("losetup", ["--find", "--show", join(window, "disk")]).trim();
    run("mount", [disk.loop, folder]);
    return disk;
  }

  /** How long a write of 4 KiB takes until it is on the disk, in milliseconds. */
  measure(): number {
    const start = Date.now();
    run("dd", ["if=/dev/zero", `of=${join(this.folder, "probe")}`, "bs=4k", "count=1", "oflag=dsync", "status=none"]);
    return Date.now() - start;
  }

  /** Puts what it holds back where it was before. */
  async remove(): Promise<void> {
    await back(this.folder, () => run("umount", [this.folder]));
    run("losetup", ["-d", this.loop]);
    run("umount", [join(this.room, "window")]);
    await rm(this.room, { recursive: true, force: true });
  }
}

/** Removes all mounts and loops in a folder, whatever became of those who made them. */
export function release(folder: string): void {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n").map((line) => line.split(" ")[1] ?? "");
  const inside = mounts.filter((place) => place.startsWith(`${folder}/`)).reverse();
  const [windows, rest] = [inside.filter((place) => place.endsWith("/window")), inside.filter((place) => !place.endsWith("/window"))];
  for (const place of rest) attempt("umount", ["-l", place]);
  for (const line of run("losetup", ["-l", "-n", "-O", "NAME,BACK-FILE"]).split("\n")) {
    const [loop, file] = line.trim().split(/\s+/);
    if (loop && file?.startsWith(`${folder}/`)) attempt("losetup", ["-d", loop]);
  }
  for (const place of windows) attempt("umount", ["-l", place]);
}

/** Copies a folder onto what `mount` puts in its place. */
async function moved(folder: string, mount: () => unknown): Promise<void> {
  const aside = `${folder}.aside`;
  run("cp", ["-a", "--sparse=always", folder, aside]);
  await mount();
  run("cp", ["-a", "--sparse=always", `${aside}/.`, folder]);
  await rm(aside, { recursive: true, force: true });
}

/** Copies what lies in the place of a folder into the folder itself. */
async function back(folder: string, unmount: () => unknown): Promise<void> {
  const aside = `${folder}.aside`;
  run("cp", ["-a", "--sparse=always", folder, aside]);
  unmount();
  await rm(folder, { recursive: true, force: true });
  run("mv", [aside, folder]);
}
