import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Hex } from "viem";
import {
  announcementDigest,
  branchRoot,
  checkpointDigest,
  decodeMessage,
  encodeMessage,
  hookMetadata,
  merkleRootMetadata,
  messageId,
  messageIdMetadata,
  MessageTree,
  signDigest,
  toBytes32,
  type Checkpoint,
  type Message,
} from "../src/index.ts";

interface MessageVector {
  nonce: number;
  origin: number;
  sender: Hex;
  destination: number;
  recipient: Hex;
  body: Hex;
  encoded: Hex;
  message_id: Hex;
  root_after_insert: Hex;
}
interface CheckpointVector {
  origin_domain: number;
  merkle_tree_hook: Hex;
  root: Hex;
  index: number;
  message_id: Hex;
  eip191_digest: Hex;
  signatures_by_validator: Hex[];
}
interface ValidatorVector {
  private_key: Hex;
  address: Hex;
}

/** What the real contracts did. */
const [byMessageId, byMerkleRoot, fromEvm] = (
  JSON.parse(readFileSync(new URL("../../bridge/hyperlane-primitives/vectors.json", import.meta.url), "utf8")) as {
    vectors: [
      {
        validators: ValidatorVector[];
        message: MessageVector;
        encoded: Hex;
        message_id: Hex;
        leaves: Hex[];
        checkpoint: CheckpointVector;
        signer_indices: number[];
        metadata: Hex;
      },
      {
        validators: ValidatorVector[];
        messages: MessageVector[];
        proven_leaf_index: number;
        proof: Hex[];
        checkpoint: CheckpointVector;
        signer_indices: number[];
        metadata: Hex;
      },
      {
        validators: ValidatorVector[];
        evm: { merkle_tree_hook: Hex };
        dispatched: MessageVector[];
        checkpoint: CheckpointVector;
        message_id_metadata_for_msg2_signers_0_1: Hex;
        merkle_root_metadata_for_msg0_signers_0_2: Hex;
        standard_hook_metadata_example: { gas_limit: number; refund: Hex; encoded: Hex };
        announcement: { domain: number; mailbox: Hex; storage_location: string; eip191_digest: Hex; signature: Hex };
      },
    ];
  }
).vectors;

test("messages have the contracts' bytes and ids, both ways", () => {
  const all = [{ ...byMessageId.message, encoded: byMessageId.encoded, message_id: byMessageId.message_id }];
  for (const vector of [...all, ...byMerkleRoot.messages, ...fromEvm.dispatched]) {
    const message = messageOf(vector);
    assert.equal(encodeMessage(message), vector.encoded);
    assert.deepEqual(decodeMessage(vector.encoded), message);
    assert.equal(messageId(vector.encoded), vector.message_id);
  }
});

test("a message of another version, or a shorter one, is not read", () => {
  assert.throws(() => decodeMessage(`0x02${byMessageId.encoded.slice(4)}`), /version 2/);
  assert.throws(() => decodeMessage("0x03"), /77 bytes/);
});

test("the tree has the contracts' root after each message, now and later", () => {
  for (const messages of [byMerkleRoot.messages, fromEvm.dispatched]) {
    const tree = new MessageTree();
    for (const { message_id, root_after_insert } of messages) {
      tree.insert(message_id);
      assert.equal(tree.root(), root_after_insert);
    }
    messages.forEach(({ root_after_insert }, index) => assert.equal(tree.root(index + 1), root_after_insert));
  }
  assert.equal(new MessageTree().root(), "0x27ae5ba08d7291c96c8cbddcc148bf48a6d68c7974b94356f53754ef6171d757");
});

test("every leaf is proven at every size, and the contracts' proof is ours", () => {
  const tree = new MessageTree();
  byMerkleRoot.messages.forEach(({ message_id }) => tree.insert(message_id));
  for (let count = 1; count <= tree.count; count++) {
    for (let index = 0; index < count; index++) {
      assert.equal(branchRoot(tree.leaf(index), tree.proof(index, count), index), tree.root(count));
    }
  }
  assert.deepEqual(tree.proof(byMerkleRoot.proven_leaf_index), byMerkleRoot.proof);
});

test("validators sign what the contracts accepted", async () => {
  for (const { validators, checkpoint } of [byMessageId, byMerkleRoot, fromEvm]) {
    const digest = checkpointDigest(checkpointOf(checkpoint));
    assert.equal(digest, checkpoint.eip191_digest);
    const signatures = await Promise.all(validators.map(({ private_key }) => signDigest(digest, private_key)));
    assert.deepEqual(signatures, checkpoint.signatures_by_validator);
  }
  const { announcement, validators } = fromEvm;
  const digest = announcementDigest({ ...announcement, location: announcement.storage_location });
  assert.equal(digest, announcement.eip191_digest);
  assert.equal(await signDigest(digest, validators[0]!.private_key), announcement.signature);
});

test("metadata of both kinds has the bytes that the contracts accepted", () => {
  assert.equal(messageIdMetadata(checkpointOf(byMessageId.checkpoint), signaturesOf(byMessageId)), byMessageId.metadata);
  const { proven_leaf_index: leaf, proof } = byMerkleRoot;
  assert.equal(merkleRootMetadata(checkpointOf(byMerkleRoot.checkpoint), leaf, proof, signaturesOf(byMerkleRoot)), byMerkleRoot.metadata);

  const tree = new MessageTree();
  fromEvm.dispatched.forEach(({ message_id }) => tree.insert(message_id));
  const checkpoint = checkpointOf(fromEvm.checkpoint);
  const by = (...signers: number[]): Hex[] => signaturesOf({ ...fromEvm, signer_indices: signers });
  assert.equal(messageIdMetadata(checkpoint, by(0, 1)), fromEvm.message_id_metadata_for_msg2_signers_0_1);
  assert.equal(merkleRootMetadata(checkpoint, 0, tree.proof(0), by(0, 2)), fromEvm.merkle_root_metadata_for_msg0_signers_0_2);
});

test("hook metadata has the bytes that the contracts read", () => {
  const { gas_limit, refund, encoded } = fromEvm.standard_hook_metadata_example;
  assert.equal(hookMetadata({ gasLimit: BigInt(gas_limit), refundTo: refund }), encoded);
});

function messageOf({ nonce, origin, sender, destination, recipient, body }: MessageVector): Message {
  return { nonce, origin, sender, destination, recipient, body };
}

function checkpointOf(vector: CheckpointVector): Checkpoint {
  const { origin_domain: origin, merkle_tree_hook: hook, root, index, message_id } = vector;
  return { origin, hook: toBytes32(hook), root, index, messageId: message_id };
}

function signaturesOf({ checkpoint, signer_indices }: { checkpoint: CheckpointVector; signer_indices: number[] }): Hex[] {
  return signer_indices.map((signer) => checkpoint.signatures_by_validator[signer]!);
}
