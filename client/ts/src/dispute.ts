/** Proving that a claimed answer is wrong. */
import type { KeyringPair } from "@polkadot/keyring/types";
import type { Client } from "./connect.ts";
import { request } from "./gateway.ts";
import type { TracedClaim } from "./rpc/types.ts";
import { send, type Included, type SendOptions, type Transaction } from "./transaction.ts";
import type { Digest, Hex, TaskId } from "./units.ts";

/** All that executing one node of a graph needs, as a gateway makes it. */
export interface StepOpened {
  trace: Digest[];
  weights: Hex;
  inputs: Hex[];
}

/** Has a gateway run a claim's model on its input and give one node with all it reads. */
export async function makeStep(gateway: string, { weights, input }: Pick<TracedClaim, "weights" | "input">, node: number): Promise<StepOpened> {
  const named = "inline" in input ? { inline: input.inline } : { blob: { sha256: input.blob.digest, len: input.blob.len } };
  return request<StepOpened>(`${gateway}/v1/steps`, {
    method: "POST",
    body: JSON.stringify({ weights, input: named, node }),
    headers: { "content-type": "application/json" },
  });
}

/** The first node in which a claimed trace differs from the one that was computed here; none if they agree. */
export function firstDifference(claimed: Digest[], computed: Digest[]): number | undefined {
  // An input that nobody can read has an empty trace, from which every claimed one differs at once.
  const nodes = Math.max(claimed.length, computed.length);
  return Array.from({ length: nodes }, (_, node) => node).find((node) => claimed[node] !== computed[node]);
}

/** The call that proves with one step that a claimed trace is false. */
export function challenging(client: Client, task: TaskId, claimed: Digest[], node: number, { weights, inputs }: StepOpened): Transaction {
  return client.call("dispute", "challenge")(task, claimed, { node, weights, inputs });
}

/** Proves with one step that a claimed trace is false. The bond comes back with the proof's success. */
export async function challenge(
  client: Client,
  challenger: KeyringPair,
  task: TaskId,
  claimed: Digest[],
  node: number,
  step: StepOpened,
  options: SendOptions = {},
): Promise<Included> {
  return send(client.api, challenger, challenging(client, task, claimed, node, step), options);
}
