/** Ids and amounts as they travel. */

/** A task: `batch × 256 + place`. A JavaScript number is exact up to 2⁴⁵ batches. */
export type TaskId = number;
/** A batch of tasks posted together. */
export type BatchId = number;
/** A model: `0x` and 64 hex digits, `blake2_256` of its manifest. */
export type ModelId = `0x${string}`;
/** 32 bytes of a digest as `0x` hex. */
export type Digest = `0x${string}`;
/** Bytes as `0x` hex. */
export type Hex = `0x${string}`;
/** A listed asset of the chain. Where one may be left out or is null, that is PEN. */
export type AssetId = number;
/** An account in SS58. */
export type Address = string;

/** One PEN in its smallest unit. */
export const PEN = 1_000_000_000_000n;
/** A millionth of a PEN, the order of magnitude of a small task's price. */
export const MICRO = PEN / 1_000_000n;
/** A thousandth of a PEN. */
export const MILLI = PEN / 1_000n;

/** Most bytes of an input that travels inside a transaction. */
export const MAX_INLINE = 4096;
/** Most tasks in one batch. */
export const MAX_BATCH = 256;

/** An amount for people: micro-PEN with up to three digits, whole PEN from one PEN on. */
export function showAmount(amount: bigint): string {
  const [unit, name] = amount >= PEN ? [PEN, "PEN"] : [MICRO, "µPEN"];
  const thousandths = (amount * 1000n) / unit;
  const fraction = (thousandths % 1000n).toString().padStart(3, "0").replace(/0+$/, "");
  return `${thousandths / 1000n}${fraction && `.${fraction}`} ${name}`;
}

/** What a price costs of an asset, of which `each` was set aside for a cap of `cap`: as the chain works it out, rounded up. */
export function costOf(price: bigint, cap: bigint, each: bigint): bigint {
  return price >= cap ? each : (each * price + cap - 1n) / cap;
}

/** The batch of a task. */
export function batchOf(task: TaskId): BatchId {
  return Math.floor(task / MAX_BATCH);
}

/** The task at `place` of a batch. */
export function taskOf(batch: BatchId, place: number): TaskId {
  return batch * MAX_BATCH + place;
}
