/** Every test, file and constant that docs/security.md names exists. */
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SKIPPED = new Set(["node_modules", "target", "out", "cache", ".git"]);

/** The sources below a folder, or a file's own, by path. */
async function sources(path: string): Promise<string> {
  const whole = join(ROOT, path);
  if ((await stat(whole)).isFile()) return readFile(whole, "utf8");
  const parts: string[] = [];
  for (const entry of await readdir(whole, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory() || /\.(rs|ts)$/.test(entry.name)) parts.push(await sources(join(path, entry.name)));
  }
  return parts.join("\n");
}

const known = new Map<string, Promise<string>>();
function read(path: string): Promise<string> {
  const text = known.get(path) ?? sources(path);
  known.set(path, text);
  return text;
}

/** What a text has in backticks: not across lines of a table, but across lines of a paragraph. */
async function quoted(file: string): Promise<string[]> {
  const text = await readFile(join(ROOT, file), "utf8");
  return [...text.matchAll(/`([^`]+)`/g)].map(([, found]) => found!.replace(/\s+/g, " "));
}

/** Whether a source has a test of this name: a Rust function with `#[test]` or in a property test, or a title of Node's runner. */
function has(source: string, name: string): boolean {
  if (/^[a-z0-9_]+$/.test(name)) return new RegExp(`fn ${name}\\s*\\(`).test(source);
  return source.includes(`test("${name}`) || source.includes(`test(\`${name}`);
}

for (const file of ["docs/security.md", "SECURITY.md"]) {
  test(`what ${file} names exists`, async () => {
    const missing: string[] = [];
    let tests = 0;
    for (const reference of await quoted(file)) {
      const named = /^([\w.-]+(?:\/[\w.-]+)*): (.+)$/.exec(reference);
      const constant = /^([\w./-]+)#(\w+)$/.exec(reference);
      const path = /^(?:docs|tests|scripts|pallets|runtime|node|inference|bridge|contracts|client|relayer)\/[\w./-]+$/.exec(reference);
      const where = named?.[1] ?? constant?.[1] ?? path?.[0];
      if (!where) continue;
      const source = await read(where).catch(() => undefined);
      if (source === undefined) missing.push(`${reference}: there is no ${where}`);
      else if (named) {
        tests += 1;
        if (!has(source, named[2]!)) missing.push(`${reference}: no such test`);
      } else if (constant && !new RegExp(`\\b${constant[2]}\\b`).test(source)) missing.push(`${reference}: no such word`);
    }
    assert.deepEqual(missing, []);
    if (file.startsWith("docs/")) assert.ok(tests > 100, `${tests} tests are named`);
  });
}

test("a test that does not exist is noticed", async () => {
  const source = await read("pallets/auction");
  assert.ok(has(source, "a_copied_commitment_cannot_be_revealed"));
  assert.ok(!has(source, "a_copied_commitment"));
  assert.ok(!has(source, "A title that nobody gave"));
});
