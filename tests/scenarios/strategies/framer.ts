/** Wants honest claims to fall: challenges them with steps that are right, cut short, foreign, or of another trace. */
import { challenging, makeStep, u8aToHex } from "../../../client/ts/src/index.ts";
import { signs } from "../cast.ts";
import type { Task } from "../ledger.ts";
import { Strategy } from "../strategy.ts";

/** How many honest claims of a hundred it challenges. */
const SHARE = 25;

/** The framing challenger. */
export class Framer extends Strategy {
  async act(): Promise<void> {
    const right = this.scene.ledger.open().filter(({ claim, truth, post }) => claim?.output === truth!.output && "replay" in post!.verification);
    for (const task of right) {
      if (this.first("look", task.id) && this.random.chance(SHARE)) await this.frames(task);
    }
  }

  private async frames({ id, truth }: Task): Promise<void> {
    const { client, gateway } = this.scene;
    const [identity] = this.party.identities;
    const claim = await client.rpc.taskClaim(id).catch(() => undefined);
    // Who copied a foreign trace is no honest solver.
    if (!claim?.nodes || claim.nodes.join() !== truth!.trace.join()) return;
    const node = this.random.below(claim.nodes.length);
    const step = await makeStep(gateway, claim, node);
    const way = this.random.pick(["right step", "cut weights", "foreign tensor", "other trace"] as const);
    const cut = (hex: `0x${string}`): `0x${string}` => (hex.length > 2 ? (hex.slice(0, -2) as `0x${string}`) : "0x00");
    if (way === "cut weights") step.weights = cut(step.weights);
    if (way === "foreign tensor") step.inputs = step.inputs.map(() => u8aToHex(Buffer.from(this.random.bytes().slice(2), "hex")));
    const trace = way === "other trace" ? claim.nodes.map(() => this.random.bytes()) : claim.nodes;
    await this.tries(`challenges with ${way}`, signs(client, identity!, challenging(client, id, trace, node, step)));
  }
}
