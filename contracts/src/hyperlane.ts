/** Hyperlane, byte for byte: messages, their tree, what validators sign, and metadata. */
export * from "./hyperlane/bytes.ts";
export * from "./hyperlane/checkpoint.ts";
export * from "./hyperlane/message.ts";
export * from "./hyperlane/metadata.ts";
export * from "./hyperlane/tree.ts";
