/** The compiled contracts in `out/`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Artifact, Artifacts } from "../scripts/artifact.ts";

/** A contract that can be deployed. */
export type ContractName =
  | "Mailbox"
  | "MerkleTreeHook"
  | "PausableHook"
  | "InterchainGasPaymaster"
  | "StorageGasOracle"
  | "NoopIsm"
  | "PausableIsm"
  | "StaticMessageIdMultisigIsmFactory"
  | "StaticMerkleRootMultisigIsmFactory"
  | "ValidatorAnnounce"
  | "TestRecipient"
  | "ERC20Test"
  | "HypERC20Collateral"
  | "ProxyAdmin"
  | "TransparentUpgradeableProxy"
  | "ResultRegistry"
  | "BatchRelay"
  | "LanguageDesk"
  | "Asker"
  | "AbiHarness"
  | "Bare"
  | "Fickle"
  | "Quiet";

const out = join(fileURLToPath(new URL("../out", import.meta.url)));
let loaded: Artifacts | undefined;

/** ABI and bytecode of a contract. */
export function artifact(name: ContractName): Artifact {
  loaded ??= { ...read("hyperlane.json"), ...read("pensum.json") };
  const found = loaded[name];
  if (!found) throw new Error(`There is no contract ${name} in contracts/out. Run npm run build in contracts/.`);
  return found;
}

function read(file: string): Artifacts {
  try {
    return JSON.parse(readFileSync(join(out, file), "utf8")) as Artifacts;
  } catch {
    throw new Error(`contracts/out/${file} is missing. Run npm ci && npm run build in contracts/.`);
  }
}
