/** Measures gas, and writes `gas.json` and the README's table anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { measure } from "../test/measure.ts";
import { withTable } from "./table.ts";

const figures = await measure();
const readme = new URL("../README.md", import.meta.url);
writeFileSync(new URL("../gas.json", import.meta.url), `${JSON.stringify(figures, undefined, 2)}\n`);
writeFileSync(readme, withTable(readFileSync(readme, "utf8"), figures));
console.table(figures);
