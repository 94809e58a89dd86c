/** The network's market: both shipped models registered, and every solver joined with an offer for each. */
import { join } from "node:path";
import { devAccount } from "../devnet.ts";
import { Client } from "../connect.ts";
import { readModel, registerModel } from "../manifest.ts";
import { join as joinMarket, type Offer } from "../solver.ts";
import { MICRO, PEN, type ModelId } from "../units.ts";
import { secretOf } from "./keys.ts";
import type { Net } from "./net.ts";

/** The models that ship with the project. */
const MODELS = ["langid", "digits"] as const;
/** The well-known account that publishes them. */
const PUBLISHER = "//Eve";
/** What each solver bonds. */
const BOND = 100n * PEN;
/** The first solver's least price; each further one is dearer by as much. */
const PRICE = 10n * MICRO;
/** Most tasks that a solver holds at once. */
const CAPACITY = 64;

/** Opens the market. Where an earlier run did so already, nothing changes. */
export async function openMarket(net: Net, models: string): Promise<Record<string, ModelId>> {
  const client = await Client.connect(net.first.node.url);
  try {
    const registered = new Map((await client.rpc.modelList()).map(({ name, id }) => [name, id]));
    for (const name of MODELS) {
      if (registered.has(name)) continue;
      const { id } = await registerModel(client, devAccount(PUBLISHER), await readModel(join(models, name)));
      registered.set(name, id);
    }
    for (const [place, solver] of net.with("solver").entries()) {
      const joined = await client.rpc.solverStatus(solver.keys.account).then(
        () => true,
        () => false,
      );
      if (joined) continue;
      const base = PRICE * BigInt(place + 1);
      const offer: Offer = { base, perByte: 0n, minReward: base, capacity: CAPACITY };
      const offers = [...registered.values()].map((model) => [model, offer] as const);
      await joinMarket(client, await secretOf(solver.secrets, "account"), await secretOf(solver.secrets, "operator"), BOND, offers);
    }
    return Object.fromEntries(registered);
  } finally {
    await client.close();
  }
}
