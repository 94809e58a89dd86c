/** What the demo asks: real text in every language of the language model, and handwritten digits. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Input } from "../post.ts";

/** A question whose right answer is known. */
export interface Question {
  model: ModelName;
  /** For people. */
  shown: string;
  bytes: Uint8Array;
  expected: string;
}

/** The shipped models. */
export type ModelName = "langid" | "digits";
export const MODELS: readonly ModelName[] = ["langid", "digits"];

/** Questions posted in one transaction, all of one model. */
export interface Post {
  model: ModelName;
  questions: Question[];
  /** Whether the inputs go to the gateways and the chain gets only their digests. */
  blob: boolean;
}

type Sample = { label: string } & ({ text: string } | { tensor: number[] });

/** Texts for each language, after the first, which is a mere phrase. */
const PER_LANGUAGE = 2;
/** Digits in all. */
const DIGITS = 12;
/** Sizes of successive posts of text; after the last, from the first again. Ones are single posts. */
const SIZES = [10, 1, 1, 8, 1, 1, 1];

/** The posts of the demo, in order. */
export async function posts(models: string): Promise<Post[]> {
  const byLanguage = new Map<string, Question[]>();
  for (const question of await read(models, "langid")) {
    byLanguage.set(question.expected, [...(byLanguage.get(question.expected) ?? []), question]);
  }
  // Every language once, then every language again, so that batches mix languages.
  const rounds = Array.from({ length: PER_LANGUAGE }, (_, round) => [...byLanguage.values()].flatMap((own) => own[round + 1] ?? []));
  const digits = (await read(models, "digits")).slice(0, DIGITS);
  const [blob, ...rest] = rounds.flat();
  return [
    ...cut("langid", rest.slice(0, rest.length >> 1)),
    { model: "langid", questions: blob ? [blob] : [], blob: true },
    { model: "digits", questions: digits.slice(0, 6), blob: false },
    ...cut("langid", rest.slice(rest.length >> 1)),
    ...digits.slice(6).map((digit): Post => ({ model: "digits", questions: [digit], blob: false })),
  ];
}

/** An input as it is posted inside the transaction. */
export function inline(question: Question): Input {
  return { bytes: question.bytes };
}

function cut(model: ModelName, questions: Question[]): Post[] {
  const posts: Post[] = [];
  for (let at = 0, turn = 0; at < questions.length; turn++) {
    const size = SIZES[turn % SIZES.length]!;
    posts.push({ model, questions: questions.slice(at, at + size), blob: false });
    at += size;
  }
  return posts;
}

async function read(models: string, model: ModelName): Promise<Question[]> {
  const samples = JSON.parse(await readFile(join(models, model, "samples.json"), "utf8")) as Sample[];
  return samples.map((sample) =>
    "text" in sample
      ? { model, shown: sample.text, bytes: new TextEncoder().encode(sample.text), expected: sample.label }
      : { model, shown: strokes(sample.tensor), bytes: Uint8Array.from(sample.tensor), expected: sample.label },
  );
}

/** The image of a digit in one line: a letter of rising ink for the middle of each row. */
function strokes(pixels: number[]): string {
  const ink = " ░▒▓█";
  const rows = Array.from({ length: 8 }, (_, row) => pixels.slice(row * 8 + 2, row * 8 + 6));
  return `digit ${rows.map((row) => ink[Math.round((Math.max(...row) / 16) * 4)]).join("")}`;
}
