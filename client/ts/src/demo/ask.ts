/** Posting the demo's tasks and following each to its proven end. */
import type { KeyringPair } from "@polkadot/keyring/types";
import { setTimeout as sleep } from "node:timers/promises";
import { putBlob } from "../gateway.ts";
import { blocksFromNow, post, type Input, type Posted } from "../post.ts";
import { variant } from "../terms.ts";
import type { RecordView } from "../rpc/types.ts";
import { MICRO, type TaskId } from "../units.ts";
import { Watch } from "../watch.ts";
import type { Market, Model } from "./market.ts";
import { inline, type Post, type Question } from "./samples.ts";
import type { Screen } from "./screen.ts";

/** Most that one task may cost. */
const MAX_REWARD = 100n * MICRO;
/** Blocks until an answer is of no more use. */
const WITHIN = 60;
/** Milliseconds between two posts, as if they came from different people. */
const PAUSE = 350;

/** A task that has ended, with all that is told of it. */
export interface Result {
  id: TaskId;
  question: Question;
  /** The label that was answered; nothing for a refund. */
  answer: string | null;
  view: RecordView;
  /** `Agreed`, or why it was refunded. */
  verdict: string;
  /** The task's share of inclusion fee and prepaid answering. */
  fee: bigint;
  /** Blocks from the one with the post to the one with the answer. */
  blocks: number;
  /** Milliseconds from signing the post to having checked the final answer's record. */
  totalMs: number;
}

/** Posts everything and waits for every task. */
export async function askAll(market: Market, requester: KeyringPair, all: Post[], screen: Screen): Promise<Result[]> {
  const { client } = market.validator;
  const watch = await Watch.open(client, requester.address);
  try {
    let nonce = (await client.api.rpc.system.accountNextIndex(requester.address)).toNumber();
    const [count, results] = [all.reduce((sum, { questions }) => sum + questions.length, 0), [] as Result[]];
    const asked: Promise<void>[] = [];
    const failures: unknown[] = [];
    for (const one of all) {
      const inputs = await inputsOf(one, market);
      asked.push(
        ask(market, watch, requester, one, inputs, nonce++, screen, (result) => {
          results.push(result);
          screen.progress(`${results.length} of ${count} tasks answered, proven and final`);
        }).catch((error: unknown) => {
          failures.push(error);
          screen.say(`a post of ${one.questions.length} ${one.model} failed: ${String(error)}`);
        }),
      );
      await sleep(PAUSE);
      if (failures.length) break;
    }
    await Promise.all(asked);
    screen.done();
    if (failures.length) throw failures[0];
    return results.sort((a, b) => a.id - b.id);
  } finally {
    await watch.close();
  }
}

async function ask(
  market: Market,
  watch: Watch,
  requester: KeyringPair,
  { model: name, questions, blob }: Post,
  inputs: Input[],
  nonce: number,
  screen: Screen,
  tell: (result: Result) => void,
): Promise<void> {
  const { client } = market.validator;
  const model = market.models[name];
  const terms = { model: model.id, maxReward: MAX_REWARD, deadline: await blocksFromNow(client, WITHIN) };
  const signedAt = performance.now();
  const posted = await post(client, requester, terms, inputs, { nonce });
  const holders = posted.parts.map(({ solver, tasks }) => `${nameOf(market, solver)} ${tasks}`).join(", ");
  screen.say(`block ${posted.number}: posted ${questions.length} ${name}${blob ? " as a blob" : ""}, taken by ${holders}`);
  await Promise.all(
    posted.tasks.map(async (id, place) => {
      const view = await watch.proven(id);
      tell(result(id, questions[place]!, model, view, posted, performance.now() - signedAt));
    }),
  );
}

function result(id: TaskId, question: Question, model: Model, view: RecordView, posted: Posted, totalMs: number): Result {
  const { outcome, block } = view.record;
  const answered = outcome === "answered";
  return {
    id,
    question,
    answer: answered ? labelOf(model, view) : null,
    view,
    verdict: answered ? "Agreed" : variant(outcome.refunded),
    fee: (posted.fee + posted.prepaid) / BigInt(posted.tasks.length),
    blocks: block - posted.number,
    totalMs,
  };
}

/** The label that an answer names: its number as a little-endian `i32`. */
function labelOf({ labels }: Model, { output }: RecordView): string {
  const number = Buffer.from(output.slice(2), "hex").readInt32LE();
  return labels[number] ?? `label ${number}?`;
}

/** Inputs as they are posted; a blob is put into every solver's store first. */
async function inputsOf({ questions, blob }: Post, { solvers }: Market): Promise<Input[]> {
  if (!blob) return questions.map(inline);
  return Promise.all(
    questions.map(async ({ bytes }) => {
      const [stored] = await Promise.all(solvers.map(({ gateway }) => putBlob(gateway, bytes)));
      return { blob: { sha256: stored!.sha256, len: bytes.length } };
    }),
  );
}

/** A solver's name in the demo. */
export function nameOf({ solvers }: Market, stash: string): string {
  return solvers.find((solver) => solver.stash === stash)?.name ?? stash;
}
