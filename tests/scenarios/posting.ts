/** Posting, for whoever posts: tells the ledger what the batch holds. */
import { batchOf, eventsOf, field, posting, type BatchId } from "../../client/ts/src/index.ts";
import { signs, type Identity } from "./cast.ts";
import type { Post } from "./plan.ts";
import type { Scene } from "./strategy.ts";

/** Posts and waits until it is in a block; the batch. */
export async function posts({ client, ledger }: Scene, identity: Identity, post: Post): Promise<BatchId> {
  const { model, matching, verification, maxReward, patience, truths } = post;
  const deadline = (await client.api.rpc.chain.getHeader()).number.toNumber() + patience;
  const terms = { model: model.id, matching, verification, maxReward, deadline };
  const inputs = truths.map(({ input }) => ({ bytes: Uint8Array.from(Buffer.from(input.slice(2), "hex")) }));
  const { events } = await signs(client, identity, posting(client, terms, inputs));
  const [opened] = [...eventsOf(events, "taskMarket", "BatchOpened"), ...eventsOf(events, "taskMarket", "TasksPosted")];
  if (!opened) throw new Error("The post left no event. Look at its block in an explorer.");
  const batch = batchOf(Number(field(opened, "first")));
  ledger.know(batch, post, deadline);
  return batch;
}
