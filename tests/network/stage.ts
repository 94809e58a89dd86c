/** What every test of networks needs: where things are, waiting, and who still runs. */
import { AssertionError } from "node:assert";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Folder with the scripts that people run. */
export const SCRIPTS = join(ROOT, "scripts");
/** Folder of the client, whose packages these tests use. */
export const CLIENT = join(ROOT, "client/ts");
/** Folder with the shipped models. */
export const MODELS = join(ROOT, "inference/models");
/** Where presets are kept between networks. */
export const PRESETS = join(ROOT, "target/presets");
/** Pause between two looks, in milliseconds. */
const PAUSE = 200;

/** The node's binary. */
export function nodeBinary(): string {
  const binary = process.env.PENSUM_NODE;
  if (!binary) throw new Error("PENSUM_NODE does not name the node's binary. Run scripts/network.");
  return binary;
}

/** An empty folder for a test, which stays there for whoever looks for the reason of a failure. */
export async function emptyFolder(name: string): Promise<string> {
  const folder = join(ROOT, "target/network", name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Runs one of the scripts to its end, and returns what it said. */
export async function runs(script: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(SCRIPTS, script), args);
  return stdout;
}

/** Looks until there is something to see. A look may fail, except by an assertion: that is a verdict. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, patience = 60_000): Promise<T> {
  let last: unknown;
  for (const start = Date.now(); Date.now() - start < patience; await sleep(PAUSE)) {
    const found = await look().catch((error: unknown) => {
      if (error instanceof AssertionError) throw error;
      last = error;
      return false as const;
    });
    if (found !== null && found !== undefined && found !== false) return found;
  }
  throw new AssertionError({ message: `${what}: not within ${patience / 1000} s${last ? `; last: ${String(last)}` : ""}` });
}

/** The processes whose command lines name a folder, this one and its own excepted. */
export async function processesIn(folder: string): Promise<number[]> {
  const found = [];
  for (const pid of (await readdir("/proc")).map(Number)) {
    if (!pid || pid === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes(folder)) found.push(pid);
  }
  return found;
}
