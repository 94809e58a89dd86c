/** A table for a terminal, whose columns also stand straight under Chinese, Japanese and Korean text. */

/** Characters that take two columns, as terminals draw them. */
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
/** Characters that take none: combining marks and controls. */
const NARROW = /[\p{Mn}\p{Me}\p{Cc}]/u;

/** One column. */
export interface Column {
  title: string;
  /** Most columns of the terminal that it takes. */
  width?: number;
  /** Numbers stand on the right. */
  right?: boolean;
}

/** The lines of a table. */
export function table(columns: Column[], rows: string[][]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map((column, at) => cut(row[at] ?? "", column.width ?? Infinity)),
  );
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => columnsOf(row[at]!))));
  const line = (row: string[]): string =>
    row
      .map((cell, at) => {
        const space = " ".repeat(widths[at]! - columnsOf(cell));
        return columns[at]!.right ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  const [head, ...body] = cells;
  return [line(head!), widths.map((width) => "─".repeat(width)).join("  "), ...body.map(line)];
}

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let sum = 0;
  for (const character of text) sum += NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return sum;
}

function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let [kept, used] = ["", 0];
  for (const character of text) {
    const next = used + columnsOf(character);
    if (next > width - 1) break;
    kept += character;
    used = next;
  }
  return `${kept}…`;
}
