/** Dashboard, alarms, units and the document say the same, and nothing that does not exist. Starts no node. */
import assert from "node:assert/strict";
import { access, chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { alarms, dashboard, family, metrics, operations, paragraphs, sdkMetrics, used } from "./documented.ts";
import { binary, ROOT, run } from "./stage.ts";

/** Labels that Prometheus adds, or the SDK's metrics have. */
const FOREIGN = ["instance", "job", "le", "status", "direction"];

/** Complains about what an expression uses and nobody exports. */
async function exists(where: string, expr: string): Promise<void> {
  const known = new Map((await metrics()).map(({ name, labels }) => [name, labels]));
  const sdk = await sdkMetrics();
  const found = used(expr);
  assert.ok(found.length > 0, `${where} uses no metric: ${expr}`);
  for (const { name, labels } of found) {
    if (name === "up" || sdk.includes(name) || sdk.includes(family(name))) continue;
    const own = known.get(name) ?? known.get(family(name));
    assert.ok(own, `${where} uses ${name}, which is not documented`);
    for (const label of labels) assert.ok([...own, ...FOREIGN].includes(label), `${where}: ${name} has no label ${label}`);
  }
}

test("every metric of the dashboard and of the alarms is documented, with its labels", async () => {
  for (const { title, targets = [] } of (await dashboard()).panels) for (const { expr } of targets) await exists(`the panel ${title}`, expr);
  for (const { name, expr } of await alarms()) await exists(`the alarm ${name}`, expr);
});

test("every alarm has a paragraph of the same severity, and every paragraph an alarm", async () => {
  const [rules, texts] = [await alarms(), await paragraphs()];
  const shape = ({ name, severity }: { name: string; severity: string }): string => `${name} ${severity}`;
  assert.deepEqual(rules.map(shape), texts.map(shape));
  for (const { name, runbook } of rules) assert.equal(runbook, `docs/operations.md#${name.toLowerCase()}`);
  for (const { name, text } of texts) assert.ok(text.length > 100, `${name} does not say what to do`);
});

test("the dashboard's panels have ids of their own, a place of their own, and a source that can be chosen", async () => {
  const { panels } = await dashboard();
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const [place, { gridPos: one, title, type, targets = [] }] of panels.entries()) {
    assert.ok(one.x + one.w <= 24, `${title} is too wide`);
    for (const { gridPos: other } of panels.slice(place + 1)) {
      const apart = one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y;
      assert.ok(apart, `${title} overlaps another panel`);
    }
    assert.equal(type === "row", targets.length === 0, `${title} shows nothing`);
    assert.ok(targets.every(({ datasource }) => datasource.uid === "${datasource}"));
  }
});

test("the relayer's metrics are those that its source registers", async () => {
  const source = await readFile(join(ROOT, "relayer/src/metrics.rs"), "utf8");
  const registered = [...source.matchAll(/(?:ints|floats|counters|Opts::new)\(\s*"(\w+)"/g)].map(([, name]) => `pensum_relayer_${name}`);
  const documented = (await metrics()).filter(({ section }) => section === "Relayer").map(({ name }) => name);
  assert.deepEqual(documented.sort(), registered.sort());
});

test("promtool, where it is installed, takes the settings, and the alarms ring when they should", async (t) => {
  const cwd = join(ROOT, "ops/prometheus");
  if (!(await run("promtool", ["--version"]).catch(() => undefined))) return t.skip("promtool is not installed (Debian: prometheus)");
  await run("promtool", ["check", "config", "prometheus.yml"], { cwd });
  await run("promtool", ["test", "rules", "alerts_test.yml"], { cwd });
});

/** The flags that a text names, and that are not a whole command of another program. */
const flags = (text: string): string[] => [...new Set(text.match(/--[a-z][a-z-]+/g) ?? [])];

test("every flag of units and settings is one that the program has", async () => {
  const folder = join(ROOT, "ops/systemd");
  for (const [program, roles] of [
    [binary("PENSUM_NODE"), ["validator", "solver"]],
    [binary("PENSUM_GATEWAY"), ["gateway"]],
  ] as const) {
    const help = (await run(program, ["--help"], { maxBuffer: 1 << 20 })).stdout;
    for (const role of roles) {
      const texts = [join(folder, `pensum-${role}.service`), join(folder, "env", `${role}.env`)];
      for (const text of texts) for (const flag of flags(await readFile(text, "utf8"))) assert.ok(help.includes(flag), `${text}: ${flag}`);
    }
  }
});

test("every flag that the document gives a role is one that the node has", async () => {
  const help = (await run(binary("PENSUM_NODE"), ["--help"], { maxBuffer: 1 << 20 })).stdout;
  const table = (await operations()).split("## Flags by role")[1]!.split("\n## ")[0]!;
  for (const flag of flags(table)) assert.ok(help.includes(flag), flag);
});

test("what install puts into place is complete, and systemd takes the units", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "pensum-install-"));
  try {
    const [bin, root] = [join(folder, "bin"), join(folder, "root")];
    await mkdir(bin);
    for (const program of ["pensum-node", "pensum-gateway", "pensum-relayer"]) {
      await copyFile("/bin/true", join(bin, program));
      await chmod(join(bin, program), 0o755);
    }
    const roles = ["validator", "solver", "gateway", "relayer"];
    const install = (): Promise<unknown> => run(join(ROOT, "ops/install"), ["--root", root, "--bin", bin, ...roles]);
    await install();
    for (const role of roles) await access(join(root, `etc/pensum/${role}.env`));
    assert.deepEqual((await readdir(join(root, "usr/share/pensum/models"))).sort(), ["digits.graph", "langid.graph"]);
    const edited = join(root, "etc/pensum/solver.env");
    await copyFile(join(root, "etc/pensum/relayer.env"), edited);
    await install();
    assert.equal(await readFile(edited, "utf8"), await readFile(join(root, "etc/pensum/relayer.env"), "utf8"), "settings were overwritten");
    const units = roles.map((role) => join(root, `usr/lib/systemd/system/pensum-${role}.service`));
    const version = await run("systemd-analyze", ["--version"]).catch(() => undefined);
    if (!version) return t.skip("systemd-analyze is not installed");
    for (const unit of units) {
      // 2.0 of 10: what is left is the network, which they are for, and compiled wasm.
      const judged = await run("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", unit]).catch((error: Error) => error);
      assert.ok(!(judged instanceof Error), String(judged));
      // Verified where it lies, so it must name the program that lies beside it.
      await writeFile(unit, (await readFile(unit, "utf8")).replace("=/usr/bin/", `=${root}/usr/bin/`));
      const verified = await run("systemd-analyze", ["verify", "--man=no", unit]).catch((error: Error) => error);
      assert.ok(!(verified instanceof Error), String(verified));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("install refuses a role that there is not, and a program that is missing", async () => {
  for (const [args, reason] of [
    [["--root", "/nonexistent", "nobody"], /is no role/],
    [["--root", "/nonexistent", "--bin", "/nonexistent", "solver"], /is missing. Build it/],
    [[], /No role/],
  ] as const) {
    await assert.rejects(run(join(ROOT, "ops/install"), [...args]), (error: Error & { stderr?: string }) => reason.test(error.stderr ?? ""));
  }
});
