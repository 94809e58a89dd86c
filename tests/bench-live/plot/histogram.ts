/** How often each value was measured, with percentiles and the goal. */
import { percentile } from "../../../client/ts/src/demo/figures.ts";
import { AREA, axes } from "./axes.ts";
import { linear, shown } from "./scale.ts";
import { COLOURS, drawing, GOAL, INK, tag, text } from "./svg.ts";

/** Bars of a histogram, about. */
const BINS = 40;

/** What is drawn. */
export interface Histogram {
  title: string;
  samples: number[];
  unit: string;
  xLabel: string;
  /** Goals, with the share of all samples that each is for. */
  goals?: { share: number; max: number }[];
}

/** The plot. */
export function histogram({ title, samples, unit, xLabel, goals = [] }: Histogram): string {
  const most = Math.max(...samples, ...goals.map(({ max }) => max));
  const x = linear(0, most, [AREA.left, AREA.right]);
  const end = x.marks.at(-1)!;
  const counts = Array.from({ length: BINS }, () => 0);
  for (const sample of samples) counts[Math.min(BINS - 1, Math.floor((sample / end) * BINS))]! += 1;
  const y = linear(0, Math.max(...counts), [AREA.bottom, AREA.top], 1);
  const bars = counts.flatMap((count, bin) => {
    const [from, to] = [x.at((bin * end) / BINS), x.at(((bin + 1) * end) / BINS)];
    return count > 0 ? [tag("rect", { x: from + 0.5, y: y.at(count), width: to - from - 1, height: AREA.bottom - y.at(count), fill: COLOURS[0] })] : [];
  });
  const marks = [0.5, 0.95, 0.99].map((share) => ({ share, value: percentile(samples, share)! }));
  const line = (value: number, words: string, row: number, colour: string, dashes: string): string[] => {
    const late = x.at(value) > (AREA.left + AREA.right) / 2;
    const style = { fill: colour, "text-anchor": late ? "end" : "start" };
    return [
      tag("line", { x1: x.at(value), x2: x.at(value), y1: AREA.top - 8, y2: AREA.bottom, stroke: colour, "stroke-dasharray": dashes }),
      ...(words ? [text(words, x.at(value) + (late ? -5 : 5), AREA.top + 4 + row * 16, style)] : []),
    ];
  };
  return drawing(`${title} (${samples.length} samples)`, [
    ...axes(x, y, `${xLabel}, ${unit}`, "samples"),
    ...bars,
    ...marks.flatMap(({ value }) => line(value, "", 0, INK, "3 3")),
    ...goals.flatMap(({ share, max }, row) => line(max, `goal p${share * 100} ≤ ${shown(max)} ${unit}`, row, GOAL, "6 3")),
    text(`${marks.map(({ share, value }) => `p${share * 100} ${shown(Math.round(value))}`).join(", ")} ${unit}`, AREA.right, AREA.bottom + 42, { "text-anchor": "end" }),
  ]);
}
