/** What is missing or broken at a solver becomes `Unable` or a time-out, never a wrong answer: the task goes on or is refunded. */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, MICRO, post, request, Watch, type Client, type DevNet, type Member, type Posted } from "../../client/ts/src/index.ts";
import { account, balance, BOB, CHARLIE, joins, MODELS, network, register, REQUESTER, sends, terms, type Model } from "./stage.ts";

let net: DevNet;
let client: Client;
let charlie: Member;
let langid: Model;
let digits: Model;
let watch: Watch;
let models = "";

after(async () => rm(models, { recursive: true, force: true }));

before(async () => {
  models = await mkdtemp(join(tmpdir(), "pensum-models-"));
  await cp(join(MODELS, "langid"), join(models, "langid"), { recursive: true });
  net = await network("outages");
  // The validator works as a solver with a gateway that is not there.
  const dead = `http://127.0.0.1:${await freePort()}`;
  ({ client } = await net.validator({ solver: { name: "bob", operator: "//Solver1", gateway: dead } }));
  // The other solver lacks the digits model.
  charlie = await net.solver({ name: "charlie", operator: "//Solver2", models });
  langid = await register(client, "langid");
  digits = await register(client, "digits");
  await joins(client, BOB, "//Solver1", [langid], 10n * MICRO);
  await joins(client, CHARLIE, "//Solver2", [langid, digits], 20n * MICRO);
  watch = await Watch.open(client, account(REQUESTER).address);
});

async function asks(model: Model): Promise<Posted> {
  return post(client, account(REQUESTER), await terms(client, model), [{ bytes: model.vectors[0]!.input }]);
}

test("a solver whose gateway is down declines or runs out of time, and another answers", async () => {
  const posted = await asks(langid);
  assert.equal(posted.parts[0]!.solver, account(BOB).address);
  const ended = await watch.settled(posted.tasks[0]!);
  assert.deepEqual([ended.solver, ended.output], [account(CHARLIE).address, langid.vectors[0]!.output]);
  const { pending_slashes } = await client.rpc.solverStatus(account(BOB).address);
  assert.ok(pending_slashes.every(([, , fault]) => fault === "timed_out"), "an outage was taken for a wrong answer");
  await sends(client, BOB, "solverStaking", "withdrawOffer", langid.id);
});

test("a solver whose model file is missing declines at once, and without another the task is refunded", async () => {
  const before = await balance(client, REQUESTER);
  const posted = await asks(digits);
  const ended = await watch.settled(posted.tasks[0]!);
  assert.deepEqual(ended.outcome, { refunded: "nobody_left" });
  assert.ok(ended.block - posted.number <= 3, `it took ${ended.block - posted.number} blocks`);
  const now = await balance(client, REQUESTER);
  assert.deepEqual([now.held, before.free - now.free], [before.held, posted.fee + posted.prepaid]);
  assert.deepEqual((await client.rpc.solverStatus(account(CHARLIE).address)).pending_slashes, []);
});

test("a model file that arrives later is found without a restart", async () => {
  await cp(join(MODELS, "digits"), join(models, "digits"), { recursive: true });
  await sleep(1_100); // The folder is read again at most once a second.
  const posted = await asks(digits);
  const ended = await watch.settled(posted.tasks[0]!);
  assert.deepEqual([ended.outcome, ended.output], ["answered", digits.vectors[0]!.output]);
});

test("a model file that is damaged is no model: the task is refunded, not answered wrong", async () => {
  await truncate(join(models, "digits", digits.file.file), digits.file.weights_bytes - 1);
  await net.restart(charlie);
  const { models: known } = await request<{ models: { weights: string }[] }>(`${charlie.gateway}/v1/models`);
  assert.deepEqual(known.map(({ weights }) => weights), [langid.file.weights_digest]);
  const posted = await asks(digits);
  assert.deepEqual((await watch.settled(posted.tasks[0]!)).outcome, { refunded: "nobody_left" });
  assert.deepEqual((await client.rpc.solverStatus(account(CHARLIE).address)).pending_slashes, []);
});
