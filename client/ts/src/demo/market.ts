/** The demo's network and market: one validator, three solvers at different prices, both models registered and offered. */
import { join } from "node:path";
import { devAccount, DevNet, type Member, type ValidatorOptions } from "../devnet.ts";
import { readModel, registerModel, type ModelFiles } from "../manifest.ts";
import { join as joinMarket, type Offer } from "../solver.ts";
import { MICRO, PEN, showAmount, type Address, type ModelId } from "../units.ts";
import { MODELS, type ModelName } from "./samples.ts";
import type { Screen } from "./screen.ts";

/** What each solver bonds. */
const BOND = 100n * PEN;
/** The account that publishes the models. */
const PUBLISHER = "//Eve";

/** The solvers: the cheapest is small, so that the others get work too. */
const SOLVERS = [
  { name: "bob", stash: "//Bob", operator: "//Solver1", base: 10n * MICRO, capacity: 4 },
  { name: "charlie", stash: "//Charlie", operator: "//Solver2", base: 14n * MICRO, capacity: 6 },
  { name: "dave", stash: "//Dave", operator: "//Solver3", base: 20n * MICRO, capacity: 64 },
] as const;

/** A model that is registered and offered. */
export interface Model extends ModelFiles {
  id: ModelId;
  labels: string[];
}

/** A solver at work. */
export interface Solver extends Member {
  name: string;
  stash: Address;
}

/** The whole market. */
export interface Market {
  validator: Member;
  solvers: Solver[];
  models: Record<ModelName, Model>;
}

/** Starts the nodes, registers the models, lets the solvers join and offer. */
export async function openMarket(net: DevNet, models: string, screen: Screen, options: ValidatorOptions): Promise<Market> {
  const validator = await net.validator(options);
  screen.say(`validator alice makes blocks (${validator.node.url})`);
  const solvers = await Promise.all(
    SOLVERS.map(async ({ name, stash, operator }): Promise<Solver> => {
      const member = await net.solver({ name, operator, models });
      screen.say(`solver ${name} follows (${member.node.url}, gateway ${member.gateway})`);
      return Object.assign(member, { name, stash: devAccount(stash).address });
    }),
  );
  const registered = {} as Record<ModelName, Model>;
  for (const name of MODELS) {
    registered[name] = await register(validator, join(models, name));
    screen.say(`model ${name} ${registered[name].file.version} registered with its graph of ${registered[name].graph.length} bytes`);
  }
  await Promise.all(
    SOLVERS.map(async ({ name, stash, operator, base, capacity }) => {
      const offer: Offer = { base, perByte: base / 500n, minReward: base, capacity };
      const offers = MODELS.map((model) => [registered[model].id, offer] as const);
      await joinMarket(validator.client, devAccount(stash), devAccount(operator), BOND, offers);
      screen.say(`solver ${name} joined with ${showAmount(BOND)} and offers both models from ${showAmount(base)}, ${capacity} tasks at once`);
    }),
  );
  return { validator, solvers, models: registered };
}

async function register({ client }: Member, folder: string): Promise<Model> {
  const model = await readModel(folder);
  const { id } = await registerModel(client, devAccount(PUBLISHER), model);
  const { labels } = await client.rpc.modelInfo(id);
  return { ...model, id, labels };
}
