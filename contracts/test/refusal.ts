/** Why a contract refused. */
import assert from "node:assert/strict";
import { BaseError, decodeErrorResult, isHex, size, type Abi, type Hex } from "viem";
import { abi } from "../kit/index.ts";

/** All errors that any of the contracts declares. */
const errors: Abi = [...Object.values(abi).flat()].filter(({ type }) => type === "error");

/** A refusal: the error's name, or what a contract of Hyperlane's says instead, and its arguments. */
export interface Refusal {
  name: string;
  args: readonly unknown[];
}

/** Expects a call to be refused with this error and, where they are given, these arguments. */
export async function refused(call: Promise<unknown>, name: string, args?: readonly unknown[]): Promise<void> {
  const refusal = await refusalOf(call);
  assert.equal(refusal.name, name);
  if (args) assert.deepEqual(refusal.args, args);
}

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const failure = await call.then(
    () => assert.fail("This was not refused."),
    (error: unknown) => error,
  );
  const data = revertData(failure);
  if (data === undefined) throw failure;
  return decoded(data);
}

/** What the data of a revert says. */
export function decoded(data: Hex): Refusal {
  if (size(data) === 0) return { name: "", args: [] };
  const { errorName, args = [] } = decodeErrorResult({ abi: errors, data });
  return errorName === "Error" ? { name: String(args[0]), args: [] } : { name: errorName, args };
}

/** The innermost data that a node returned with an error. */
function revertData(failure: unknown): Hex | undefined {
  if (!(failure instanceof BaseError)) return undefined;
  let found: Hex | undefined;
  failure.walk((error) => {
    for (const value of [field(error, "raw"), field(error, "data")]) if (isHex(value)) found = value;
    return false;
  });
  return found;
}

function field(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null && name in error ? (error as Record<string, unknown>)[name] : undefined;
}
