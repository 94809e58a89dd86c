/** What the blocks of a measurement held: read afterwards, so that reading takes nothing from the nodes while they are measured. */
import type { Client } from "../../client/ts/src/index.ts";

/** One block. */
export interface BlockView {
  number: number;
  /** Its timestamp in milliseconds. */
  time: number;
  /** Share of its weight that is taken, by everything and by ordinary transactions alone. */
  full: number;
  /** Transactions that transferred money, or posted. */
  transfers: number;
  posts: number;
  /** Tasks posted, answered and refunded. */
  posted: number;
  answered: number;
  refunded: number;
  /** Transactions that failed. */
  failed: number;
}

type Weight = { refTime: { toNumber(): number } };
type Kinds = { normal: Weight; operational: Weight; mandatory: Weight };
type Record = { phase: { isApplyExtrinsic: boolean }; event: { section: string; method: string; data: { [field: string]: { toString(): string } } } };

/** Reads the blocks from one number to another. */
export async function survey(client: Client, from: number, to: number): Promise<BlockView[]> {
  const blocks: BlockView[] = [];
  for (let number = from; number <= to; number += 1) blocks.push(await read(client, number));
  return blocks;
}

async function read({ api }: Client, number: number): Promise<BlockView> {
  const at = await api.at(await api.rpc.chain.getBlockHash(number));
  const [now, weight, events] = await Promise.all([at.query.timestamp!.now!(), at.query.system!.blockWeight!(), at.query.system!.events!()]);
  const { normal, operational, mandatory } = weight as unknown as Kinds;
  const most = (api.consts.system!.blockWeights as unknown as { maxBlock: Weight }).maxBlock.refTime.toNumber();
  const view: BlockView = {
    number,
    time: Number(now.toString()),
    full: [normal, operational, mandatory].reduce((sum, { refTime }) => sum + refTime.toNumber(), 0) / most,
    transfers: 0,
    posts: 0,
    posted: 0,
    answered: 0,
    refunded: 0,
    failed: 0,
  };
  const posts = new Set<string>();
  for (const { event } of events as unknown as Record[]) {
    const name = `${event.section}.${event.method}`;
    if (name === "balances.Transfer") view.transfers += 1;
    else if (name === "taskMarket.TasksPosted") {
      view.posted += Number(event.data.tasks!.toString());
      posts.add(`${Math.floor(Number(event.data.first!.toString()) / 256)}`);
    } else if (name === "taskMarket.TaskAnswered") view.answered += 1;
    else if (name === "taskMarket.TaskRefunded") view.refunded += 1;
    else if (name === "system.ExtrinsicFailed") view.failed += 1;
  }
  return { ...view, posts: posts.size };
}

/** Something counted in blocks for each second between the first block's and the last block's timestamp, without the first block's. */
export function perSecond(blocks: BlockView[], count: (block: BlockView) => number): number {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (!first || !last || first === last) return 0;
  return blocks.slice(1).reduce((sum, block) => sum + count(block), 0) / ((last.time - first.time) / 1000);
}
