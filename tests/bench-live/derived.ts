/** Figures that follow from the counted storage and weights of `pensum-bench-weights`. */
import { readFile } from "node:fs/promises";
import { beside, rounded, type Figure, type Part } from "./figure.ts";

/** Picoseconds in a microsecond. */
const MICROSECOND = 1_000_000;
/** Sizes of batches that are told. */
const SIZES = [1, 64, 256] as const;

interface Total {
  counts: { reads: number; writes: number };
  weight: number;
}

/** The part of that program's report that is used here. */
interface Weights {
  transfer: Total;
  budget: { plan: { tasks: number }; total: Total }[];
}

/** Reads the report. */
export async function derived(file: string): Promise<Part> {
  const { transfer, budget } = JSON.parse(await readFile(file, "utf8")) as Weights;
  const command = "scripts/bench --only weights";
  const figures = SIZES.flatMap((size): Figure[] => {
    const life = budget.find(({ plan }) => plan.tasks === size);
    if (!life) return [];
    const { counts, weight } = life.total;
    const beyond = (what: "reads" | "writes"): number => counts[what] / size - transfer.counts[what];
    const peer = { name: "one transfer, same count", value: rounded(transfer.weight / MICROSECOND) };
    return [
      beside({ name: `weight-per-task-batch-${size}`, value: rounded(weight / size / MICROSECOND), unit: "µs", note: "whole life, as blocks are charged", command }, peer),
      { name: `reads-beyond-transfer-batch-${size}`, value: rounded(beyond("reads")), unit: "reads", goal: { max: 6 }, command },
      { name: `writes-beyond-transfer-batch-${size}`, value: rounded(beyond("writes")), unit: "writes", goal: { max: 6 }, command },
    ];
  });
  return { figures, curves: [] };
}
