/** Gives back everything: its gateway is never to be reached. Nobody's harm, but a place in the book. */
import { decline, excuse, MICRO } from "../../../client/ts/src/index.ts";
import { flat, seatOf } from "../cast.ts";
import { Strategy } from "../strategy.ts";

/** Tasks that it holds at most. */
const CAPACITY = 12;

/** The unreachable one. */
export class Unreachable extends Strategy {
  async act(block: number): Promise<void> {
    const { client, models } = this.scene;
    await this.replaces(block, 1, Object.values(models), () => flat(20n * MICRO, CAPACITY));
    for (const { identity, batch } of this.duties()) {
      await this.tries("parts declined", decline(client, identity.operator, batch, "engine_failed"));
    }
    for (const { identity, panel } of await this.seats("commit")) {
      await this.tries("seats given back", excuse(client, seatOf(identity, panel.batch, panel.round), "engine_failed"));
    }
  }
}
