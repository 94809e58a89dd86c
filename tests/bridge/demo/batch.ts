/** Many results under one root, brought and claimed in a single transaction. */
import { createRequire } from "node:module";
import {
  abi,
  decodeResult,
  deploy,
  leafOf,
  messageIdMetadata,
  packClaims,
  ResultTree,
  settled,
} from "../../../contracts/kit/index.ts";
import type * as Viem from "../../../contracts/node_modules/viem/_types/index.js";
import { fromEvm, MERKLE_TREE_HOOK, type DispatchedMessage, type Hex } from "../../../client/ts/src/index.ts";
import type { EvmChain } from "../evm.ts";
import type { Model } from "../people.ts";
import type { Stage } from "../stage.ts";
import { until } from "../waiting.ts";

// The package of the contracts: what encodes a call is not worth another copy of it.
const { encodeFunctionData } = createRequire(new URL("../../../contracts/package.json", import.meta.url))("viem") as typeof Viem;

/** What a batch cost. */
export interface BatchGas {
  size: number;
  gas_per_result: number;
}

/** Asks `size` questions for batched delivery, waits for the root, and brings root and results in one transaction, as anybody can. */
export async function batch(stage: Stage, chain: EvmChain, model: Model, size: number, deposit: bigint): Promise<BatchGas> {
  const { client } = stage;
  const consumer = await chain.consumer("Quiet");
  await stage.processed((await chain.deposit(consumer.account, deposit)).id);
  const wanted = Array.from({ length: size }, (_, place) => {
    const { input } = model.vectors[place % model.vectors.length]!;
    return { model: model.id, input: `0x${Buffer.from(input).toString("hex")}` as Hex, maxReward: 1_000n, deadline: 60, delivery: 1 };
  });
  const messages = await consumer.askAll(wanted);
  const proofs = await Promise.all(messages.map(({ id }) => until(`the proof of ${id}`, async () => client.rpc.bridgeResultProof(id))));
  const [{ batch, root, leaves }] = proofs as [(typeof proofs)[0]];
  if (proofs.some((proof) => proof.root !== root)) throw new Error("The results came under several roots. Is the relayer slow?");

  const placed = proofs.map(({ result, index }) => ({ index, result: decodeResult(result) }));
  const tree = new ResultTree([...placed].sort((a, b) => a.index - b.index).map(({ result }) => leafOf(result)));
  const calls = packClaims(tree, placed).map(({ count, shared, packed, siblings }) => {
    const args = [BigInt(batch), leaves, count, shared, packed, siblings] as const;
    return { client: consumer.address, call: encodeFunctionData({ abi: abi.quietAbi, functionName: "claimMany", args }) };
  });
  const { message, metadata } = await proven(stage, chain, messages[0]!.id);
  const relay = await deploy(chain.evm, "BatchRelay", abi.batchRelayAbi);
  const call = { address: relay, abi: abi.batchRelayAbi, functionName: "relay", args: [chain.hyperlane.mailbox, metadata, message.message, calls] } as const;
  await chain.evm.simulateContract(call);
  const { gasUsed } = await settled(chain.evm, chain.evm.writeContract(call));
  for (const { id } of messages) if ((await consumer.standing(id)) !== 0) throw new Error(`The result of ${id} was not taken.`);
  return { size, gas_per_result: Number(gasUsed) / size };
}

/** The message with the root, and what proves it to the default module, from what the node tells. */
async function proven({ client }: Stage, chain: EvmChain, request: Hex): Promise<{ message: DispatchedMessage; metadata: Hex }> {
  const state = await until("the root dispatched", async () => client.rpc.bridgeRequest(request));
  if (state.state !== "sent") throw new Error("The root was not sent.");
  const { count } = await client.rpc.bridgeInfo();
  const messages = await client.rpc.bridgeMessages(Math.max(0, count - 256), 256);
  const message = messages.find(({ id }) => id === state.message);
  if (!message) throw new Error("The node's index does not have the root's message.");
  if (fromEvm(chain.registry) !== `0x${message.message.slice(92, 156)}`) throw new Error("The root goes elsewhere than to the registry.");
  const checkpoint = await until("its checkpoint signed", async () => {
    const found = await client.rpc.bridgeCheckpoint(message.index);
    return found && found.signatures.length > 0 ? found : null;
  });
  const signed = { origin: chain.pensum, hook: MERKLE_TREE_HOOK, root: checkpoint.root, index: checkpoint.index, messageId: checkpoint.message_id };
  return { message, metadata: messageIdMetadata(signed, checkpoint.signatures.map(({ signature }) => signature)) };
}
