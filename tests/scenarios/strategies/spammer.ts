/** Floods the pool with what must be refused there, and auctions with bids that nobody wants. */
import {
  answer,
  answerPayload,
  bid,
  commit,
  decline,
  MICRO,
  sendGeneral,
  take,
  type Hex,
} from "../../../client/ts/src/index.ts";
import { flat, seatOf } from "../cast.ts";
import { CAP } from "../plan.ts";
import { Strategy } from "../strategy.ts";

/** Transactions in each block. */
const FLOOD = 8;

/** The spammer. */
export class Spammer extends Strategy {
  async act(block: number): Promise<void> {
    // Too dear for the book: all that it can do is bid.
    await this.replaces(block, 2, [this.scene.models.langid], () => flat(200n * MICRO, 64));
    for (const identity of this.party.solvers) {
      for (const { auction } of this.sealed("commit", identity, block)) await this.makesBid(identity, auction, CAP);
      for (const { auction } of this.sealed("reveal", identity, block)) await this.revealsBid(identity, auction);
    }
    await Promise.all(Array.from({ length: FLOOD }, () => this.spams()));
  }

  private async spams(): Promise<unknown> {
    const { client, ledger, pool, honest } = this.scene;
    const [solver, stranger] = [this.party.solvers.at(-1), this.party.identities.at(-1)];
    const tasks = ledger.open();
    if (!solver || !stranger || tasks.length === 0) return undefined;
    const { id, batch, truth, holder } = this.random.pick(tasks);
    const sheet = [{ task: id, output: truth!.output }];
    const ended = [...ledger.tasks.values()].filter(({ end }) => end);
    switch (this.random.below(11)) {
      case 0:
        return this.tries("answers with an unknown key", answer(client, stranger.operator, sheet));
      case 1:
        return this.tries("answers to others' tasks", answer(client, solver.operator, sheet));
      case 2:
        return this.tries("answers twice in a sheet", answer(client, solver.operator, [...sheet, ...sheet]));
      case 3:
        return this.tries("empty sheets", answer(client, solver.operator, []));
      case 4:
        return ended.length > 0 && this.tries("late answers", answer(client, solver.operator, [{ task: this.random.pick(ended).id, output: truth!.output }]));
      case 5: {
        const victim = honest.solvers.find(({ stash }) => stash.address === holder) ?? honest.solvers[0];
        const key = victim!.operator.publicKey;
        const signature = stranger.operator.sign(answerPayload(client.api.genesisHash.toHex(), key, sheet));
        const scaled = [{ ...sheet[0]!, blob: null, trace: null }];
        return this.tries("forged signatures", sendGeneral(client, client.call("taskMarket", "answer")(key, scaled, signature)));
      }
      case 6: {
        const seen = [...pool.seen].slice(-200);
        return seen.length > 0 && this.tries("duplicates", client.send("author_submitExtrinsic", [this.random.pick(seen)]));
      }
      case 7: {
        const seen = [...pool.seen].slice(-200);
        return seen.length > 0 && this.tries("cut transactions", client.send("author_submitExtrinsic", [this.random.pick(seen).slice(0, -6) as Hex]));
      }
      case 8:
        return this.tries("commitments without a seat", commit(client, seatOf(solver, batch, this.random.below(400)), this.random.bytes()));
      case 9:
        return this.tries("bids on nothing", bid(client, { ...seatOf(solver, batch + 10_000, 0) }, this.random.bytes()));
      default: {
        const dear = this.random.chance(50);
        if (dear) return this.tries("takes above the price", take(client, solver.operator, batch, 1000n * CAP));
        return this.tries("declines of others' tasks", decline(client, solver.operator, batch, "engine_failed"));
      }
    }
  }
}
