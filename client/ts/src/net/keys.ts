/** Keys on disk, as `scripts/keys` makes them. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Keyring } from "@polkadot/keyring";
import type { KeyringPair } from "@polkadot/keyring/types";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import type { Address } from "../units.ts";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/keys", import.meta.url));

/** The public half of a member's keys. */
export interface PublicKeys {
  /** Owns the stake. */
  account: Address;
  /** Signs a solver's answers. */
  operator: Address;
  /** What the node is called among peers. */
  peer: string;
  /** The session keys, as the chain's genesis names them. */
  session: { grandpa: string; babe: string; authority_discovery: string; hyperlane: string };
}

/** The secrets that are read back from disk. */
export type Secret = "account" | "operator";

/** Makes keys in a new folder. */
export async function makeKeys(binary: string, folder: string): Promise<PublicKeys> {
  const { stdout } = await promisify(execFile)(SCRIPT, [folder], { env: { ...process.env, PENSUM_NODE: binary } });
  return JSON.parse(stdout) as PublicKeys;
}

/** Puts the session keys of a folder into a node's keystore. */
export async function insertKeys(binary: string, folder: string, basePath: string, spec: string): Promise<void> {
  await promisify(execFile)(SCRIPT, ["--insert", folder, basePath, spec], { env: { ...process.env, PENSUM_NODE: binary } });
}

/** The public half of the keys in a folder. */
export async function readKeys(folder: string): Promise<PublicKeys> {
  return JSON.parse(await readFile(join(folder, "public.json"), "utf8")) as PublicKeys;
}

/** A secret of a folder, to sign with. */
export async function secretOf(folder: string, secret: Secret): Promise<KeyringPair> {
  return keyFromFile(join(folder, `${secret}.phrase`));
}

/** The key whose phrase or URI is in a file. */
export async function keyFromFile(file: string): Promise<KeyringPair> {
  const uri = (await readFile(file, "utf8")).trim();
  await cryptoWaitReady();
  return new Keyring({ type: "sr25519", ss58Format: 42 }).addFromUri(uri);
}
