/** The gas table of the README. */

/** Gas by what it was used for, by where it was measured. */
export type Table = Record<string, Record<string, number>>;

const START = "<!-- gas: npm run gas -->";
const END = "<!-- end of gas -->";

/** The README with this table in the place of the one that it has. */
export function withTable(readme: string, figures: Table): string {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The README has no place for the table: ${START} … ${END}.`);
  return `${before}${START}\n${render(figures)}${END}${after}`;
}

function render(figures: Table): string {
  const columns = Object.keys(figures);
  const rows = Object.keys(figures[columns[0]!] ?? {});
  const lines = [
    ["gas", ...columns],
    ["---", ...columns.map(() => "---:")],
    ...rows.map((row) => [row, ...columns.map((column) => figure(figures[column]![row]!))]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function figure(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en").replaceAll(",", " ") : value.toFixed(3);
}
