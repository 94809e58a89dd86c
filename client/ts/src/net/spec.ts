/** The network's chain spec: the preset `local` with validators of its own, raw, so that every node starts from the same bytes. */
import { execFile } from "node:child_process";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PEN } from "../units.ts";
import type { PublicKeys } from "./keys.ts";

/** Most bytes of a chain spec. */
const MAX_SPEC = 64 * 1024 * 1024;
/** What each validator bonds. */
const VALIDATOR_BOND = 10_000n * PEN;
/** What a validator and a solver own beside that. */
const ENDOWMENT = 1_000n * PEN;
/** Most validators: more than there are, so that whoever bonds enough gets a place and displaces nobody. */
const VALIDATOR_COUNT = 8;

/** The parts of a plain spec that are changed here. */
interface PlainSpec {
  name: string;
  id: string;
  protocolId: string;
  bootNodes: string[];
  genesis: {
    runtimeGenesis: {
      patch: {
        balances: { balances: [account: string, amount: number][] };
        session: { keys: [account: string, validator: string, keys: PublicKeys["session"]][] };
        staking: { validatorCount: number; stakers: [account: string, bond: number, role: "Validator"][] };
      };
    };
  };
}

/** What genesis is made from. */
export interface Founders {
  validators: PublicKeys[];
  solvers: PublicKeys[];
}

/** Where a spec goes. */
export interface SpecFiles {
  /** What the raw one is made from. */
  plain: string;
  raw: string;
  /** Folder in which the preset is kept for the next network of the same binary: to ask for it takes some ten seconds of a processor. */
  presets?: string | undefined;
}

/** Writes the chain spec. */
export async function writeSpec(binary: string, { validators, solvers }: Founders, { plain, raw, presets }: SpecFiles): Promise<void> {
  const spec = parse<PlainSpec>(await preset(binary, presets));
  Object.assign(spec, { name: "Pensum Net", id: "pensum_net", protocolId: "pensum_net" });
  const { balances, session, staking } = spec.genesis.runtimeGenesis.patch;
  session.keys = validators.map(({ account, session: keys }) => [account, account, keys]);
  staking.stakers = validators.map(({ account }) => [account, Number(VALIDATOR_BOND), "Validator"]);
  staking.validatorCount = VALIDATOR_COUNT;
  balances.balances.push(
    ...validators.map(({ account }): [string, number] => [account, Number(VALIDATOR_BOND + ENDOWMENT)]),
    ...solvers.map(({ account }): [string, number] => [account, Number(ENDOWMENT)]),
  );
  await writeFile(plain, `${JSON.stringify(spec, null, 2)}\n`);
  await writeFile(raw, await exported(binary, ["--chain", plain, "--raw"]));
}

/**
 * The spec for light clients: the same chain, and where to find it. It keeps the genesis state, from which a light client takes the first
 * authorities: a checkpoint instead of it would need a node that offers one.
 */
export async function writeLightSpec(spec: string, bootNodes: string[], file: string): Promise<void> {
  const light = { ...(JSON.parse(await readFile(spec, "utf8")) as object), bootNodes };
  await writeFile(file, JSON.stringify(light));
}

async function preset(binary: string, folder: string | undefined): Promise<string> {
  if (!folder) return exported(binary, ["--chain", "local"]);
  // Another build is another binary to the file system too.
  const { mtimeMs, size, ino } = await stat(binary);
  const file = join(folder, `local-${ino}-${size}-${Math.floor(mtimeMs)}.json`);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return kept;
  const made = await exported(binary, ["--chain", "local"]);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, made);
  await rename(`${file}.${process.pid}`, file);
  return made;
}

async function exported(binary: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, ["export-chain-spec", ...args], { maxBuffer: MAX_SPEC });
  return stdout;
}

/** Parses JSON, and throws where a number has more digits than JavaScript can keep. */
function parse<T>(text: string): T {
  for (const [digits] of text.matchAll(/\b\d{16,}\b/g)) {
    if (BigInt(digits) !== BigInt(Number(digits))) {
      throw new Error(`The chain spec has the amount ${digits}, which JavaScript cannot keep to the last digit. Round it in the preset.`);
    }
  }
  return JSON.parse(text) as T;
}
