/** Who takes part: parties with one strategy each, and the identities under which they work. */
import {
  ChainError,
  devAccount,
  joining,
  offering,
  PEN,
  send,
  type Address,
  type Client,
  type Included,
  type KeyringPair,
  type Offer,
  type Seat,
  type Transaction,
} from "../../client/ts/src/index.ts";
import type { Model } from "./truths.ts";

/** What each solver bonds. */
const BOND = 100n * PEN;
/** What each account is given: a bond, and fees and bonds of appeals and challenges beside it. */
const GIFT = 400n * PEN;
/** Most gifts in one transaction. */
const GIFTS = 50;

/** A solver, or another account, of a party. */
export interface Identity {
  party: string;
  stash: KeyringPair;
  operator: KeyringPair;
}

/** The name of an identity's operator key. */
export function operatorUri(party: string, number: number): string {
  return `//${party}/${number}/operator`;
}

/** Identities of a party. Solvers that are jailed are replaced: a cheater comes back under another name. */
export class Party {
  readonly identities: Identity[];
  private joined = 0;

  constructor(
    readonly name: string,
    size: number,
  ) {
    this.identities = Array.from({ length: size }, (_, number) => ({
      party: name,
      stash: devAccount(`//${name}/${number}`),
      operator: devAccount(operatorUri(name, number)),
    }));
  }

  /** Those that have joined as solvers. */
  get solvers(): Identity[] {
    return this.identities.slice(0, this.joined);
  }

  /** Lets the next identity join with offers for these models; false if none is left. */
  async brings(client: Client, models: readonly Model[], offer: Offer): Promise<boolean> {
    const next = this.identities[this.joined];
    if (!next) return false;
    this.joined += 1;
    const calls = [joining(client, next.stash, next.operator, BOND), ...models.map(({ id }) => offering(client, id, offer))];
    await send(client.api, next.stash, client.call("utility", "batchAll")(calls));
    return true;
  }
}

/** An offer at a flat price. */
export function flat(price: bigint, capacity: number): Offer {
  return { base: price, perByte: 0n, minReward: price, capacity };
}

/** A seat of an identity. */
export function seatOf({ operator, stash }: Identity, batch: number, round: number): Seat {
  return { batch, round, operator, stash: stash.publicKey };
}

/** Gives money to all identities. */
export async function funds(client: Client, giver: KeyringPair, parties: Party[]): Promise<void> {
  const all = parties.flatMap(({ identities }) => identities);
  for (let at = 0; at < all.length; at += GIFTS) {
    const gifts = all.slice(at, at + GIFTS).map(({ stash }) => client.call("balances", "transferKeepAlive")(stash.address, GIFT));
    await send(client.api, giver, client.call("utility", "batchAll")(gifts));
  }
}

/** All that an account owns, held or not, less what pending slashes will take. */
export async function worth(client: Client, { stash }: Identity, solver: boolean): Promise<bigint> {
  const found = await client.api.query.system!.account!(stash.address);
  const { free, reserved } = (found as unknown as { data: { free: { toBigInt(): bigint }; reserved: { toBigInt(): bigint } } }).data;
  const risk = solver ? BigInt((await client.rpc.solverStatus(stash.address)).at_risk) : 0n;
  return free.toBigInt() + reserved.toBigInt() - risk;
}

/** What a party owns in all. */
export async function fortune(client: Client, party: Party): Promise<bigint> {
  const solvers = new Set<Address>(party.solvers.map(({ stash }) => stash.address));
  const each = await Promise.all(party.identities.map((identity) => worth(client, identity, solvers.has(identity.stash.address))));
  return each.reduce((sum, one) => sum + one, 0n);
}

/** The next nonce of each account that sends several transactions at once. */
const nonces = new Map<Address, Promise<number>>();

/** The nonce for a transaction that is sent now, whether or not those before it are in a block. */
export async function nonceOf(client: Client, { stash }: Identity): Promise<number> {
  const next = (nonces.get(stash.address) ?? client.send<number>("system_accountNextIndex", [stash.address])).then(Number);
  nonces.set(stash.address, next.then((nonce) => nonce + 1));
  return next;
}

/** After a transaction that did not reach a block the chain is asked for the nonce again. */
export function forgetNonce({ stash }: Identity): void {
  nonces.delete(stash.address);
}

/** Sends a signed transaction for an identity, and waits until it is in a block. */
export async function signs(client: Client, identity: Identity, call: Transaction): Promise<Included> {
  try {
    return await send(client.api, identity.stash, call, { nonce: await nonceOf(client, identity) });
  } catch (error) {
    if (!(error instanceof ChainError) || error.section === "pool") forgetNonce(identity);
    throw error;
  }
}
