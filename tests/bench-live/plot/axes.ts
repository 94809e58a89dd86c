/** The axes of a plot, with their labels and units. */
import { shown, type Scale } from "./scale.ts";
import { GRID, HEIGHT, INK, tag, text, WIDTH } from "./svg.ts";

/** The area in which values are drawn. */
export const AREA = { left: 80, right: WIDTH - 24, top: 48, bottom: HEIGHT - 56 } as const;

/** Both axes. */
export function axes(x: Scale, y: Scale, xLabel: string, yLabel: string): string[] {
  const { left, right, top, bottom } = AREA;
  return [
    ...y.marks.flatMap((value) => [
      tag("line", { x1: left, x2: right, y1: y.at(value), y2: y.at(value), stroke: GRID }),
      text(shown(value), left - 8, y.at(value) + 4, { "text-anchor": "end" }),
    ]),
    ...x.marks.flatMap((value) => [
      tag("line", { x1: x.at(value), x2: x.at(value), y1: bottom, y2: bottom + 5, stroke: INK }),
      text(shown(value), x.at(value), bottom + 20, { "text-anchor": "middle" }),
    ]),
    tag("line", { x1: left, x2: right, y1: bottom, y2: bottom, stroke: INK }),
    text(xLabel, (left + right) / 2, bottom + 42, { "text-anchor": "middle" }),
    text(yLabel, 18, (top + bottom) / 2, { "text-anchor": "middle", transform: `rotate(-90 18 ${(top + bottom) / 2})` }),
  ];
}
