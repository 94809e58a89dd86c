/** What the upgrade is tried on: four validators and a solver on the code that was released last, with a genesis that code made itself. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { u8aToHex, type Hex } from "../../client/ts/src/index.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where logs, chain specs and snapshots go. */
export const WORK = join(ROOT, "target/upgrade");
/** The code that was released last. */
export const RELEASED = join(ROOT, "chain-specs/releases/1/runtime.wasm");
/** Most bytes of a chain spec. */
const MAX_SPEC = 64 * 1024 * 1024;

interface PlainSpec {
  genesis: { runtimeGenesis: { code: Hex; patch: { hyperlane?: { ismDelay?: number } } } };
}

/** A tool that was built. */
export function tool(variable: string): string {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} does not name a binary. Run scripts/upgrade.`);
  return path;
}

/** The code that this tree's node brings. */
export async function newCode(): Promise<Hex> {
  return (await plainSpec()).genesis.runtimeGenesis.code;
}

/** The raw chain spec of four validators on the released code; its path. */
export async function releasedSpec(): Promise<string> {
  await mkdir(WORK, { recursive: true });
  const spec = await plainSpec();
  spec.genesis.runtimeGenesis.code = u8aToHex(await readFile(RELEASED));
  // What the released code does not know.
  delete spec.genesis.runtimeGenesis.patch.hyperlane?.ismDelay;
  const [plain, raw] = [join(WORK, "plain.json"), join(WORK, "raw.json")];
  await writeFile(plain, JSON.stringify(spec));
  await writeFile(raw, await exported(["--chain", plain, "--raw"]));
  return raw;
}

async function plainSpec(): Promise<PlainSpec> {
  return JSON.parse(await exported(["--chain", "local"])) as PlainSpec;
}

async function exported(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(tool("PENSUM_NODE"), ["export-chain-spec", ...args], { maxBuffer: MAX_SPEC });
  return stdout;
}
