/** What came of the demo: the table, `report.json`, and whether it is good enough. */
import { percentile, rounded } from "../../../client/ts/src/demo/figures.ts";
import { table } from "../../../client/ts/src/demo/table.ts";
import type { Journey, Leg } from "./journey.ts";

/** How much more gas a result may take than the same message to a contract that does nothing. */
const GOAL = 1.25;
/** Most gas of one result in a batch of 64. */
const BATCH_GOAL = 10_000;

/** `report.json`. Times in milliseconds; gas is null where a leg has no transaction on the EVM chain. */
export interface Report {
  /** The first question's legs, and last the median from the intent's finality to the result's processing, over all questions. */
  legs: Leg[];
  /** The label that the contract holds. */
  answer: string | null;
  expected: string;
  /** Whether every question's answer is in the contract, and is the model's. */
  delivered: boolean;
  /** Gas of the transaction that brought the result. */
  process_gas: number;
  /** Gas of the same message to a contract that does nothing. */
  bare_process_gas: number;
  /** Results under one root; gas of root and claims together, for each. */
  batch: { size: number; gas_per_result: number };
}

/** What is put together. */
export interface Findings extends Omit<Report, "legs" | "process_gas"> {
  journeys: Journey[];
}

/** Puts the report together. */
export function report({ journeys, ...found }: Findings): Report {
  const [first] = journeys as [Journey];
  const total = percentile(journeys.map(({ endToEnd }) => endToEnd), 0.5)!;
  const legs = [...first.legs, { name: `intent final to result processed, p50 of ${journeys.length}`, ms: total, gas: null }];
  return {
    legs: legs.map((leg) => ({ ...leg, ms: rounded(leg.ms) })),
    answer: found.answer,
    expected: found.expected,
    delivered: found.delivered,
    process_gas: first.legs.at(-1)!.gas ?? 0,
    bare_process_gas: found.bare_process_gas,
    batch: { size: found.batch.size, gas_per_result: Math.round(found.batch.gas_per_result) },
  };
}

/** The table and the sums, for a terminal. */
export function show({ legs, answer, expected, process_gas, bare_process_gas, batch }: Report, journeys: Journey[]): string[] {
  const columns = [{ title: "leg" }, { title: "ms", right: true }, { title: `ms, p50 of ${journeys.length}`, right: true }, { title: "gas", right: true }];
  const rows = legs.slice(0, -1).map(({ name, ms, gas }, place) => {
    const all = percentile(journeys.map((journey) => journey.legs[place]!.ms), 0.5)!;
    return [name, `${Math.round(ms)}`, `${Math.round(all)}`, gas === null ? "–" : `${gas}`];
  });
  const total = legs.at(-1)!;
  return [
    "",
    ...table(columns, rows),
    "",
    `${total.name}: ${Math.round(total.ms)} ms`,
    `the contract holds ${answer ?? "nothing"}, the model says ${expected}`,
    `gas to receive it: ${process_gas}, ${(process_gas / bare_process_gas).toFixed(3)} times the ${bare_process_gas} of a contract that does nothing (goal: ${GOAL})`,
    `gas of each of ${batch.size} results under one root, root and claims: ${batch.gas_per_result} (goal: ${BATCH_GOAL})`,
  ];
}

/** What is not good enough, one sentence each. */
export function faults({ answer, expected, delivered, process_gas, bare_process_gas, batch }: Report): string[] {
  const found: string[] = [];
  if (answer !== expected) found.push(`The contract holds ${answer ?? "nothing"} instead of ${expected}. See the logs in target/demo-bridge.`);
  if (!delivered) found.push("Not every answer is in the contract. See the relayer's log in target/demo-bridge.");
  if (process_gas > GOAL * bare_process_gas) found.push(`A result takes ${process_gas} gas, more than ${GOAL} times ${bare_process_gas}.`);
  if (batch.gas_per_result > BATCH_GOAL) found.push(`A result in a batch takes ${batch.gas_per_result} gas, more than ${BATCH_GOAL}.`);
  return found;
}
