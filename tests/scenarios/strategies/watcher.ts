/** The honest watcher: runs every watched claim's input anew, and proves the first step that differs. */
import { challenging, firstDifference, makeStep } from "../../../client/ts/src/index.ts";
import { signs } from "../cast.ts";
import type { Task } from "../ledger.ts";
import { Strategy } from "../strategy.ts";

/** The watcher. */
export class Watcher extends Strategy {
  async act(): Promise<void> {
    const claims = this.scene.ledger.open().filter(({ claim, post }) => claim && post!.watched && "replay" in post!.verification);
    const fresh = claims.filter(({ id, claim }) => this.first("claim", id, claim!.solver));
    await Promise.all(fresh.map((task) => this.checks(task)));
  }

  private async checks({ id }: Task): Promise<void> {
    const { client, gateway } = this.scene;
    const claim = await client.rpc.taskClaim(id).catch(() => undefined);
    if (!claim?.nodes) return;
    this.count("claims checked");
    const { trace } = await makeStep(gateway, claim, 0);
    const node = firstDifference(claim.nodes, trace);
    if (node === undefined) return;
    const identity = this.party.identities[id % this.party.identities.length];
    const step = await makeStep(gateway, claim, node);
    await this.tries("proofs", signs(client, identity!, challenging(client, id, claim.nodes, node, step)));
  }
}
