/** The state of a chain at a block, written as a raw chain spec: what `pensum-try-upgrade` reads. */
import { writeFile } from "node:fs/promises";
import type { Client, Digest, Hex } from "../../client/ts/src/index.ts";

/** Most keys that a node gives at once. */
const PAGE = 1_000;

/** Writes the state at a block; how many entries it has. */
export async function snapshot(client: Client, at: Digest, file: string): Promise<number> {
  const top: Record<Hex, Hex> = {};
  for (let start: Hex | undefined; ; ) {
    const keys: Hex[] = await client.send("state_getKeysPaged", ["0x", PAGE, start, at]);
    const last = keys.at(-1);
    if (!last) break;
    const [{ changes }] = await client.send<[{ changes: [Hex, Hex | null][] }]>("state_queryStorageAt", [keys, at]);
    for (const [key, value] of changes) if (value !== null) top[key] = value;
    start = last;
  }
  await writeFile(file, JSON.stringify({ genesis: { raw: { top, childrenDefault: {} } } }));
  return Object.keys(top).length;
}
