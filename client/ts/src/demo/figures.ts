/** The few statistics that the demo needs. */

/** The smallest value that `share` of all values do not exceed; nothing for no values. */
export function percentile(values: number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** How probable it is that of `n` tries, each right with probability `p`, at most `right` are right. */
export function atMost(right: number, n: number, p: number): number {
  if (p >= 1) return right < n ? 0 : 1;
  let [term, sum] = [(1 - p) ** n, 0];
  for (let k = 0; k <= right; k++) {
    sum += term;
    term *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return Math.min(1, sum);
}

/** A number for the report: a thousandth is more than the clock is worth. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
