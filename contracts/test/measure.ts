/** What it costs to receive results, measured on a node. The same figures each time: keys, addresses and order are fixed. */
import { encodeFunctionData, stringToHex, type Address, type Hex, type TransactionReceipt } from "viem";
import { abi, deploy, dispatchedIn, packClaims, settled, type ModuleKind, type Result } from "../kit/index.ts";
import { answered, question, Stage, ZERO } from "./stage.ts";

/** Results in a batch. */
const BATCH = 64;
/** Gas that is set aside for a callback. */
const CALLBACK = 100_000n;

/** Gas by what it was used for. */
export type Figures = Record<string, number>;

/** Measures all of it, for both kinds of security module, with a mailbox as it is and with one behind a proxy. */
export async function measure(): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {};
  for (const kind of ["messageId", "merkleRoot"] as const) {
    figures[kind] = await measureOn(kind, false);
    figures[`${kind}, mailbox behind a proxy`] = await measureOn(kind, true);
  }
  return figures;
}

async function measureOn(kind: ModuleKind, proxied: boolean): Promise<Figures> {
  const stage = await Stage.set({ kind, proxied });
  try {
    const quiet = await stage.consumer("Quiet");
    const bare = await deploy(stage.evm, "Bare", abi.bareAbi, [ZERO]);
    const { desk, token } = await stage.desk();
    const questions = await askDesk(stage, desk, token, BATCH, 1);
    return {
      ...(await direct(stage, { quiet, bare, desk, token })),
      ...(await batched(stage, { quiet, desk, ofDesk: questions.map(({ request }) => request) })),
      ...(await asking(stage, quiet)),
      "ask, LanguageDesk, deposit included": questions.at(-1)!.gas,
    };
  } finally {
    await stage.stop();
  }
}

async function direct(stage: Stage, { quiet, bare, desk, token }: Record<"quiet" | "bare" | "desk" | "token", Address>): Promise<Figures> {
  // The first message of a chain finds slots that no later one does, so that it is not measured.
  await stage.process(stage.send(quiet, answered(quiet, await stage.ask(quiet))));
  const request = await stage.ask(quiet, { callbackGas: CALLBACK });
  const toBare = await stage.process(stage.send(bare, answered(quiet, request)));
  const sent = stage.send(quiet, answered(quiet, request));
  const args = [await stage.pensum.metadata(sent, stage.kind), sent.encoded] as const;
  const limit = await stage.evm.estimateContractGas({ address: stage.mailbox, abi: abi.mailboxAbi, functionName: "process", args });
  const toQuiet = await stage.process(sent);
  const [asked] = await askDesk(stage, desk, token, 1, 0);
  const toDesk = await stage.process(stage.send(desk, answered(desk, asked!.request)));
  return {
    "process, empty handler": gas(toBare),
    "process, PensumClient": gas(toQuiet),
    "process, PensumClient ÷ empty handler": ratio(toQuiet, toBare),
    "process, LanguageDesk": gas(toDesk),
    "process, LanguageDesk ÷ empty handler": ratio(toDesk, toBare),
    "process, gas limit beyond the callback's": Number(limit - CALLBACK),
  };
}

async function batched(stage: Stage, { quiet, desk, ofDesk }: { quiet: Address; desk: Address; ofDesk: Hex[] }): Promise<Figures> {
  // Likewise the first batch.
  await stage.batch(0n, [answered(quiet, await stage.ask(quiet))]);
  const requests: Hex[] = [];
  for (let at = 0; at < BATCH; at++) requests.push(await stage.ask(quiet, { delivery: 1 }));
  const ofQuiet = await batch(stage, "PensumClient", 1n, quiet, requests);

  const alone = answered(quiet, await stage.ask(quiet));
  const { tree } = await stage.batch(3n, [alone, ...ofDesk.slice(1).map((request) => answered(desk, request))]);
  const args = [alone, 3n, BATCH, 0, tree.proof(0)] as const;
  const claim = { address: quiet, abi: abi.quietAbi, functionName: "claim", args } as const;
  const claimed = await settled(stage.evm, stage.evm.writeContract(claim));
  return { ...ofQuiet, ...(await batch(stage, "LanguageDesk", 2n, desk, ofDesk)), [`claim, one of ${BATCH}, PensumClient`]: gas(claimed) };
}

async function asking(stage: Stage, quiet: Address): Promise<Figures> {
  const fee = await stage.quote(quiet, question());
  const ask = { address: quiet, abi: abi.quietAbi, functionName: "ask", args: [question()], value: fee } as const;
  return { "ask, PensumClient": gas(await settled(stage.evm, stage.evm.writeContract(ask))) };
}

async function batch(
  stage: Stage,
  consumer: string,
  number: bigint,
  address: Address,
  requests: Hex[],
): Promise<Figures> {
  const results: Result[] = requests.map((request, at) =>
    answered(address, request, { task: 123_456n + BigInt(at), price: 777_777n + BigInt(at), output: `0x${(at % 26).toString(16).padStart(2, "0")}000000` }),
  );
  const before = await stage.anvil.snapshot();
  const { tree, receipt: root, sent } = await stage.batch(number, results);
  const [claim] = packClaims(tree, results.map((result, index) => ({ index, result })));
  const { count, shared, packed, siblings } = claim!;
  const data = encodeFunctionData({
    abi: abi.pensumClientAbi,
    functionName: "claimMany",
    args: [number, tree.leaves, count, shared, packed, siblings],
  });
  const claimed = await settled(stage.evm, stage.evm.sendTransaction({ to: address, data }));
  await stage.anvil.revert(before);
  const args = [stage.mailbox, await stage.pensum.metadata(sent, stage.kind), sent.encoded, [{ client: address, call: data }]] as const;
  const relay = { address: stage.relay, abi: abi.batchRelayAbi, functionName: "relay", args } as const;
  const together = await settled(stage.evm, stage.evm.writeContract(relay));
  return {
    "process, root of a batch": gas(root),
    [`claimMany, ${BATCH} results, ${consumer}`]: gas(claimed),
    [`one of ${BATCH} results, root included, ${consumer}`]: Math.ceil((gas(root) + gas(claimed)) / BATCH),
    [`one of ${BATCH} results, root included, by BatchRelay, ${consumer}`]: Math.ceil(gas(together) / BATCH),
  };
}

async function askDesk(stage: Stage, desk: Address, token: Address, count: number, delivery: number): Promise<{ request: Hex; gas: number }[]> {
  const terms = { maxReward: 1_000n, deposit: 1_500n, deadline: 20, delivery };
  const args = [stringToHex("Wo ist die Apotheke?"), terms] as const;
  const [value] = await stage.evm.readContract({ address: desk, abi: abi.languageDeskAbi, functionName: "quoteAsk", args });
  const approve = { address: token, abi: abi.erc20TestAbi, functionName: "approve", args: [desk, 1_500n * BigInt(count)] } as const;
  await settled(stage.evm, stage.evm.writeContract(approve));
  const asked: { request: Hex; gas: number }[] = [];
  for (let at = 0; at < count; at++) {
    const call = { address: desk, abi: abi.languageDeskAbi, functionName: "ask", args, value } as const;
    const receipt = await settled(stage.evm, stage.evm.writeContract(call));
    asked.push({ request: dispatchedIn(receipt).at(-1)!.id, gas: gas(receipt) });
  }
  return asked;
}

function gas({ gasUsed }: TransactionReceipt): number {
  return Number(gasUsed);
}

function ratio(one: TransactionReceipt, other: TransactionReceipt): number {
  return Math.round((gas(one) * 1000) / gas(other)) / 1000;
}
