/** Numbers as bytes, big-endian. */
import { concat, numberToHex, type Hex } from "viem";

/** What bytes are made of: bytes as they are, or a number and how many bytes it takes. */
export type Part = Hex | { u8: number } | { u16: number } | { u32: number } | { u64: bigint } | { u128: bigint } | { u256: bigint };

const SIZES = { u8: 1, u16: 2, u32: 4, u64: 8, u128: 16, u256: 32 };

/** The parts one after the other, nothing padded. */
export function bytes(...parts: Part[]): Hex {
  return concat(
    parts.map((part) => {
      if (typeof part === "string") return part;
      const [[type, value]] = Object.entries(part) as [[keyof typeof SIZES, number | bigint]];
      return numberToHex(value, { size: SIZES[type] });
    }),
  );
}
