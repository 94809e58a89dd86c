/** Reading a block's state and events over plain requests: a node that was just killed breaks a connection, but not this. */
import type { Client, EventRecord, Hex } from "../../client/ts/src/index.ts";
import type { Peer } from "./peer.ts";

/** Keys that a node lists at once. */
const PAGE = 1000;
/** Blocks whose events are asked for at once. */
const BLOCKS = 32;

/** An entry of storage, as `polkadot-js` knows it. */
interface Entry {
  key(...args: unknown[]): string;
  keyPrefix(): string;
  creator: { meta: { type: { isPlain: boolean; asPlain: unknown; asMap: { value: unknown } } } };
}

/** An account's money. */
export interface Account {
  nonce: number;
  free: bigint;
  held: bigint;
}

/** Reads state; knows the chain's types from a connection that may be closed by now. */
export class State {
  constructor(private readonly client: Client) {}

  /** The events of some blocks. */
  async events(peer: Peer, blocks: Hex[]): Promise<EventRecord["event"][][]> {
    const entry = this.entry("system", "events");
    const all: EventRecord["event"][][] = [];
    for (let from = 0; from < blocks.length; from += BLOCKS) {
      const hashes = blocks.slice(from, from + BLOCKS);
      const values = await peer.ask<Hex | null>(hashes.map((hash) => ["state_getStorage", [entry.key(), hash]]));
      for (const value of values) {
        const records = value ? (this.decode(entry, value) as unknown as EventRecord[]) : [];
        all.push(records.map(({ event }) => event));
      }
    }
    return all;
  }

  /** An account at a block. */
  async account(peer: Peer, address: string, block: Hex): Promise<Account> {
    const entry = this.entry("system", "account");
    const value = await peer.rpc<Hex | null>("state_getStorage", [entry.key(address), block]);
    return value ? this.money(entry, value) : { nonce: 0, free: 0n, held: 0n };
  }

  /** What all accounts have together at a block, and what there is by the chain's own count. */
  async issuance(peer: Peer, block: Hex): Promise<{ summed: bigint; counted: bigint }> {
    const accounts = this.entry("system", "account");
    let summed = 0n;
    for (let after: Hex | null = null; ; ) {
      const keys: Hex[] = await peer.rpc<Hex[]>("state_getKeysPaged", [accounts.keyPrefix(), PAGE, after, block]);
      const values = await peer.ask<Hex>(keys.map((key) => ["state_getStorage", [key, block]]));
      for (const value of values) {
        const { free, held } = this.money(accounts, value);
        summed += free + held;
      }
      if (keys.length < PAGE) break;
      after = keys.at(-1)!;
    }
    const total = this.entry("balances", "totalIssuance");
    const counted = await peer.rpc<Hex>("state_getStorage", [total.key(), block]);
    return { summed, counted: BigInt(this.decode(total, counted).toString()) };
  }

  private money(entry: Entry, value: Hex): Account {
    const { nonce, data } = this.decode(entry, value) as unknown as {
      nonce: { toNumber(): number };
      data: { free: { toBigInt(): bigint }; reserved: { toBigInt(): bigint } };
    };
    return { nonce: nonce.toNumber(), free: data.free.toBigInt(), held: data.reserved.toBigInt() };
  }

  private entry(pallet: string, name: string): Entry {
    const entry = this.client.api.query[pallet]?.[name];
    if (!entry) throw new Error(`This chain stores no ${pallet}.${name}. Update this harness.`);
    return entry as unknown as Entry;
  }

  private decode({ creator }: Entry, value: Hex): { toString(): string } {
    const { registry } = this.client.api;
    const { type } = creator.meta;
    const id = (type.isPlain ? type.asPlain : type.asMap.value) as Parameters<typeof registry.createLookupType>[0];
    // As bytes: a number in hex digits would be read as people write it, and is stored the other way round.
    return registry.createTypeUnsafe(registry.createLookupType(id), [Buffer.from(value.slice(2), "hex")]);
  }
}
