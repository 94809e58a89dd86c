/**
 * The demo: a chain with one validator and three solvers, both shipped models, real text in every language they know.
 *
 * `--keep` leaves the chain running afterwards, for polkadot.js.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { devAccount, DevNet } from "../devnet.ts";
import { askAll } from "./ask.ts";
import { Clock } from "./clock.ts";
import { invitation } from "./invitation.ts";
import { openMarket } from "./market.ts";
import { faults, report, show } from "./report.ts";
import { posts } from "./samples.ts";
import { Screen } from "./screen.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const MODELS = join(ROOT, "inference/models");
const OUT = join(ROOT, "target/demo");
/** What a chain that is left running is given: the port that every client tries first, and web pages may use it. */
const KEPT = { rpcPort: 9944, args: ["--rpc-cors", "all"] };
/** The account that asks. */
const REQUESTER = "//Ferdie";
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
  const binary = process.env.PENSUM_NODE;
  if (!binary) throw new Error("PENSUM_NODE does not name the node's binary. Start the demo with scripts/demo.");
  const screen = new Screen(process.stdout);
  const net = await DevNet.create({ binary, logs: OUT });
  net.endOnSignal((signal) => {
    screen.done();
    screen.say(`${signal}: ending everything`);
  });
  try {
    const market = await openMarket(net, MODELS, screen, values.keep ? KEPT : {});
    const clock = await Clock.open(market);
    const results = await askAll(market, devAccount(REQUESTER), await posts(MODELS), screen);
    await clock.close();
    const summary = report(market, results, clock);
    await mkdir(OUT, { recursive: true });
    await writeFile(join(OUT, "report.json"), `${JSON.stringify(summary, null, 2)}\n`);
    screen.print(show(summary));
    const found = faults(summary, market.models);
    screen.print(found.length ? ["", ...found] : ["", "Everything as promised. The figures are in target/demo/report.json."]);
    if (values.keep) {
      screen.print(invitation(market));
      await Promise.race([market.validator, ...market.solvers].map(({ node }) => node.exited));
      throw new Error("A node ended by itself. The logs in target/demo say why.");
    }
    return found.length ? 1 : 0;
  } finally {
    await net.stop();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
// Whatever a broken connection may have left behind must not keep the demo from ending.
process.exit();
