/** How far a node is. */
import { setTimeout as sleep } from "node:timers/promises";
import type { NodeProcess } from "../process.ts";

/** Pause between two looks, in milliseconds. */
const PAUSE = 200;

/** Numbers of a node's best and last final block, and how many peers it has. */
export interface Heads {
  best: number;
  final: number;
  peers: number;
}

/** Asks a node how far it is. */
export async function headsOf(node: NodeProcess): Promise<Heads> {
  const number = async (...at: string[]): Promise<number> => Number((await node.rpc<{ number: string }>("chain_getHeader", at)).number);
  const final = await node.rpc<string>("chain_getFinalizedHead");
  const { peers } = await node.rpc<{ peers: number }>("system_health");
  return { best: await number(), final: await number(final), peers };
}

/** Waits until a node's last final block is at least `goal`. */
export async function untilFinal(node: NodeProcess, goal: number, patience = 60_000): Promise<Heads> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(PAUSE)) {
    const heads = await headsOf(node);
    if (heads.final >= goal) return heads;
  }
  const { best, final, peers } = await headsOf(node);
  throw new Error(
    `${node.options.name} made no block final up to ${goal} within ${patience / 1000} s: best ${best}, final ${final}, ${peers} peers. See ${node.options.log}.`,
  );
}
