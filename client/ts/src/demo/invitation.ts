/** What to do with a chain that was left running. */
import type { Market } from "./market.ts";

/** The lines that invite. */
export function invitation({ validator, solvers, models }: Market): string[] {
  const nodes = [{ name: "alice (validator)", ...validator }, ...solvers.map((solver) => ({ ...solver, name: `${solver.name} (solver)` }))];
  return [
    "",
    "The chain goes on. Ctrl-C ends it.",
    "",
    ...nodes.map(({ name, node }) => `  ${name.padEnd(18)} ${node.url}`),
    ...solvers.map(({ name, gateway }) => `  ${`gateway of ${name}`.padEnd(18)} ${gateway}/v1/models`),
    "",
    `  polkadot.js        https://polkadot.js.org/apps/?rpc=${encodeURIComponent(validator.node.url)}#/extrinsics`,
    `  model langid       ${models.langid.id}`,
    `  model digits       ${models.digits.id}`,
    "  accounts           //Alice (sudo), //Bob //Charlie //Dave (solvers), //Eve (publisher), //Ferdie (requester)",
    "",
    "Try: Developer > Extrinsics > taskMarket.post as Ferdie, with the model above, maxReward 100000000 (100 µPEN), a deadline 60",
    "blocks ahead, and any text as an Inline input. A block later Network > Explorer shows taskMarket.TaskAnswered with the number of",
    "the label. Ask the node how a task stands:",
    "",
    `  curl -s -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"task_status","params":[0]}' ${validator.node.url.replace("ws:", "http:")}`,
    "",
  ];
}
