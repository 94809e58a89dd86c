/** What a measurement gives: figures with goals and peers, and curves. The Rust half of the benchmarks writes the same shape. */
import { percentile } from "../../client/ts/src/demo/figures.ts";

/** At most, or at least, so much. */
export type Goal = { max: number } | { min: number };

/** One measured number. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal?: Goal;
  /** What it is compared with. */
  peer?: string;
  peer_value?: number;
  /** `value / peer_value`. */
  ratio?: number;
  /** Where the peer's value is from; nothing where it was measured in the same run. */
  source?: string;
  /** The single measurements, where the value is a percentile of them. */
  samples?: number[];
  /** How it was measured, or what bounds it. */
  note?: string;
  /** What measures it again. */
  command: string;
}

/** Values over something. */
export interface Curve {
  name: string;
  unit: string;
  x: number[];
  y: number[];
  x_label: string;
  y_label: string;
}

/** What one stage measured. */
export interface Part {
  figures: Figure[];
  curves: Curve[];
  /** Where. Nothing where it does not matter. */
  machine?: Machine;
}

/** The machine of a measurement. */
export interface Machine {
  cores: number;
  cpu: string;
  /** Processes that wanted to run when it began, on average over a minute: figures of a machine that does other work are too low. */
  load: number;
}

/** Something to compare with. */
export interface Peer {
  name: string;
  value: number;
  source?: string;
}

/** A figure compared with a peer in the same unit. */
export function beside(figure: Figure, { name, value, source }: Peer): Figure {
  return { ...figure, peer: name, peer_value: value, ratio: rounded(figure.value / value), ...(source && { source }) };
}

/** A percentile of samples as a figure. */
export function ranked(name: string, samples: number[], share: number, rest: Omit<Figure, "name" | "value" | "samples">): Figure {
  const value = percentile(samples, share);
  if (value === null) throw new Error(`Nothing was measured for ${name}. See the logs of the nodes.`);
  return { name, value: rounded(value), ...rest, samples: samples.map(rounded) };
}

/** The middle of some values; 0 for none. */
export function median(values: number[]): number {
  return percentile(values, 0.5) ?? 0;
}

/** Whether the goal is met; nothing where there is none. */
export function met({ value, goal }: Pick<Figure, "value" | "goal">): boolean | null {
  if (!goal) return null;
  return "max" in goal ? value <= goal.max : value >= goal.min;
}

/** Four significant digits, and no fewer than the whole number has: more is noise. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}
