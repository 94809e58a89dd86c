import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withTable, type Table } from "../scripts/table.ts";

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");

test("the README's example is the one that is compiled and tested", () => {
  const [, example] = read("src/examples/Asker.sol").split(/^pragma .*\n\n/m);
  assert.ok(read("README.md").includes(`\`\`\`solidity\n${example}\`\`\``));
});

test("the README's gas table is gas.json", () => {
  const readme = read("README.md");
  assert.equal(withTable(readme, JSON.parse(read("gas.json")) as Table), readme);
});

test("the lock file says for every package what it must be, and names no host", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, { integrity?: string; resolved?: string }> };
  for (const [name, { integrity, resolved }] of Object.entries(packages)) {
    if (name === "") continue;
    assert.match(integrity ?? "", /^sha512-/, name);
    assert.equal(resolved, undefined, name);
  }
});
