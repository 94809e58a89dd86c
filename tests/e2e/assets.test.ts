/** Paying in another asset than PEN, on a real node: tasks, workflows, fees, and offers quoted in a stable coin. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  acceptAsset,
  costOf,
  devAccount,
  join,
  MICRO,
  PEN,
  post,
  refuseAsset,
  runWorkflow,
  send,
  Watch,
  type AssetView,
  type Client,
  type Posted,
  type Terms,
} from "../../client/ts/src/index.ts";
import { account, awaits, balance, BOB, BOND, CHARLIE, DAVE, joins, MODELS, network, offer, refuses, register, REQUESTER, sends, SUDO, terms, type Model } from "./stage.ts";

/** Accounts that the chain does not start with. */
const [MERCHANT, PAUPER] = ["Merchant", "Pauper"] as const;
const PRICE = 20n * MICRO;
/** 10⁻⁶ of a whole unit: the smallest of the test coin. */
const WHOLE = 1_000_000n;
/** Most that a task may cost, in the coin: some 300 µPEN. */
const CAP = 600n;
/** Most that a rate moves in one block, in parts per million: `rates::MAX_CHANGE_PPM` of the runtime. */
const MAX_CHANGE = 500n;

let client: Client;
let langid: Model;
let watch: Watch;
let coin: AssetView;

before(async () => {
  const net = await network("assets");
  ({ client } = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } }));
  langid = await register(client, "langid");
  const [stable] = (await client.rpc.assetsListed()).filter(({ stable }) => stable);
  assert.ok(stable, "the chain starts without a stable coin");
  coin = stable;
  await joins(client, BOB, "//Solver1", [langid], PRICE);
  await acceptAsset(client, account(BOB), coin.asset);
  // Cheaper, but paid in PEN only; nobody works for it, so that a task it held would run out.
  await joins(client, CHARLIE, "//Solver2", [langid], PRICE / 2n);
  await sends(client, SUDO, "assets", "transfer", coin.asset, account(MERCHANT).address, 10n * WHOLE);
  watch = await Watch.open(client);
});

/** What an account has of the coin: what it can spend. */
async function coins(name: string): Promise<bigint> {
  const found = await client.api.query.assets!.account!(coin.asset, account(name).address);
  const { balance } = (found.toJSON() ?? { balance: 0 }) as { balance: number | string };
  return BigInt(balance);
}

const input = (): { bytes: Uint8Array } => ({ bytes: langid.vectors[0]!.input });

/** Posts a text that is paid in the coin, the transaction too. */
async function buys(name: string, changes: Partial<Terms> = {}): Promise<Posted> {
  const wanted = await terms(client, langid, { maxReward: CAP, asset: coin.asset, ...changes });
  return post(client, account(name), wanted, [input()], { feeAsset: coin.asset });
}

/** What a whole coin is worth now. */
async function worth(): Promise<bigint> {
  return client.rpc.assetsWorth(coin.asset, WHOLE);
}

test("the chain tells which assets pay and what they are worth", async () => {
  assert.deepEqual([coin.symbol, coin.decimals, coin.stable], ["tUSD", 6, true]);
  assert.equal(BigInt(coin.worth!), PEN / 2n);
  assert.equal(await worth(), PEN / 2n);
  await refuses(client.rpc.assetsWorth(77, 1n), "rpc", "NoWorth", /assets_listed/);
});

test("who owns nothing but a stable coin has a text identified, and the solver is paid in it", async () => {
  assert.deepEqual(await balance(client, MERCHANT), { free: 0n, held: 0n });
  const [before, earned, cap] = [await coins(MERCHANT), await coins(BOB), await client.rpc.assetsWorth(coin.asset, CAP)];
  const posted = await buys(MERCHANT);
  assert.equal(posted.feeAsset, coin.asset);
  assert.ok(posted.fee > 0n && posted.prepaid > 0n);
  assert.deepEqual(posted.parts.map(({ solver }) => solver), [account(BOB).address], "Charlie is cheaper but takes PEN only");

  const ended = await watch.settled(posted.tasks[0]!);
  const price = costOf(PRICE, cap, CAP);
  assert.deepEqual([ended.outcome, ended.output, ended.asset, ended.price], ["answered", langid.vectors[0]!.output, coin.asset, price]);
  assert.equal(await coins(MERCHANT), before - posted.fee - posted.prepaid - price, "only what it cost is gone");
  const gain = (await coins(BOB)) - earned;
  assert.ok(gain > price / 2n && gain <= price, `the solver got ${gain} of ${price}`);
  assert.deepEqual(await balance(client, MERCHANT), { free: 0n, held: 0n }, "it never had any PEN");

  const { record } = await watch.proven(posted.tasks[0]!);
  assert.deepEqual([record.asset, BigInt(record.price)], [coin.asset, price]);
});

test("the status of a task says what is held for it, and in which asset", async () => {
  const { tasks } = await buys(MERCHANT, { verification: { requester: { window: 20 } } });
  const status = await client.rpc.taskStatus(tasks[0]!);
  assert.ok(status.state !== "ended");
  assert.deepEqual([status.asset, BigInt(status.escrow)], [coin.asset, CAP]);
  assert.equal(BigInt(status.max_reward), await client.rpc.assetsWorth(coin.asset, CAP));
  assert.equal((await watch.settled(tasks[0]!)).asset, coin.asset);
});

test("a solver that no longer accepts an asset is assigned no task that is paid in it", async () => {
  await refuseAsset(client, account(BOB), coin.asset);
  await refuses(buys(MERCHANT), "taskMarket", "AssetNotAccepted", /PEN/);
  await acceptAsset(client, account(BOB), coin.asset);
  const { accepts } = await client.rpc.solverStatus(account(BOB).address);
  assert.deepEqual(accepts, [coin.asset]);
});

test("a workflow is paid in one asset, and what is left of its budget comes back in it", async () => {
  const before = await coins(MERCHANT);
  const [budget, patience] = [2n * WHOLE, 40];
  const { fee, number } = await runWorkflow(
    client,
    account(MERCHANT),
    [
      { model: langid.id, source: input(), maxReward: CAP, patience },
      { model: langid.id, source: input(), maxReward: CAP, patience },
    ],
    budget,
    { asset: coin.asset, feeAsset: coin.asset },
  );
  await awaits(client, number, ["workflow", "WorkflowEnded"]);
  const spent = before - (await coins(MERCHANT));
  assert.ok(spent > fee && spent < fee + 10n * CAP, `${spent} of ${budget} are gone`);
});

test("a price quoted in the stable coin follows its pool, and no faster than it may", async () => {
  // 10 µ of a coin, in 10⁻¹² of it: some 5 µPEN.
  const quoted = { ...offer(10_000_000n), unit: "stable" as const };
  await sends(client, CHARLIE, "solverStaking", "withdrawOffer", langid.id);
  await join(client, account(DAVE), devAccount("//Solver3"), BOND, [[langid.id, quoted]]);
  const [offered] = (await client.rpc.solverOffers(langid.id)).filter(({ solver }) => solver === account(DAVE).address);
  assert.equal(offered?.unit, "stable");
  const asks = async (): Promise<bigint> => {
    const posted = await post(client, account(REQUESTER), await terms(client, langid), [input()]);
    assert.deepEqual(posted.parts.map(({ solver }) => solver), [account(DAVE).address]);
    return posted.parts[0]!.price;
  };
  const [before, from] = [await worth(), await now()];
  const first = await asks();
  // The rate of the block that matched it is not quite that of the block before.
  const quotedNow = (10n * before) / WHOLE;
  assert.ok(first > quotedNow - quotedNow / 1000n && first < quotedNow + quotedNow / 1000n, `${first} where ${quotedNow} is quoted`);

  const path = [{ Native: null }, { WithId: coin.asset }];
  await sends(client, SUDO, "assetConversion", "swapExactTokensForTokens", path, 2_000n * PEN, 1, account(SUDO).address, true);
  await until(from + 15);
  const [after, at] = [await worth(), await now()];
  const most = before + (before * MAX_CHANGE * BigInt(at - from)) / 1_000_000n;
  assert.ok(after > before && after <= most, `${before} became ${after}, and ${most} at most`);
  const second = await asks();
  assert.ok(second > first && second < first + first / 50n, `${first} became ${second}`);
  await sends(client, DAVE, "solverStaking", "withdrawOffer", langid.id);
});

test("where there is no rate nothing can be posted, and the refusal says what to do", async () => {
  await refuses(buys(MERCHANT, { asset: 77 }), "rates", "NotListed", /PEN/);
  // A price far off its average is nobody's price.
  const path = [{ Native: null }, { WithId: coin.asset }];
  await sends(client, SUDO, "assetConversion", "swapExactTokensForTokens", path, 30_000n * PEN, 1, account(SUDO).address, true);
  await until((await now()) + 2);
  await refuses(buys(MERCHANT), "rates", "PriceMoves", /Wait|PEN/);
  await refuses(client.rpc.assetsWorth(coin.asset, 1n), "rpc", "NoWorth", /PEN/);
  const paid = await post(client, account(REQUESTER), await terms(client, langid), [input()]);
  assert.equal((await watch.settled(paid.tasks[0]!)).outcome, "answered");
});

test("a fee in an asset that the account has not is refused like one in PEN", async () => {
  const remark = client.call("system", "remark")("0x00");
  await refuses(send(client.api, account(PAUPER), remark, { feeAsset: coin.asset }), "pool", "Payment", /Add funds/);
  const { fee, feeAsset } = await send(client.api, account(MERCHANT), remark, { feeAsset: coin.asset });
  assert.ok(fee > 0n && feeAsset === coin.asset);
});

/** The number of the best block. */
async function now(): Promise<number> {
  return (await client.api.rpc.chain.getHeader()).number.toNumber();
}

/** Waits for a block. */
async function until(block: number): Promise<void> {
  while ((await now()) < block) await new Promise((resolve) => setTimeout(resolve, 200));
}
