/**
 * The demo of the bridge: a Solidity contract on an EVM chain buys the language of a text from Pensum and pays with an ERC-20.
 *
 * `--keep` leaves everything running afterwards; `--repeats` says how often the way there and back is timed.
 */
import { readFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { abi, deploy, settled } from "../../contracts/kit/index.ts";
import { dispatch, fromEvm, readMessage, showAmount } from "../../client/ts/src/index.ts";
import { Screen } from "../../client/ts/src/demo/screen.ts";
import { batch } from "./demo/batch.ts";
import { travel, type Desk, type Journey } from "./demo/journey.ts";
import { faults, report, show } from "./demo/report.ts";
import { DOLLAR, type EvmChain } from "./evm.ts";
import { account, MODELS, PRICE, SENDER, type Model } from "./people.ts";
import { Stage } from "./stage.ts";

const OUT = fileURLToPath(new URL("../../target/demo-bridge/", import.meta.url));
/** Results under one root. */
const BATCH = 64;
/** What a chain that is left running is given: the port that every client tries first, and web pages may use it. */
const KEPT = { rpcPort: 9944, args: ["--rpc-cors", "all"] };
/** Most that one answer may cost, and what goes along for it. The rest of the deposit stays in the contract's account. */
const MAX_REWARD = DOLLAR / 1_000n;
const DEPOSIT = DOLLAR / 10n;
/** Places where the tests' own accounts of the EVM node begin. */
const ASKER = 1;

type Sample = { label: string; text: string };

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { keep: { type: "boolean", default: false }, repeats: { type: "string", default: "5" } } });
  const screen = new Screen(process.stdout);
  const stage = await Stage.open({ name: "demo", logs: OUT, solvers: 1, ...(values.keep ? KEPT : {}) });
  stage.endOnSignal((signal) => screen.say(`${signal}: ending everything`));
  try {
    screen.say(`Pensum makes blocks (${stage.members[0]!.node.url}, domain ${stage.domain})`);
    const chain = await stage.connect();
    screen.say(`EVM chain ${chain.domain} makes blocks (${chain.anvil.url}); Hyperlane, token, warp route and registry are deployed`);
    screen.say("both sides believe each other's validators; the EVM chain's validator signs");
    const relayer = await stage.relay("Relayer", { evm: { max_in_flight: 64 }, pensum: { max_in_flight: 64 } });
    screen.say(`a relayer carries messages (${relayer.http}/status)`);
    const model = await stage.market();
    screen.say(`a solver offers the model ${model.file.name} for ${showAmount(PRICE)}`);
    const desk = await openDesk(chain, model);
    screen.say(`LanguageDesk ${desk.address} takes questions; ${desk.asker.account.address} has test dollars to pay for them`);

    const samples = await texts(Number(values.repeats));
    const journeys: Journey[] = [];
    const answers: (string | null)[] = [];
    for (const { text } of samples) {
      const journey = await travel(stage, chain, desk, text);
      journeys.push(journey);
      answers.push(await answerIn(chain, desk, model, journey));
      screen.say(`"${text}" is ${answers.at(-1)}: task ${journey.task}, ${Math.round(journey.endToEnd)} ms from final intent to processed result`);
    }
    const bare = await bareGas(stage, chain, journeys[0]!);
    await relayer.stop();
    const inward = await stage.relay("Inward", { evm: { max_in_flight: 64, from_pensum: false }, pensum: { max_in_flight: 64 } });
    screen.say(`asking ${BATCH} questions at once, to be answered under one root that anybody brings`);
    const size = await batch(stage, chain, model, BATCH, 10n * DOLLAR);
    await inward.stop();
    await relayer.restart();

    const found = {
      journeys,
      answer: answers[0] ?? null,
      expected: samples[0]!.label,
      delivered: answers.every((answer, place) => answer === samples[place]!.label),
      bare_process_gas: bare,
      batch: size,
    };
    const summary = report(found);
    await mkdir(OUT, { recursive: true });
    await writeFile(join(OUT, "report.json"), `${JSON.stringify(summary, null, 2)}\n`);
    screen.print(show(summary, journeys));
    const wrong = faults(summary);
    screen.print(wrong.length ? ["", ...wrong] : ["", "Everything as promised. The figures are in target/demo-bridge/report.json."]);
    if (values.keep) {
      screen.print(["", "Everything goes on. Ctrl-C ends it.", "", `  Pensum   ${stage.members[0]!.node.url}`, `  EVM      ${chain.anvil.url}`, `  relayer  ${relayer.http}/status`]);
      await stage.members[0]!.node.exited;
      throw new Error("Pensum's node ended by itself. Its log in target/demo-bridge says why.");
    }
    return wrong.length ? 1 : 0;
  } finally {
    await stage.stop();
  }
}

/** A text in each of so many languages: the second one that is there, since the first is a mere phrase. */
async function texts(count: number): Promise<Sample[]> {
  const all = JSON.parse(await readFile(join(MODELS, "langid/samples.json"), "utf8")) as Sample[];
  const second = new Map<string, Sample>();
  const seen = new Set<string>();
  for (const sample of all) {
    if (seen.has(sample.label) && !second.has(sample.label)) second.set(sample.label, sample);
    seen.add(sample.label);
  }
  return [...second.values()].slice(0, count);
}

/** Deploys the example, and gives somebody the token and lets the example take it. */
async function openDesk(chain: EvmChain, model: Model): Promise<Desk> {
  const address = await chain.desk(model.id);
  const asker = chain.as(ASKER);
  const token = { address: chain.token, abi: abi.erc20TestAbi } as const;
  await settled(chain.evm, chain.evm.writeContract({ ...token, functionName: "transfer", args: [asker.account.address, 100n * DOLLAR] }));
  await settled(asker, asker.writeContract({ ...token, functionName: "approve", args: [address, 100n * DOLLAR] }));
  return { address, asker, maxReward: MAX_REWARD, deposit: DEPOSIT };
}

/** The label that the contract holds for a question. */
async function answerIn(chain: EvmChain, desk: Desk, model: Model, { request }: Journey): Promise<string | null> {
  const contract = { address: desk.address, abi: abi.languageDeskAbi } as const;
  const [asker, state, label] = await chain.evm.readContract({ ...contract, functionName: "questions", args: [request] });
  const answered = asker === desk.asker.account.address && state === 2;
  return answered ? (model.labels[label] ?? null) : null;
}

/** What the same message takes to a contract that does nothing, brought by the same relayer. */
async function bareGas(stage: Stage, chain: EvmChain, { request }: Journey): Promise<number> {
  const state = await stage.client.rpc.bridgeRequest(request);
  if (state?.state !== "sent") throw new Error("The first question's result is not known any more.");
  const messages = await stage.client.rpc.bridgeMessages(0, 256);
  const { body } = readMessage(messages.find(({ id }) => id === state.message)!.message);
  const recipient = fromEvm(await deploy(chain.evm, "Bare", abi.bareAbi, ["0x0000000000000000000000000000000000000000"]));
  const { id } = await dispatch(stage.client, account(SENDER), { destination: chain.domain, recipient, body });
  await chain.processed(id);
  return Number((await chain.receiptOf(id)).gasUsed);
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(`demo-bridge: ${error instanceof Error ? error.message : String(error)}`);
  return 1;
});
// Whatever a broken connection may have left behind must not keep the demo from ending.
process.exit();
