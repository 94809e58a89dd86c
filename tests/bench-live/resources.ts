/** Memory and disk of nodes, as the kernel counts them. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { NodeProcess } from "../../client/ts/src/index.ts";

/** Milliseconds between two looks at the memory. */
const PERIOD = 1_000;
/** Files that ParityDB empties and fills again, however little it keeps. */
const JOURNAL = /^log\d+$/;

/** Resident memory in MiB. */
export async function memory({ pid }: NodeProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const found = /^VmRSS:\s+(\d+) kB/m.exec(status);
  if (!found) throw new Error("The kernel tells nothing of the node's memory. Run this on Linux.");
  return Number(found[1]) / 1024;
}

/** Watches the memory of nodes; the function that is returned ends it and gives the most that each had. */
export function watchMemory(nodes: NodeProcess[]): () => number[] {
  const most = nodes.map(() => 0);
  const look = (): void => {
    for (const [at, node] of nodes.entries()) {
      void memory(node).then(
        (now) => (most[at] = Math.max(most[at]!, now)),
        () => undefined,
      );
    }
  };
  look();
  const timer = setInterval(look, PERIOD);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** Bytes on disk of a node's database, without the journal. */
export async function databaseBytes({ options }: NodeProcess): Promise<number> {
  const files = await readdir(options.basePath, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile() && !JOURNAL.test(file.name))
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).blocks * 512);
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}
