/** `make scenarios`: runs them, shows the tables, writes the report. Exit code 1 where something is not as it must be. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DevNet } from "../../client/ts/src/index.ts";
import { lines, shortcomings } from "./report.ts";
import { run } from "./run.ts";

const TARGET = fileURLToPath(new URL("../../target/scenarios", import.meta.url));

const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    pace: { type: "string", default: "1" },
    report: { type: "string", default: join(TARGET, "report.json") },
  },
});
const [tasks, seed, pace] = [values.tasks, values.seed, values.pace].map(Number) as [number, number, number];
const binary = process.env.PENSUM_NODE;
if (![tasks, seed, pace].every((number) => Number.isSafeInteger(number) && number > 0)) {
  console.error("--tasks, --seed and --pace are whole numbers above 0. Correct them.");
  process.exit(2);
}
if (!binary) {
  console.error("PENSUM_NODE does not name the node's binary. Run scripts/scenarios.");
  process.exit(2);
}

const net = await DevNet.create({ binary, logs: join(TARGET, "logs") });
net.endOnSignal((signal) => console.error(`${signal}: ending the node`));
try {
  const result = await run(net, { tasks, seed, pace, say: (line) => console.log(line) });
  await mkdir(dirname(values.report), { recursive: true });
  await writeFile(values.report, `${JSON.stringify(result, null, 2)}\n`);
  console.log(["", ...lines(result), "", `report: ${values.report}`].join("\n"));
  const wrong = shortcomings(result, tasks);
  wrong.forEach((line) => console.error(`scenarios: ${line}`));
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  await net.stop();
}
