/**
 * Transactions: signed ones, sent and followed into a block, and general ones, which an operator's signature inside the call
 * authorises.
 */
import type { ApiPromise } from "@polkadot/api";
import type { SignerOptions, SubmittableExtrinsic } from "@polkadot/api/types";
import type { KeyringPair } from "@polkadot/keyring/types";
import type { EventRecord } from "@polkadot/types/interfaces";
import type { GenericCall } from "@polkadot/types";
import { compactFromU8a, compactToU8a, hexToU8a, u8aConcat, u8aToHex } from "@polkadot/util";
import type { Client } from "./connect.ts";
import { ChainError, dispatchError, rpcError } from "./errors.ts";
import type { AssetId, Digest, Hex } from "./units.ts";

/** A transaction, as `api.tx` makes it. */
export type Transaction = SubmittableExtrinsic<"promise">;

/** Where a transaction ended up. */
export interface Included {
  /** The block. */
  hash: Digest;
  /** Its number. */
  number: number;
  /** What the transaction caused. */
  events: EventRecord["event"][];
  /** The inclusion fee, in units of `feeAsset`. */
  fee: bigint;
  /** The asset that paid the inclusion fee; null is PEN. */
  feeAsset: AssetId | null;
}

/** How long a transaction may take into a block, in milliseconds, where nothing else is said. */
const PATIENCE = 60_000;

/** How to send. */
export interface SendOptions {
  /** The account's nonce; the node's own count by default. Give it when sending several at once. */
  nonce?: number;
  /** The asset that pays the inclusion fee; PEN by default. Any asset with a pool against PEN can. */
  feeAsset?: AssetId | null;
}

/** Signs, sends, and waits until the transaction is in a block of the best chain. Throws a `ChainError` where it failed. */
export async function send(api: ApiPromise, signer: KeyringPair, transaction: Transaction, options: SendOptions = {}): Promise<Included> {
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined;
    let over = false;
    const finish = (act: () => void): void => {
      over = true;
      clearTimeout(timer);
      stop?.();
      act();
    };
    const timer = setTimeout(() => {
      const fact = `The transaction was not in a block after ${PATIENCE / 1000} s.`;
      finish(() => reject(new ChainError("pool", "NotIncluded", fact, "See whether the node makes blocks and no earlier nonce is missing.")));
    }, PATIENCE);
    transaction
      .signAndSend(signer, signing(options), ({ status, events, dispatchError: failure }) => {
        if (over) return;
        if (status.isUsurped || status.isDropped || status.isInvalid) {
          const fact = `The pool gave the transaction up: ${status.type}.`;
          finish(() => reject(new ChainError("pool", status.type, fact, "Send it again with a fresh nonce.")));
        }
        // With finality within a fraction of a second, the pool may tell of it at once.
        const at = status.isInBlock ? status.asInBlock : status.isFinalized ? status.asFinalized : undefined;
        if (!at) return;
        const own = events.map((record) => record.event);
        if (failure) return finish(() => reject(dispatchError(api, failure)));
        const hash = at.toHex();
        finish(() => {
          api.rpc.chain.getHeader(hash).then((header) => resolve({ hash, number: header.number.toNumber(), events: own, ...feeOf(own) }), reject);
        });
      })
      .then(
        (unsubscribe) => {
          stop = unsubscribe;
          if (over) unsubscribe();
        },
        (error: unknown) => finish(() => reject(rpcError(error))),
      );
  });
}

/** A field of an event, by its name in the metadata. */
export function field(event: EventRecord["event"], name: string): string {
  const at = event.data.names?.indexOf(name) ?? -1;
  const value = event.data[at];
  if (!value) throw new Error(`The event ${event.section}.${event.method} has no field ${name}. Update this client.`);
  return value.toString();
}

/** The events of one kind. */
export function eventsOf(events: EventRecord["event"][], section: string, method: string): EventRecord["event"][] {
  return events.filter((event) => event.section === section && event.method === method);
}

function signing({ nonce = -1, feeAsset = null }: SendOptions): Partial<SignerOptions> {
  if (feeAsset === null) return { nonce };
  // The type that `connect.ts` names; the options know but the one that other chains have.
  return { nonce, assetId: { WithId: feeAsset } as unknown as number };
}

function feeOf(events: EventRecord["event"][]): Pick<Included, "fee" | "feeAsset"> {
  const [inAsset] = eventsOf(events, "assetConversionTxPayment", "AssetTxFeePaid");
  if (inAsset) {
    const asset = inAsset.data[inAsset.data.names?.indexOf("assetId") ?? -1]?.toJSON() as { withId?: AssetId } | undefined;
    return { fee: BigInt(field(inAsset, "actualFee")), feeAsset: asset?.withId ?? null };
  }
  const [paid] = eventsOf(events, "transactionPayment", "TransactionFeePaid");
  return { fee: paid ? BigInt(field(paid, "actualFee")) : 0n, feeAsset: null };
}

/** What each transaction extension adds to a general transaction that nobody signs and nobody pays. */
const EXPLICIT: { readonly [name: string]: readonly number[] } = {
  AuthorizeCall: [],
  CheckNonZeroSender: [],
  CheckSpecVersion: [],
  CheckTxVersion: [],
  CheckGenesis: [],
  CheckMortality: [0], // immortal
  CheckNonce: [0],
  CheckWeight: [],
  ChargeAssetTxPayment: [0, 0], // no tip, and no asset
  CheckMetadataHash: [0], // not checked
  WeightReclaim: [],
};

/** Format 5, kind general: `polkadot-js` makes no such transactions, so the bytes are put together here. */
const GENERAL = 0b0100_0101;

/** The bytes of a general transaction around a call. */
export function generalTransaction(api: ApiPromise, call: Transaction): Hex {
  const extensions = api.registry.signedExtensions.map((name) => {
    const bytes = EXPLICIT[name];
    if (!bytes) throw new Error(`The chain has the transaction extension ${name}, which is not known here. Update this client.`);
    return Uint8Array.from(bytes);
  });
  const body = u8aConcat([GENERAL, 0], ...extensions, call.method.toU8a());
  return u8aToHex(u8aConcat(compactToU8a(body.length), body));
}

/** The call inside a general transaction as it lies in a pool; none if it is no such transaction. */
export function callOf(api: ApiPromise, transaction: Hex): GenericCall | undefined {
  const [offset] = compactFromU8a(hexToU8a(transaction));
  const body = hexToU8a(transaction).subarray(offset);
  if (body[0] !== GENERAL) return undefined;
  const extensions = api.registry.signedExtensions.reduce((sum, name) => sum + (EXPLICIT[name]?.length ?? 0), 0);
  return api.createType("Call", body.slice(2 + extensions)) as unknown as GenericCall;
}

/** Sends a general transaction to the pool. Throws a `ChainError` where the pool refuses it. */
export async function sendGeneral(client: Client, call: Transaction): Promise<Digest> {
  // As bytes: `polkadot-js` would take them apart as a signed transaction.
  return client.send("author_submitExtrinsic", [generalTransaction(client.api, call)]);
}
