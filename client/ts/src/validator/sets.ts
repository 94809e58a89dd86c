/** Who validates: now, in the next session, and who runs for election. */
import type { Client } from "../connect.ts";
import type { Address, Digest, Hex } from "../units.ts";
import { splitKeys, type SessionKeys } from "./session.ts";

/** The validators of a moment. */
export interface Sets {
  /** Number of the session. */
  session: number;
  /** Number of the era, and of the one that is being planned, if one is. */
  era: number;
  planned: number;
  /** Those at work, in the order in which blocks name them. */
  active: Address[];
  /** Those of the next session, with their keys. */
  queued: Map<Address, SessionKeys>;
  /** Those that run for election. */
  candidates: Address[];
}

/** The validators at the best block, or at another. */
export async function setsOf({ api }: Client, at?: Digest): Promise<Sets> {
  const { query } = at ? await api.at(at) : api;
  const [session, active, queued, era, planned, candidates] = await Promise.all([
    query.session!.currentIndex!(),
    query.session!.validators!(),
    query.session!.queuedKeys!(),
    query.staking!.activeEra!(),
    query.staking!.currentEra!(),
    query.staking!.validators!.keys(),
  ]);
  const pairs = queued as unknown as [{ toString(): Address }, { toHex(): Hex }][];
  const number = (value: unknown): number => Number(value ?? 0);
  return {
    session: number(session.toJSON()),
    era: number((era.toJSON() as { index: number } | null)?.index),
    planned: number(planned.toJSON()),
    active: active.toJSON() as Address[],
    queued: new Map(Array.from(pairs, ([account, keys]) => [account.toString(), splitKeys(keys.toHex())])),
    candidates: candidates.map(({ args: [account] }) => account!.toString()),
  };
}

/** How long an unbonded stake stays bonded, in eras. */
export function bondingEras({ api }: Client): number {
  return Number(api.consts.staking!.bondingDuration!.toJSON());
}
