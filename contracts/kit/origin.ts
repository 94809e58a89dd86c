/** A chain that is not there: it dispatches messages, and its validators sign them. */
import type { Address, Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { checkpointDigest, signDigest, type Checkpoint, type Validator } from "../src/hyperlane/checkpoint.ts";
import { encodeMessage, messageId, toBytes32, type Message } from "../src/hyperlane/message.ts";
import { merkleRootMetadata, messageIdMetadata, type ModuleKind } from "../src/hyperlane/metadata.ts";
import { MessageTree } from "../src/hyperlane/tree.ts";
import { modules } from "../src/task.ts";

/** What the chain is. */
export interface OriginOptions {
  domain: number;
  /** Keys of its validators, in the order of the module that believes them. */
  keys: Hex[];
  /** How many of them sign. */
  threshold: number;
  /** Its Merkle tree hook as 32 bytes; Pensum's by default. */
  hook?: Hex;
}

/** A message that was dispatched there. */
export interface Sent {
  id: Hex;
  /** The message as it is hashed. */
  encoded: Hex;
  /** Its leaf in the tree. */
  index: number;
}

/** A chain of which only messages, tree and validators are played. */
export class Origin {
  readonly tree = new MessageTree();
  readonly validators: Validator[];
  readonly hook: Hex;

  constructor(private readonly options: OriginOptions) {
    this.validators = options.keys.map((privateKey) => ({ privateKey, address: privateKeyToAddress(privateKey) }));
    this.hook = options.hook ?? modules.merkleTreeHook;
  }

  /** Its validators' addresses. */
  get addresses(): Address[] {
    return this.validators.map(({ address }) => address);
  }

  /** Dispatches a message, by default from Pensum's module for tasks. */
  send(message: { destination: number; recipient: Address; body: Hex } & Partial<Pick<Message, "sender" | "origin">>): Sent {
    const encoded = encodeMessage({
      nonce: this.tree.count,
      origin: this.options.domain,
      sender: modules.tasks,
      ...message,
      recipient: toBytes32(message.recipient),
    });
    const id = messageId(encoded);
    return { id, encoded, index: this.tree.insert(id) };
  }

  /** The checkpoint at a leaf. */
  checkpoint(index: number): Checkpoint {
    const { domain: origin } = this.options;
    return { origin, hook: this.hook, root: this.tree.root(index + 1), index, messageId: this.tree.leaf(index) };
  }

  /** Signatures of a checkpoint by the first validators that suffice, or by these. */
  async sign(checkpoint: Checkpoint, signers = this.validators.slice(0, this.options.threshold)): Promise<Hex[]> {
    return Promise.all(signers.map(({ privateKey }) => signDigest(checkpointDigest(checkpoint), privateKey)));
  }

  /** What proves a message to a module: by the message's own checkpoint, or by any later one. */
  async metadata({ index }: Sent, kind: ModuleKind, checkpointIndex = this.tree.count - 1): Promise<Hex> {
    if (kind === "messageId") {
      const checkpoint = this.checkpoint(index);
      return messageIdMetadata(checkpoint, await this.sign(checkpoint));
    }
    const checkpoint = this.checkpoint(checkpointIndex);
    return merkleRootMetadata(checkpoint, index, this.tree.proof(index, checkpointIndex + 1), await this.sign(checkpoint));
  }
}
