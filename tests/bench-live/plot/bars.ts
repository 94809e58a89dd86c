/** Bars that lie, one for each figure: as many as there are. */
import type { Figure } from "../figure.ts";
import { shown } from "./scale.ts";
import { COLOURS, drawing, INK, tag, text, WIDTH } from "./svg.ts";

/** Height of a bar with its gap, and where bars begin. */
const [ROW, LEFT, TOP] = [26, 270, 44] as const;
/** What is left for the value behind the longest bar. */
const RIGHT = 130;

/** The plot: figures of one unit. */
export function bars(title: string, figures: Figure[]): string {
  const most = Math.max(...figures.map(({ value }) => value)) || 1;
  const body = figures.flatMap(({ name, value, unit }, number) => {
    const [y, width] = [TOP + number * ROW, (value / most) * (WIDTH - LEFT - RIGHT)];
    return [
      text(name, LEFT - 10, y + 14, { "text-anchor": "end" }),
      tag("rect", { x: LEFT, y: y + 2, width: Math.max(1, width), height: ROW - 8, fill: COLOURS[0] }),
      text(`${shown(value)} ${unit}`, LEFT + width + 8, y + 14),
    ];
  });
  const height = TOP + figures.length * ROW + 16;
  return drawing(title, [...body, tag("line", { x1: LEFT, x2: LEFT, y1: TOP, y2: height - 16, stroke: INK })], height);
}
