/** Runs the live stages, one network after another, and writes what each measured for `report.ts` to add up. */
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DevNet } from "../../client/ts/src/index.ts";
import { rounded, type Machine, type Part } from "./figure.ts";
import { latency } from "./latency.ts";
import { spam } from "./spam.ts";
import type { Setting } from "./stage.ts";
import { throughput } from "./throughput.ts";

/** The stages, and the preset each runs on. */
const STAGES: { readonly [name: string]: { run: (setting: Setting) => Promise<Part>; chain: "dev" | "local" } } = {
  throughput: { run: throughput, chain: "dev" },
  latency: { run: latency, chain: "local" },
  spam: { run: spam, chain: "dev" },
};

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false }, out: { type: "string" } },
  allowPositionals: true,
});
const [binary, { out }] = [process.env.PENSUM_NODE, values];
const unknown = positionals.filter((name) => !STAGES[name]);
if (!binary || !out || unknown.length > 0) {
  console.error(`bench: ${unknown.length > 0 ? `there is no stage ${unknown.join(", ")}` : "PENSUM_NODE or --out is missing"}. Run scripts/bench.`);
  process.exit(2);
}

/** A machine with more work than this for each of its cores is busy with something else. */
const BUSY = 0.7;

for (const name of positionals) {
  const machine: Machine = { cores: availableParallelism(), cpu: cpus()[0]?.model ?? "unknown", load: rounded(loadavg()[0]!) };
  if (machine.load > BUSY * machine.cores) {
    console.error(`bench: this machine is busy (load ${machine.load} on ${machine.cores} cores); ${name} will be worse than it is. Let it rest, and run it again.`);
  }
  const { run, chain } = STAGES[name]!;
  const net = await DevNet.create({ binary, chain, logs: join(out, "logs", name), specs: join(out, "specs") });
  net.endOnSignal((signal) => console.error(`${signal}: ending the nodes`));
  const start = Date.now();
  const say = (line: string): void => console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}: ${line}`);
  try {
    const part = await run({ net, quick: values.quick, say, command: `scripts/bench --only ${name}` });
    await mkdir(join(out, "parts"), { recursive: true });
    await writeFile(join(out, "parts", `${name}.json`), `${JSON.stringify({ ...part, machine }, null, 1)}\n`);
  } catch (error) {
    // The other stages are worth measuring all the same.
    console.error(`bench: ${name} failed: ${error instanceof Error ? error.message : String(error)} The nodes' logs are in ${join(out, "logs", name)}.`);
    process.exitCode = 1;
  } finally {
    await net.stop();
  }
}
// Whatever a broken connection may have left behind must not keep the benchmarks from ending.
process.exit();
