/** What is posted: every matching with every verification that goes with it, in an order that the seed fixes. */
import { MICRO, type Matching, type Verification } from "../../client/ts/src/index.ts";
import type { Random } from "./random.ts";
import type { Model, ModelName, Truth } from "./truths.ts";

/** Most that a task may cost where one solver answers. */
export const CAP = 100n * MICRO;
/** Most that a task may cost where a panel does: two rounds of seven members must fit. */
const PANEL_CAP = 600n * MICRO;
/** The least window there is. */
const WINDOW = 10;
/** Blocks to the deadline; a quorum needs them for two rounds of silent members. */
const [SOON, LATER] = [60, 200] as const;
/** The part of the cycles in which somebody watches claims with a window. */
const WATCHED = 2 / 3;

/** A post to come. */
export interface Post {
  /** Matching and verification, as the report names them. */
  kind: string;
  model: Model;
  truths: Truth[];
  matching: Matching;
  verification: Verification;
  maxReward: bigint;
  /** Blocks from posting to the deadline. */
  patience: number;
  /** Whether the honest watcher looks at its claims. */
  watched: boolean;
  /** Whether a party other than the honest requesters posts it, for ends of its own. */
  own?: string;
}

/** A kind of post: how it is matched and verified, how many tasks, how often in a cycle. */
interface Kind {
  matching: "book" | "dutch" | "sealed";
  verification: "replay-now" | "replay-window" | "quorum-exact" | "quorum-label" | "requester";
  model: ModelName;
  tasks: number;
  times: number;
}

const KINDS: readonly Kind[] = [
  { matching: "book", verification: "replay-now", model: "langid", tasks: 64, times: 1 },
  { matching: "book", verification: "replay-now", model: "digits", tasks: 40, times: 1 },
  { matching: "dutch", verification: "replay-now", model: "langid", tasks: 10, times: 2 },
  { matching: "sealed", verification: "replay-now", model: "langid", tasks: 10, times: 2 },
  { matching: "book", verification: "replay-window", model: "langid", tasks: 8, times: 2 },
  { matching: "dutch", verification: "replay-window", model: "langid", tasks: 6, times: 1 },
  { matching: "sealed", verification: "replay-window", model: "digits", tasks: 6, times: 1 },
  { matching: "book", verification: "quorum-exact", model: "langid", tasks: 8, times: 2 },
  { matching: "book", verification: "quorum-label", model: "langid", tasks: 8, times: 1 },
  { matching: "book", verification: "requester", model: "digits", tasks: 1, times: 2 },
  { matching: "dutch", verification: "requester", model: "digits", tasks: 1, times: 1 },
  { matching: "sealed", verification: "requester", model: "digits", tasks: 1, times: 1 },
];

/** Tasks of one cycle of the plan. */
const CYCLE = KINDS.reduce((sum, { tasks, times }) => sum + tasks * times, 0);

/** Posts with at least so many tasks in all. */
export function plan(tasks: number, models: { [name in ModelName]: Model }, random: Random): Post[] {
  const cycles = Math.max(1, Math.ceil(tasks / CYCLE));
  const scale = Math.min(1, tasks / CYCLE);
  const posts: Post[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const kinds = KINDS.flatMap((kind) => Array<Kind>(kind.times).fill(kind));
    const watched = cycle < Math.ceil(cycles * WATCHED);
    for (const kind of random.shuffled(kinds)) posts.push(posting(kind, scale, watched, models[kind.model], random));
  }
  // An appeal takes longer than all else: what may be appealed against comes first.
  const slow = ({ verification }: Post): boolean => "requester" in verification;
  const half = Math.ceil(posts.length / 2);
  const late = posts.slice(half).filter(slow);
  const early = random.shuffled([...posts.slice(0, half), ...late]);
  return [...early, ...posts.slice(half).filter((post) => !slow(post))];
}

function posting(kind: Kind, scale: number, watched: boolean, model: Model, random: Random): Post {
  const count = Math.max(1, Math.ceil(kind.tasks * scale));
  const panel = kind.verification.startsWith("quorum");
  return {
    kind: `${kind.matching} × ${kind.verification}`,
    model,
    truths: Array.from({ length: count }, () => random.pick(model.truths)),
    matching: matching(kind.matching),
    verification: verification(kind.verification, random),
    maxReward: panel ? PANEL_CAP : CAP,
    patience: panel ? LATER : SOON,
    watched,
  };
}

function matching(name: Kind["matching"]): Matching {
  if (name === "dutch") return { dutch: { start: "0", end: CAP.toString(), blocks: 10 } };
  if (name === "sealed") return { sealed: { reserve: CAP.toString(), commit: 4, reveal: 4 } };
  return "book";
}

function verification(name: Kind["verification"], random: Random): Verification {
  if (name === "replay-now") return { replay: { window: 0 } };
  if (name === "replay-window") return { replay: { window: WINDOW } };
  if (name === "requester") return { requester: { window: WINDOW } };
  const [solvers, threshold] = random.pick([[5, 3], [5, 4], [7, 4]] as const);
  return { quorum: { solvers, threshold, rule: name === "quorum-exact" ? "exact" : "label" } };
}
