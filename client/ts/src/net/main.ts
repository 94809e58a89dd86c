/** `make net`: four validators, two solvers and a bootnode for light clients, each with keys of its own, until Ctrl-C. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { headsOf, untilFinal } from "./heads.ts";
import { openMarket } from "./market.ts";
import { Net } from "./net.ts";
import { overview, progress } from "./overview.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const MODELS = join(ROOT, "inference/models");
/** Where presets are kept between networks. */
const PRESETS = join(ROOT, "target/presets");
/** Exit codes of a program that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const USAGE = `scripts/net [--free-ports] [--fresh] [--for SECONDS] [--folder DIR]
  --free-ports   take ports that are free instead of the usual ones
  --fresh        forget the chain and the keys of an earlier run
  --for SECONDS  end by itself after so long; exit code 1 where no block became final in that time
  --folder DIR   where the network lives: target/net`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      "free-ports": { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      for: { type: "string" },
      folder: { type: "string", default: join(ROOT, "target/net") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0)) throw new Error(`--for takes a number of seconds, not ${values.for}.\n${USAGE}`);
  const binary = process.env.PENSUM_NODE;
  if (!binary) throw new Error("PENSUM_NODE does not name the node's binary. Start the network with scripts/net.");
  const folder = resolve(process.env.INIT_CWD ?? ".", values.folder);
  await mkdir(folder, { recursive: true });

  const net = await Net.open({ binary, folder, models: MODELS, presets: PRESETS, freePorts: values["free-ports"], fresh: values.fresh });
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      console.log(`\n${signal}: ending every node; the chain in ${folder} goes on with the next run`);
      void net.stop().finally(() => process.exit(code));
    });
  }
  try {
    console.log(net.continues ? `The chain in ${folder} goes on.` : `New keys and a new chain in ${folder}.`);
    await net.start();
    const before = await headsOf(net.first.node);
    const since = await untilFinal(net.first.node, before.final + 1);
    console.log(overview(net, folder, await openMarket(net, MODELS)).join("\n"));
    console.log("The network runs. Ctrl-C ends it.");
    // Without --for, until a node ends or a signal comes.
    const over = seconds === undefined ? [] : [sleep(seconds * 1000)];
    const broken = await Promise.race([net.broken(), ...over]);
    if (broken) throw new Error(`${broken} ended by itself. Its log ${folder}/logs/${broken}.log says why.`);
    const after = await headsOf(net.first.node);
    if (after.final <= since.final) throw new Error(`No block became final in ${seconds} s. See the logs in ${folder}/logs.`);
    console.log((await progress(net)).join("\n"));
    console.log(`${after.final - since.final} blocks became final.`);
    return 0;
  } finally {
    await net.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`net: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
// Whatever a broken connection may have left behind must not keep the command from ending.
process.exit();
