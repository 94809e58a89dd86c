/** Adds the parts up: `report.json`, a table, plots; with `--publish` also the page under `docs/benchmarks`. */
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../../client/ts/src/demo/table.ts";
import { derived } from "./derived.ts";
import { met, type Figure, type Part } from "./figure.ts";
import { plots } from "./plots.ts";

/** In which order parts are told. Others follow. */
const ORDER = ["import", "load", "weights", "throughput", "latency", "spam"];
/** What stands around the table of the page. */
const [BEGIN, END] = ["<!-- figures: written by scripts/bench --publish -->", "<!-- end of figures -->"] as const;

const { values } = parseArgs({ options: { out: { type: "string" }, publish: { type: "string" } } });
const { out, publish } = values;
if (!out) {
  console.error("bench: --out is missing. Run scripts/bench.");
  process.exit(2);
}

const parts = await read(out);
const figures = [...parts.values()].flatMap((part) => part.figures);
const drawn = plots(parts);
await writeFile(join(out, "report.json"), `${JSON.stringify(figures.map(entry), null, 1)}\n`);
for (const [file, svg] of Object.entries(drawn)) await writeFile(join(out, file), svg);
console.log(["", ...onScreen(figures), ""].join("\n"));
if (publish) await publishes(out, publish, Object.keys(drawn), figures, where(parts));
const missed = figures.filter((figure) => met(figure) === false);
console.log(`${figures.length} figures, ${figures.filter((figure) => met(figure)).length} goals met, ${missed.length} missed; ${join(out, "report.json")}`);

async function read(folder: string): Promise<Map<string, Part>> {
  const files = (await readdir(join(folder, "parts"))).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  const place = (name: string): number => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  const found = new Map<string, Part>();
  for (const name of files.sort((a, b) => place(a) - place(b) || a.localeCompare(b))) {
    const file = join(folder, "parts", `${name}.json`);
    const part = name === "weights" ? await derived(file) : (JSON.parse(await readFile(file, "utf8")) as Part);
    found.set(name, { ...part, curves: part.curves ?? [] });
  }
  return found;
}

/** A figure as `report.json` has it: the same keys in every entry, and null where there is nothing. */
function entry(figure: Figure): object {
  const { name, value, unit, goal = null, peer = null, peer_value = null, ratio = null, source = null, note = null, samples, command } = figure;
  return { name, value, unit, goal, peer, peer_value, ratio, met: met(figure), source, samples: samples?.length ?? null, note, command };
}

function onScreen(all: Figure[]): string[] {
  const right = (title: string): { title: string; right: true } => ({ title, right: true });
  const columns = [{ title: "figure" }, right("value"), { title: "unit" }, { title: "goal" }, { title: "" }, { title: "peer", width: 44 }, right("peer's"), right("ratio")];
  return table(columns, all.map((figure) => [...cells(figure)]));
}

function cells(figure: Figure): string[] {
  const { name, value, unit, peer, peer_value, ratio } = figure;
  const verdict = met(figure);
  return [name, `${value}`, unit, goalOf(figure), verdict === null ? "" : verdict ? "met" : "MISSED", peer ?? "", peer_value === undefined ? "" : `${peer_value}`, ratio === undefined ? "" : `${ratio}`];
}

function goalOf({ goal }: Figure): string {
  if (!goal) return "";
  return "max" in goal ? `≤ ${goal.max}` : `≥ ${goal.min}`;
}

/** On what machines it was measured, in words. */
function where(all: ReadonlyMap<string, Part>): string[] {
  return [...all].flatMap(([name, { machine }]) => (machine ? [`\`${name}\` was measured on ${machine.cores} cores of ${machine.cpu}, load ${machine.load} at the start.`] : []));
}

async function publishes(from: string, folder: string, svgs: string[], all: Figure[], machines: string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ["report.json", ...svgs]) await copyFile(join(from, file), join(folder, file));
  const page = join(folder, "README.md");
  const old = await readFile(page, "utf8");
  const [before, rest] = [old.split(BEGIN)[0], old.split(END)[1]];
  if (before === undefined || rest === undefined) throw new Error(`${page} has not both marks ${BEGIN} and ${END}. Put them around the table.`);
  const rows = all.map((figure) => `| ${[...cells(figure), figure.note ?? ""].map(cell).join(" | ")} |`);
  const head = ["| figure | value | unit | goal | | peer | peer's value | ratio | note |", "|---|---:|---|---|---|---|---:|---:|---|"];
  await writeFile(page, [`${before}${BEGIN}`, "", ...machines, "", ...head, ...rows, "", `${END}${rest}`].join("\n"));
}

function cell(words: string): string {
  return words.replace(/\|/g, "\\|").replace(/\n/g, " ");
}
