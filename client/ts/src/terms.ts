/** How matching and verification, as the RPC shows them, go into transactions and records. */
import { stringToHex } from "@polkadot/util";
import type { Matching, Rule, Verification } from "./rpc/types.ts";

/** A SCALE enum's variant with its fields. */
type Variant = { [name: string]: unknown };

/** `nobody_left` → `NobodyLeft`. */
export function variant(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Matching as a transaction carries it. */
export function scaleMatching(matching: Matching): Variant {
  if (matching === "book") return { Book: null };
  return "dutch" in matching ? { Dutch: matching.dutch } : { Sealed: matching.sealed };
}

/** Verification as a transaction and a record carry it. */
export function scaleVerification(verification: Verification): Variant {
  if ("replay" in verification) return { Replay: verification.replay };
  if ("requester" in verification) return { Requester: verification.requester };
  return { Quorum: { ...verification.quorum, rule: scaleRule(verification.quorum.rule) } };
}

function scaleRule(rule: Rule): Variant {
  if (typeof rule === "string") return { [variant(rule)]: null };
  return "numeric" in rule ? { Numeric: rule.numeric } : { JsonField: { pointer: stringToHex(rule.json_field.pointer) } };
}
