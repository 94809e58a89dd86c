/** SVG as text. Middle tones on no background, so that a plot reads on white and on black. */

/** Size of a plot in pixels. */
export const [WIDTH, HEIGHT] = [760, 380] as const;
/** Text, lines of the grid, and what a goal is drawn in. */
export const [INK, GRID, GOAL] = ["#7d8590", "#7d859044", "#e5534b"] as const;
/** Colours of series, in order. */
export const COLOURS = ["#4184e4", "#c69026", "#57ab5a", "#b083f0", "#cc6b2c", "#39a3a3"] as const;

type Attributes = { [name: string]: string | number };

/** An element. */
export function tag(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === "number" ? trimmed(value) : escaped(value)}"`);
  const open = `<${name}${written.join("")}`;
  return children.length > 0 ? `${open}>${children.join("")}</${name}>` : `${open}/>`;
}

/** A text at a place. */
export function text(words: string, x: number, y: number, more: Attributes = {}): string {
  return tag("text", { x, y, fill: INK, ...more }, escaped(words));
}

/** The whole plot under its title. */
export function drawing(title: string, body: string[], height: number = HEIGHT): string {
  const frame = { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, "font-family": "sans-serif", "font-size": 12 };
  const heading = text(title, 16, 24, { "font-size": 15, "font-weight": "bold" });
  return `${tag("svg", { ...frame, role: "img" }, tag("title", {}, escaped(title)), heading, ...body)}\n`;
}

function escaped(words: string): string {
  return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function trimmed(value: number): string {
  return `${Number(value.toFixed(2))}`;
}
