/** The nodes that run now, in a file: for people, for programs, and for whoever has to end what a killed run left behind. */
import { readFile, rm, writeFile } from "node:fs/promises";
import type { Place } from "./places.ts";

/** A node that runs. */
export interface Entry extends Place {
  /** Its process id. */
  pid: number;
  /** Its name among peers. */
  peer: string;
}

/** Writes who runs. */
export async function writeRoster(file: string, entries: Entry[]): Promise<void> {
  await writeFile(file, `${JSON.stringify(entries, null, 2)}\n`);
}

/** Reads who runs; nobody where there is no such file. */
export async function readRoster(file: string): Promise<Entry[]> {
  return JSON.parse(await readFile(file, "utf8").catch(() => "[]")) as Entry[];
}

/** Removes the file. */
export async function removeRoster(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** Throws where nodes of an earlier run still run, whose base paths lie in `folder`. */
export async function mustNotRun(file: string, folder: string): Promise<void> {
  const found = [];
  for (const { pid } of await readRoster(file)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    // Another process may have the number by now.
    if (command.includes(folder)) found.push(pid);
  }
  if (found.length > 0) throw new Error(`Nodes of an earlier run still run. End them first: kill ${found.join(" ")}`);
}
