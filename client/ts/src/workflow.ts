/** Workflows: several tasks on one budget, of which some read what others answered. */
import { u8aToHex } from "@polkadot/util";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "./connect.ts";
import { scaleInput, type Input } from "./post.ts";
import type { Matching, Verification } from "./rpc/types.ts";
import { scaleMatching, scaleVerification } from "./terms.ts";
import { eventsOf, field, send, type Included, type SendOptions } from "./transaction.ts";
import type { AssetId, Hex, ModelId } from "./units.ts";

/** One step: a task still to be posted. Steps are named by their place, and name earlier ones only. */
export interface Step {
  model: ModelId;
  /** What it reads: something given, or the answer of an earlier step. */
  source: Input | { output: number };
  /** With which answers of an earlier step it runs; with any other it is skipped. */
  condition?: { step: number; accepted: Hex[] };
  /** Most that the task may cost, in the smallest unit of the workflow's asset. */
  maxReward: bigint;
  /** Blocks from its posting to its deadline. */
  patience: number;
  matching?: Matching;
  verification?: Verification;
  minReputation?: number;
  allowFlagged?: boolean;
}

/** A workflow in a block. */
export interface Running extends Included {
  id: number;
}

/** How to run a workflow. */
export interface RunOptions extends SendOptions {
  /** The listed asset that pays for all steps, and that the budget is in; PEN by default. */
  asset?: AssetId | null;
}

/** Runs a workflow: holds the budget, and leaves the rest to the chain. */
export async function runWorkflow(
  client: Client,
  requester: KeyringPair,
  steps: Step[],
  budget: bigint,
  { asset = null, ...options }: RunOptions = {},
): Promise<Running> {
  const included = await send(client.api, requester, client.call("workflow", "run")(steps.map(scaleStep), budget, asset), options);
  const [started] = eventsOf(included.events, "workflow", "WorkflowStarted");
  if (!started) throw new Error("The workflow left no event. Look at its block in an explorer.");
  return { ...included, id: Number(field(started, "workflow")) };
}

function scaleStep(step: Step): unknown {
  const { model, source, condition, maxReward, patience, minReputation = 0, allowFlagged = false } = step;
  return {
    model,
    source: "output" in source ? { Output: source.output } : { Given: scaleInput(source) },
    condition: condition ?? null,
    maxReward,
    patience,
    matching: scaleMatching(step.matching ?? "book"),
    verification: scaleVerification(step.verification ?? { replay: { window: 0 } }),
    minReputation,
    allowFlagged,
  };
}

/** The answer of a classifier that names this label: its number, little endian. */
export function labelAnswer(label: number): Hex {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, label, true);
  return u8aToHex(bytes);
}
