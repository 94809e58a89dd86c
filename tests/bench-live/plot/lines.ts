/** Curves over a common axis. */
import type { Curve } from "../figure.ts";
import { AREA, axes } from "./axes.ts";
import { linear, logarithmic } from "./scale.ts";
import { COLOURS, drawing, GOAL, tag, text } from "./svg.ts";

/** Beyond this span an axis that starts above 0 has equal factors and not equal steps. */
const WIDE = 50;
/** About the width of a letter in pixels. */
const LETTER = 7;

/** What is drawn. */
export interface Lines {
  title: string;
  curves: Curve[];
  /** A level to reach. */
  goal?: { value: number; words: string };
}

/** The plot. */
export function lines({ title, curves, goal }: Lines): string {
  const [first] = curves;
  if (!first) throw new Error(`There is no curve to draw for ${title}. Measure it first.`);
  const xs = curves.flatMap((curve) => curve.x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const x = (low > 0 && high / low > WIDE ? logarithmic : linear)(low, high, [AREA.left, AREA.right]);
  const y = linear(0, Math.max(...curves.flatMap((curve) => curve.y), goal?.value ?? 0), [AREA.bottom, AREA.top]);
  const drawn = curves.flatMap((curve, number) => {
    const colour = COLOURS[number % COLOURS.length]!;
    const points = curve.x.map((value, at) => `${x.at(value).toFixed(1)},${y.at(curve.y[at]!).toFixed(1)}`);
    return [
      tag("polyline", { points: points.join(" "), fill: "none", stroke: colour, "stroke-width": 2, "stroke-linejoin": "round" }),
      ...curve.x.map((value, at) => tag("circle", { cx: x.at(value), cy: y.at(curve.y[at]!), r: 2.5, fill: colour })),
    ];
  });
  return drawing(title, [
    ...axes(x, y, first.x_label, curves.every(({ y_label }) => y_label === first.y_label) ? first.y_label : first.unit),
    ...drawn,
    ...(goal
      ? [
          tag("line", { x1: AREA.left, x2: AREA.right, y1: y.at(goal.value), y2: y.at(goal.value), stroke: GOAL, "stroke-dasharray": "6 3" }),
          text(goal.words, AREA.right - 4, y.at(goal.value) - 5, { "text-anchor": "end", fill: GOAL }),
        ]
      : []),
    ...legend(curves.map(({ name }) => name)),
  ]);
}

/** The names of the curves, beside the title. */
function legend(names: string[]): string[] {
  if (names.length < 2) return [];
  let end: number = AREA.right;
  return names
    .map((name, number) => ({ name, colour: COLOURS[number % COLOURS.length]! }))
    .reverse()
    .flatMap(({ name, colour }) => {
      const start = end - name.length * LETTER;
      end = start - 34;
      return [text(name, start, 24), tag("rect", { x: start - 16, y: 15, width: 10, height: 10, fill: colour })];
    });
}
