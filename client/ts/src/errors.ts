/** What the chain refuses, as a fact and a remedy. The words are the chain's own: they come from its metadata. */
import type { ApiPromise } from "@polkadot/api";
import type { DispatchError } from "@polkadot/types/interfaces";

/** Something the chain refused. */
export class ChainError extends Error {
  override name = "ChainError";

  constructor(
    /** The pallet, or where else the refusal comes from: `client`, `pool`, `rpc`, `token`, `arithmetic`. */
    readonly section: string,
    /** The error's name, for programs. */
    readonly code: string,
    /** What is the case. */
    readonly fact: string,
    /** What to do. */
    readonly remedy: string,
  ) {
    super(`${section}.${code}: ${[fact, remedy].filter(Boolean).join(" ")}`);
  }
}

/** A dispatch error with the words of the metadata. */
export function dispatchError(api: ApiPromise, error: DispatchError): ChainError {
  if (error.isModule) {
    const { section, name, docs } = api.registry.findMetaError(error.asModule);
    return new ChainError(section, name, ...factAndRemedy(docs.join(" ")));
  }
  for (const [section, detail] of [
    ["token", error.isToken ? error.asToken.type : undefined],
    ["arithmetic", error.isArithmetic ? error.asArithmetic.type : undefined],
    ["transactional", error.isTransactional ? error.asTransactional.type : undefined],
  ] as const) {
    if (detail) return new ChainError(section, detail, `The transaction failed with ${section}.${detail}.`, "Check balances and amounts.");
  }
  const remedy = error.isBadOrigin ? "Sign with an account that may do this." : "Look at the transaction in a block explorer.";
  return new ChainError("system", error.type, `The transaction failed with ${error.type}.`, remedy);
}

/** Why the pool refuses an operator's transaction: the numbers of `pensum_primitives::operator::Refusal`. */
export const REFUSALS: readonly (readonly [code: string, fact: string, remedy: string])[] = [
  ["BadSignature", "The signature does not fit the operator key and the content.", "Sign with the key that `operator` names."],
  ["UnknownOperator", "No solver uses this operator key.", "Set it with `solver_staking.set_operator`."],
  ["TaskNotOpen", "The task is not open: settled, refunded, or never posted.", "Look at `task_status`."],
  ["NotYours", "The task is assigned to another solver.", "Answer only what `solver_status` lists as yours."],
  ["TooLate", "The assignment has run out.", "The task went to the next solver or was refunded."],
  ["WrongLength", "The output is not as long as the model's output.", "See the length in `model_info`."],
  ["Malformed", "The sheet is empty, not in ascending order of task, or names a task twice.", "Sort the answers by task."],
  ["BlobMismatch", "The input blob is missing from the answer, or is not the one posted.", "Send the bytes that the task names by digest."],
  ["TooManySheets", "The solver handed in too many unfinished sheets for this batch.", "Answer all that is left of it in one sheet."],
  ["TraceMismatch", "The answer's trace is missing, not wanted, or does not end in its output.", "Bring one digest for each node of the model."],
  ["AuctionNotOpen", "No auction of this kind is open for the batch, or not in this phase.", "Look at `task_status`."],
  ["NotEligible", "The solver cannot take the batch.", "See offers, stake, capacity and jail in `solver_status`."],
  ["PriceTooLow", "The price now is below the one that was asked for.", "Wait until it has risen."],
  ["AlreadyBid", "The solver has a bid in this auction already.", "One bid for each round."],
  ["CommitmentMismatch", "What is revealed is not what was committed.", "Reveal the same content and salt, in the same round."],
  ["NoSeat", "The solver has no seat on a panel for this batch in this round and phase.", "See `task_status`."],
  ["AlreadyDone", "The solver has committed, or revealed, already.", "Nothing needs to be done."],
  ["NoAudit", "No audit of this task waits for this solver.", "Nothing needs to be done."],
  ["AboveReserve", "The bid asks for more than the reserve.", "Commit only to bids up to it: see `task_status`."],
  ["AuctionFull", "The auction has as many bids as it takes, of solvers at least as reputed.", "Wait for another one."],
];

/** What the node's own methods refuse: their JSON-RPC codes from 7001 on. The words come with the error. */
export const RPC_CODES = [
  "UnknownTask",
  "UnknownModel",
  "UnknownSolver",
  "NoRecord",
  "StillOpen",
  "TooMany",
  "Malformed",
  "Chain",
  "DamagedIndex",
  "CannotRun",
  "NoClaim",
  "UnknownWorkflow",
  "NoDelegation",
  "NoWorth",
  "UnknownBlock",
  "LostMessage",
  "MissingLeaves",
  "DamagedMessages",
  "Busy",
  "TooManySubscribers",
] as const;
const FIRST_RPC_CODE = 7001;

/** An error of an RPC call: a refusal by pool or node gets its name, anything else stays what it is. */
export function rpcError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const own = "code" in error && typeof error.code === "number" ? RPC_CODES[error.code - FIRST_RPC_CODE] : undefined;
  if (own) return new ChainError("rpc", own, ...factAndRemedy(error.message.replace(/^\d+: /, "")));
  const custom = /Custom error: (\d+)/.exec(error.message);
  const refusal = custom && REFUSALS[Number(custom[1]) - 1];
  if (refusal) return new ChainError("pool", ...refusal);
  if (/Inability to pay|balance too low/i.test(error.message)) {
    return new ChainError("pool", "Payment", "The account cannot pay the transaction's fee.", "Add funds.");
  }
  return error;
}

/** Splits `/// Fact. Remedy.` after the first sentence. */
export function factAndRemedy(docs: string): [fact: string, remedy: string] {
  const words = docs.replace(/\s+/g, " ").trim();
  const end = /[.!] (?=[A-Z])/.exec(words);
  return end ? [words.slice(0, end.index + 1), words.slice(end.index + 2)] : [words, ""];
}
