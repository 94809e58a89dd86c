/** Compiles the contracts, with the compiler that npm brings. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Abi } from "viem";
import type { Artifacts } from "./artifact.ts";

/** Where imports of packages are. */
const PACKAGES = "node_modules";
/** OpenZeppelin's contracts, which Hyperlane's package brings. */
const REMAPPINGS = ["@openzeppelin/contracts/=@hyperlane-xyz/core/dependencies/@openzeppelin-contracts-4.9.3/contracts/"];
/** Hyperlane's own settings. Code is called often and deployed once. */
const SETTINGS = { evmVersion: "cancun", optimizer: { enabled: true, runs: 10_000 } };

/** The compiler: JSON in, JSON out, and what reads a file that is imported. */
interface Compiler {
  compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string;
}

/** What is read of the compiler's output. */
interface Output {
  errors?: { severity: "error" | "warning" | "info"; formattedMessage: string; sourceLocation?: { file: string } }[];
  contracts?: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>;
}

/** Compiles `files`, given from the folder `root`. Throws on errors and on warnings in them. */
export function compile(root: string, files: string[]): Artifacts {
  const solc = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [file, { content: readFileSync(join(root, file), "utf8") }])),
    settings: { ...SETTINGS, remappings: REMAPPINGS, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (path) => imported(root, path) })) as Output;
  const found = (output.errors ?? []).filter(({ severity, sourceLocation }) => {
    return severity === "error" || (severity === "warning" && files.includes(sourceLocation?.file ?? ""));
  });
  if (found.length > 0) throw new Error(found.map(({ formattedMessage }) => formattedMessage).join("\n"));
  const artifacts: Artifacts = {};
  for (const file of files) {
    for (const [name, { abi, evm }] of Object.entries(output.contracts?.[file] ?? {})) {
      artifacts[name] = { abi, bytecode: `0x${evm.bytecode.object}` };
    }
  }
  return artifacts;
}

function imported(root: string, path: string): { contents: string } | { error: string } {
  const file = join(root, PACKAGES, path);
  if (!existsSync(file)) return { error: `${path} is in no package. Run npm ci.` };
  return { contents: readFileSync(file, "utf8") };
}
