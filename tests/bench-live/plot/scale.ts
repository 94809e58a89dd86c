/** From values to pixels, and where the marks of an axis stand. */

/** An axis. */
export interface Scale {
  /** The pixel of a value. */
  at: (value: number) => number;
  /** Values that are marked. */
  marks: number[];
}

/** Equal steps from `low` to at least `high`, of `least` or more. */
export function linear(low: number, high: number, [from, to]: readonly [number, number], least = 0): Scale {
  const step = Math.max(least, niceStep((high - low) / 6 || 1));
  const [first, last] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  const marks = Array.from({ length: Math.round((last - first) / step) + 1 }, (_, number) => first + number * step);
  return { at: (value) => from + ((value - first) / (last - first || 1)) * (to - from), marks };
}

/** Equal factors: the marks are powers of ten, and the highest value. All values must be above 0. */
export function logarithmic(low: number, high: number, [from, to]: readonly [number, number]): Scale {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(first + 1, Math.log10(high));
  const powers = Array.from({ length: Math.floor(last) - first + 1 }, (_, number) => 10 ** (first + number));
  // A power that is too near to the end would be written over.
  const marks = [...powers.filter((mark) => mark * 1.5 < 10 ** last), 10 ** last];
  return { at: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from), marks };
}

/** A number of an axis for people. */
export function shown(value: number): string {
  if (Math.abs(value) >= 10_000) return `${Math.round(value)}`.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${Number(value.toPrecision(4))}`;
}

/** The next 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}
