/** Which plots are drawn of what was measured. */
import type { Curve, Figure, Part } from "./figure.ts";
import { bars } from "./plot/bars.ts";
import { histogram } from "./plot/histogram.ts";
import { lines } from "./plot/lines.ts";

/** A plot by the name of its file. */
export type Plots = { [file: string]: string };

/** Everything that can be drawn of these parts. */
export function plots(parts: ReadonlyMap<string, Part>): Plots {
  const figures = new Map([...parts.values()].flatMap((part) => part.figures).map((figure) => [figure.name, figure]));
  const curves = [...parts.values()].flatMap((part) => part.curves);
  return {
    ...distribution("finality.svg", "From import to finality, four validators", "import to finality", figures.get("import-to-finality-p50"), [
      { share: 0.5, max: 300 },
      { share: 0.99, max: 600 },
    ]),
    ...distribution("pool.svg", "From a block's import to its answer in the pool", "import to pool", figures.get("import-to-pool-p50"), [{ share: 0.95, max: 500 }]),
    ...distribution("latency.svg", "From signing a post to the proven, final answer", "signing to answer", figures.get("signing-to-final-answer-p50"), [
      { share: 0.5, max: 3_000 },
    ]),
    ...overTime("throughput.svg", "One transaction each: what blocks include", curves, ["included-per-block-transfers", "included-per-block-single"], 1_000),
    ...overTime("throughput-batched.svg", "Batches of 256: what blocks include", curves, ["included-per-block-batched"], 10_000),
    ...loads(parts.get("load")?.curves ?? []),
    ...imports(parts.get("import")?.figures ?? []),
  };
}

function distribution(file: string, title: string, xLabel: string, figure: Figure | undefined, goals: { share: number; max: number }[]): Plots {
  if (!figure?.samples?.length) return {};
  return { [file]: histogram({ title, samples: figure.samples, unit: figure.unit, xLabel, goals }) };
}

function overTime(file: string, title: string, curves: Curve[], names: string[], goal: number): Plots {
  const drawn = names.flatMap((name) => curves.find((curve) => curve.name === name) ?? []);
  if (drawn.length === 0) return {};
  const short = drawn.map((curve) => ({ ...curve, name: curve.name.replace("included-per-block-", "") }));
  return { [file]: lines({ title, curves: short, goal: { value: goal, words: `goal: ${goal} tasks a second` } }) };
}

/** Curves of the same unit over the same axis share a plot. */
function loads(curves: Curve[]): Plots {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    const key = `${curve.unit} ${curve.x_label}`;
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  const short = (curve: Curve): Curve => ({ ...curve, name: curve.name.replace(/^load-|-time$/g, "") });
  return Object.fromEntries(
    [...groups.values()].map((group, number) => [`load-${number + 1}.svg`, lines({ title: `Under load, ${group[0]!.unit}`, curves: group.map(short) })]),
  );
}

/** What one transfer, or one task, takes to import. */
function imports(figures: Figure[]): Plots {
  const each = figures.filter(({ name, unit }) => unit === "µs" && name.endsWith("import-time"));
  if (each.length === 0) return {};
  return { "import.svg": bars("Block import in the wasm executor", each.map((figure) => ({ ...figure, name: figure.name.replace(/-import-time$/, "") }))) };
}
