/** Pensum and Hyperlane as bytes: messages, results, batches. What runs them on a local node is in `../kit`. */
export * from "./batch.ts";
export * from "./hyperlane.ts";
export * from "./task.ts";
