/** The project's RPC methods as `polkadot-js` wants them declared, so that `api.rpc.task.status` works too. */
import type { DefinitionRpc } from "@polkadot/types/types";

/** The subscription's three names: of its events, to begin and to end it. */
export const subscription = { event: "task_event", subscribe: "task_subscribe", unsubscribe: "task_unsubscribe" } as const;

type Parameter = DefinitionRpc["params"][number];
type Definitions = { [section: string]: { [method: string]: DefinitionRpc } };

const TASK: Parameter = { name: "task", type: "u64" };
const MODEL: Parameter = { name: "model", type: "H256" };
const DOMAIN: Parameter = { name: "domain", type: "u32" };
const INDEX: Parameter = { name: "index", type: "u32" };
const MESSAGE: Parameter = { name: "message", type: "H256" };

function optional(name: string, type: string): Parameter {
  return { name, type, isOptional: true };
}

function method(description: string, ...params: Parameter[]): DefinitionRpc {
  return { description, params, type: "Json" };
}

/** The declarations, for `ApiPromise.create({ rpc })`. */
export function definitions(): Definitions {
  const limit = optional("limit", "u32");
  const at = optional("at", "BlockHash");
  return {
    task: {
      status: method("Where a task stands", TASK),
      open: method("Open tasks", optional("model", "H256"), optional("after", "u64"), limit),
      claim: method("The answer to a task whose window is open, with its trace", TASK),
      claims: method("Answers whose window is open", optional("after", "u64"), limit),
    },
    model: {
      info: method("A model", MODEL),
      run: method("What a model says to an input: a free dry run", MODEL, { name: "input", type: "Bytes" }),
      list: method("Models", optional("after", "H256"), limit),
    },
    solver: {
      status: method("A solver, by its stash", { name: "stash", type: "AccountId" }),
      offers: method("The standing offers for a model, cheapest first", MODEL),
      delegation: method(
        "What an account has delegated to a solver",
        { name: "stash", type: "AccountId" },
        { name: "delegator", type: "AccountId" },
      ),
    },
    assets: {
      listed: method("The listed assets: what tasks can be paid with beside PEN"),
      worth: method(
        "What so many smallest units of an asset are worth in the smallest unit of PEN",
        { name: "asset", type: "u32" },
        { name: "amount", type: "Text" },
      ),
    },
    workflow: {
      status: method("A workflow that has not ended", { name: "id", type: "u64" }),
      list: method("The workflows of an account that have not ended", { name: "requester", type: "AccountId" }, limit),
    },
    record: { get: method("The record of an ended task, with its proof", TASK) },
    lineage: {
      task: method("What went into a task's answer", TASK),
      model: method("What a model was made from", MODEL),
      impact: method("What was made from a model, and the tasks it answered", MODEL, optional("after", "u64"), limit),
    },
    bridge: {
      info: method("This chain's end of the bridge", at),
      messages: method("Final messages from a leaf on", { name: "first", type: "u32" }, limit),
      checkpoint: method("The checkpoint at a leaf, with its signatures", INDEX, at),
      proof: method("The proof of a leaf in the tree of index + 1 leaves", { name: "leaf", type: "u32" }, INDEX),
      validators: method("The keys with which validators sign checkpoints", at),
      delivered: method("The block in which a message from elsewhere was processed", MESSAGE, at),
      ism: method("Whom messages from a domain are believed", DOMAIN, at),
      announced: method("Where validators say that their checkpoints can be read", { name: "validators", type: "Vec<H160>" }, at),
      gasQuote: method("What delivering with that much gas costs, in PEN", DOMAIN, { name: "gas", type: "u64" }, at),
      remoteAccount: method("The account here of an address on another chain", DOMAIN, { name: "address", type: "H256" }),
      request: method("Where an intent from another chain stands", MESSAGE, at),
      resultProof: method("A result that was sent in a batch, and its proof", MESSAGE, at),
      keyProof: method("Proves whose a checkpoint key is", { name: "key", type: "Bytes" }, at),
    },
  };
}
