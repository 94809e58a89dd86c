/** One question on its way: from the Solidity contract to Pensum, through the market, and back, with the time of each leg. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { abi, dispatchedIn, settled, type Evm } from "../../../contracts/kit/index.ts";
import { eventsOf, field, Watch, type Client, type EventRecord, type Hex, type TaskId } from "../../../client/ts/src/index.ts";
import type { EvmChain } from "../evm.ts";
import type { Stage } from "../stage.ts";
import { until } from "../waiting.ts";

/** Pause between two looks, in milliseconds: the least that can be told apart. */
const PAUSE = 15;
/** How long a leg may take, in milliseconds. */
const PATIENCE = 60_000;

/** A leg: what happened at its end, how long it took, and the gas of its transaction on the EVM chain, if it has one. */
export interface Leg {
  name: string;
  ms: number;
  gas: number | null;
}

/** A question that was answered. */
export interface Journey {
  request: Hex;
  task: TaskId;
  legs: Leg[];
  /** From when the intent was final on the EVM chain to when its result was processed there. */
  endToEnd: number;
}

/** Where questions are asked and by whom. */
export interface Desk {
  address: Hex;
  /** Who asks and pays. */
  asker: Evm;
  /** Most that an answer may cost, and what goes along to Pensum for it. */
  maxReward: bigint;
  deposit: bigint;
}

/** Asks, and follows the question until its answer is in the contract. */
export async function travel({ client }: Stage, chain: EvmChain, desk: Desk, text: string): Promise<Journey> {
  const watch = await Watch.open(client);
  try {
    return await follow(client, watch, chain, desk, text);
  } finally {
    await watch.close();
  }
}

async function follow(client: Client, watch: Watch, chain: EvmChain, desk: Desk, text: string): Promise<Journey> {
  const legs: Leg[] = [];
  let last = performance.now();
  const leg = (name: string, gas: bigint | null = null): void => {
    const now = performance.now();
    legs.push({ name, ms: now - last, gas: gas === null ? null : Number(gas) });
    last = now;
  };

  const asked = await ask(desk, text);
  const intent = asked.messages.at(-1)!;
  leg("intent dispatched on the EVM chain", asked.gas);
  await looked("the intent's block final", async () => (await chain.evm.getBlock({ blockTag: "finalized" })).number >= asked.block);
  leg("final on the EVM chain");
  const final = last;
  const [validator] = chain.validators;
  const file = join(validator!.dir, `${intent.index}_with_id.json`);
  await looked("a checkpoint of the EVM chain", async () => access(file).then(() => true, () => false));
  leg("checkpoint signed by the EVM chain's validator");
  const arrived = async (): Promise<number | null> => client.rpc.bridgeDelivered(intent.id, await head(client));
  const block = await until("the intent on Pensum", arrived, PATIENCE, PAUSE);
  leg("processed on Pensum");
  const task = await taskIn(client, block, intent.id);
  await watch.settled(task);
  leg("task answered, verified and paid");
  const result = await until("the result", async () => resultOf(client, intent.id), PATIENCE, PAUSE);
  leg("result dispatched on Pensum");
  await looked("a checkpoint of Pensum", async () => isSigned(client, result));
  leg("final, and checkpoint signed by Pensum's validator");
  await looked("the result on the EVM chain", async () => chain.delivered(result));
  const receipt = await chain.receiptOf(result);
  leg("processed on the EVM chain", receipt.gasUsed);
  return { request: intent.id, task, legs, endToEnd: last - final };
}

/** Sends deposit and intent in one transaction of the asker's. */
export async function ask({ address, asker, maxReward, deposit }: Desk, text: string) {
  const input: Hex = `0x${Buffer.from(text).toString("hex")}`;
  const contract = { address, abi: abi.languageDeskAbi } as const;
  const args = [input, { maxReward, deposit, deadline: 60, delivery: 0 }] as const;
  const [value] = await asker.readContract({ ...contract, functionName: "quoteAsk", args });
  const receipt = await settled(asker, asker.writeContract({ ...contract, functionName: "ask", args, value }));
  return { messages: dispatchedIn(receipt), block: receipt.blockNumber, gas: receipt.gasUsed };
}

async function looked(what: string, look: () => Promise<boolean>): Promise<void> {
  await until(what, look, PATIENCE, PAUSE);
}

async function head({ api }: Client): Promise<Hex> {
  return (await api.rpc.chain.getBlockHash()).toHex();
}

/** The task that an intent became in a block. */
async function taskIn({ api }: Client, block: number, request: Hex): Promise<TaskId> {
  const at = await api.at(await api.rpc.chain.getBlockHash(block));
  const records = (await at.query.system!.events!()) as unknown as EventRecord[];
  const own = records.map(({ event }) => event).filter((event) => event.section === "taskBridge" && namesRequest(event, request));
  const [taken] = eventsOf(own, "taskBridge", "IntentTaken");
  if (taken) return Number(field(taken, "task"));
  const [refused] = eventsOf(own, "taskBridge", "IntentRefused");
  throw new Error(`Pensum refused the intent: ${refused ? field(refused, "refusal") : "it left no event"}. See the relayer's log.`);
}

function namesRequest(event: EventRecord["event"], request: Hex): boolean {
  return (event.data.names?.includes("request") ?? false) && field(event, "request") === request;
}

async function resultOf(client: Client, request: Hex): Promise<Hex | null> {
  const state = await client.rpc.bridgeRequest(request, await head(client));
  return state?.state === "sent" ? state.message : null;
}

async function isSigned(client: Client, message: Hex): Promise<boolean> {
  const { count } = await client.rpc.bridgeInfo();
  for (const { id, index } of await client.rpc.bridgeMessages(Math.max(0, count - 16), 16)) {
    if (id !== message) continue;
    const checkpoint = await client.rpc.bridgeCheckpoint(index);
    return (checkpoint?.signatures.length ?? 0) > 0;
  }
  return false;
}
