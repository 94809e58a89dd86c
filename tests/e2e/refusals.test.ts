/** Everything that the chain, the RPC and the gateway refuse: each with its own name and a remedy, and nothing changes. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { before, test } from "node:test";
import {
  devAccount,
  GatewayError,
  graphDigests,
  manifestOf,
  MICRO,
  modelId,
  offering,
  PEN,
  post,
  proveOwnership,
  putBlob,
  registration,
  request,
  send,
  type Client,
  type Digest,
  type Included,
  type Input,
  type Manifest,
  type Member,
  type ModelId,
  type Posted,
  type Terms,
} from "../../client/ts/src/index.ts";
import { account, balance, BOB, BOND, CHARLIE, DAVE, joins, MODELS, network, offer, PUBLISHER, refuses, register, REQUESTER, sends, SUDO, terms, type Model } from "./stage.ts";

const PRICE = 20n * MICRO;
const UNKNOWN: ModelId = `0x${"42".repeat(32)}`;

let node: Member;
let client: Client;
let langid: Model;
let digits: Model;
/** Tasks that their solver, which is not there, leaves open. */
let open: Posted;

before(async () => {
  const net = await network("refusals");
  node = await net.validator({ solver: { name: "node", operator: "//Solver1", models: MODELS } });
  client = node.client;
  langid = await register(client, "langid");
  digits = await register(client, "digits");
  await joins(client, BOB, "//Solver1", [langid, digits], PRICE);
  // Charlie has joined, is cheaper for digits, and its node is off.
  await joins(client, CHARLIE, "//Off", [digits], PRICE / 2n);
  const image = { bytes: digits.vectors[0]!.input };
  open = await post(client, account(REQUESTER), await terms(client, digits, { maxReward: PRICE / 2n, deadline: 1000 }), [image, image]);
  assert.deepEqual(open.parts.map(({ solver }) => solver), [account(CHARLIE).address]);
});

const TEXT: Input = { text: "Where is the nearest pharmacy?" };

async function posts(model: Model, changes: Partial<Terms> = {}, inputs: Input[] = [TEXT]): Promise<Posted> {
  return post(client, account(REQUESTER), await terms(client, model, changes), inputs);
}

test("stake that stands behind tasks cannot be unbonded, nor can its solver leave", async () => {
  const status = await client.rpc.solverStatus(account(CHARLIE).address);
  assert.equal(status.in_flight, 2);
  assert.ok(BigInt(status.locked) > 0n);
  assert.equal(BigInt(status.free), BOND - BigInt(status.locked));
  const tooMuch = BigInt(status.free) + 1n;
  await refuses(sends(client, CHARLIE, "solverStaking", "unbond", tooMuch), "solverStaking", "StakeNotFree", /solver_status/);
  await refuses(sends(client, CHARLIE, "solverStaking", "leave"), "solverStaking", "StillAtWork", /let the tasks end/);
  await refuses(sends(client, CHARLIE, "solverStaking", "unbond", BigInt(status.free)), "solverStaking", "RestTooSmall", /leave/);
  assert.deepEqual(await client.rpc.solverStatus(account(CHARLIE).address), status);
  await refuses(client.rpc.recordGet(open.tasks[0]!), "rpc", "StillOpen", /task_status/);
  assert.deepEqual((await client.rpc.taskOpen({ model: digits.id })).map(({ task }) => task), open.tasks);
});

test("only the requester cancels, which frees the stake and returns the escrow", async () => {
  await refuses(sends(client, DAVE, "taskMarket", "cancel", open.batch), "taskMarket", "NotRequester", /requester/);
  await sends(client, REQUESTER, "taskMarket", "cancel", open.batch);
  await refuses(sends(client, REQUESTER, "taskMarket", "cancel", open.batch), "taskMarket", "BatchNotOpen", /record_get/);
  const { locked, in_flight } = await client.rpc.solverStatus(account(CHARLIE).address);
  assert.deepEqual([locked, in_flight, (await balance(client, REQUESTER)).held], ["0", 0, 0n]);
  const status = await client.rpc.taskStatus(open.tasks[0]!);
  assert.deepEqual(status.state === "ended" && status.outcome, { refunded: "cancelled" });
});

test("a post for a model that cannot be used is refused", async () => {
  await refuses(posts({ ...langid, id: UNKNOWN }), "attestationRegistry", "UnknownModel", /register the model/);
  const next = { ...digits, file: { ...digits.file, version: "2.0.0" } };
  const manifest = manifestOf(next, account(PUBLISHER).publicKey, digits.id);
  await send(client.api, account(PUBLISHER), registration(client, manifest, digits.graph));
  const young = { ...digits, id: modelId(manifest) };
  await refuses(posts(young, {}, [{ bytes: digits.vectors[0]!.input }]), "attestationRegistry", "ModelNotYetActive", /Wait/);
  await sends(client, PUBLISHER, "attestationRegistry", "retire", young.id);
  await refuses(posts(young), "attestationRegistry", "ModelRetired", /Choose another/);
  const lone = manifestOf({ ...digits, file: { ...digits.file, name: "lone" } }, account(PUBLISHER).publicKey);
  await send(client.api, account(PUBLISHER), registration(client, lone, digits.graph));
  await refuses(posts({ ...digits, id: modelId(lone) }, {}, [{ bytes: digits.vectors[0]!.input }]), "taskMarket", "NobodyOffers", /Wait for an offer/);
  await sends(client, PUBLISHER, "attestationRegistry", "flag", modelId(lone), "a test");
  await refuses(posts({ ...digits, id: modelId(lone) }), "attestationRegistry", "ModelFlagged", /allow_flagged/);
});

test("a post with an input that does not fit the model is refused", async () => {
  const image = digits.vectors[0]!.input;
  await refuses(posts(digits, {}, [{ bytes: image.subarray(1) }]), "taskMarket", "InputWrongShape", /model_info/);
  await refuses(posts(digits, {}, [{ bytes: image }, { text: "seven" }]), "taskMarket", "InputWrongShape", /model_info/);
  await refuses(posts(langid, {}, [{ bytes: Uint8Array.of(0xc3) }]), "taskMarket", "InputNotText", /UTF-8/);
  await refuses(posts(langid, {}, [{ blob: { sha256: UNKNOWN, len: 4097 } }]), "taskMarket", "BlobTooLong", /4096/);
  await refuses(posts(langid, {}, []), "taskMarket", "NoInputs", /at least one/);
  await refuses(posts(langid, {}, [{ bytes: new Uint8Array(4097) }]), "client", "InputTooLong", /Shorten it/);
  await refuses(posts(langid, {}, Array(257).fill(TEXT)), "client", "TooManyInputs", /several batches/);
});

test("a post whose price cap is below every offer is refused, and names the remedy", async () => {
  await refuses(posts(langid, { maxReward: PRICE - 1n }), "taskMarket", "PriceCapBelowOffers", /cheapest of the standing offers/);
  const [cheapest] = await client.rpc.solverOffers(langid.id);
  assert.equal(BigInt(cheapest!.min_reward), PRICE);
});

test("a post whose deadline has passed, is too near or too far is refused", async () => {
  await refuses(posts(langid, { deadline: 1 }), "taskMarket", "DeadlineTooSoon", /MinDeadline/);
  await refuses(posts(langid, { deadline: 100_000_000 }), "taskMarket", "DeadlineTooFar", /MaxDeadline/);
});

test("a post that asks for what is not offered or cannot be paid is refused, and no escrow stays", async () => {
  const raw = { model: langid.id, maxReward: PRICE, deadline: 1000, matching: "Book", minReputation: 0, allowFlagged: false };
  const window = { ...raw, verification: { Replay: { window: 5 } } };
  await refuses(sends(client, REQUESTER, "taskMarket", "post", window, [{ Inline: "0x61" }]), "taskMarket", "WindowTooShort", /MinWindow/);
  await refuses(posts(langid, { minReputation: 1_000_001 }), "taskMarket", "ReputationOutOfRange", /1000000/);
  await refuses(posts(langid, { minReputation: 1_000_000 }), "taskMarket", "SolversBusy", /Try again/);
  await refuses(posts(langid, { maxReward: 2_000_000n * PEN }), "taskMarket", "CannotEscrow", /Add funds/);
  assert.equal((await balance(client, REQUESTER)).held, 0n);
});

test("an operator key of somebody else, or one at work already, makes no solver", async () => {
  const [stash, own, foreign] = [account(DAVE), devAccount("//Own"), devAccount("//Foreign")];
  const joining = (operator: Uint8Array, proof: Uint8Array, bond = BOND): Promise<Included> =>
    sends(client, DAVE, "solverStaking", "join", operator, proof, bond);
  await refuses(joining(foreign.publicKey, proveOwnership(client.api, own, stash)), "solverStaking", "BadOperatorProof", /ownership payload/);
  const forBob = proveOwnership(client.api, foreign, account(BOB));
  await refuses(joining(foreign.publicKey, forBob), "solverStaking", "BadOperatorProof", /Sign/);
  const taken = devAccount("//Solver1");
  await refuses(joining(taken.publicKey, proveOwnership(client.api, taken, stash)), "solverStaking", "OperatorTaken", /key of your own/);
  const proof = proveOwnership(client.api, own, stash);
  await refuses(joining(own.publicKey, proof, PEN), "solverStaking", "BondTooSmall", /Bond more/);
  await refuses(joining(own.publicKey, proof, 2_000_000n * PEN), "solverStaking", "BondUnaffordable", /Bond less/);
  await refuses(client.rpc.solverStatus(stash.address), "rpc", "UnknownSolver", /solver_staking\.join/);
});

test("offers that make no sense are refused", async () => {
  const offers = (who: string, model: ModelId, capacity: number): Promise<Included> =>
    send(client.api, account(who), offering(client, model, offer(PRICE, capacity)));
  await refuses(offers(DAVE, langid.id, 1), "solverStaking", "NotSolver", /Join first/);
  await refuses(offers(BOB, UNKNOWN, 1), "solverStaking", "ModelUnknown", /model_info/);
  await refuses(offers(BOB, langid.id, 0), "solverStaking", "CapacityZero", /withdraw_offer/);
  await refuses(sends(client, BOB, "solverStaking", "withdrawOffer", UNKNOWN), "solverStaking", "NoSuchOffer", /solver_status/);
});

test("a model whose graph is not what its manifest says, or could overflow, is not registered", async () => {
  const publisher = account(PUBLISHER);
  const registers = (manifest: Manifest, graph: Uint8Array, who = publisher): Promise<Included> =>
    send(client.api, who, registration(client, manifest, graph));
  const fresh = (changes: Partial<Manifest> = {}): Manifest => ({
    ...manifestOf({ ...digits, file: { ...digits.file, name: "other" } }, publisher.publicKey),
    ...changes,
  });
  const withDigests = (graph: Uint8Array): Manifest => fresh(graphDigests(graph));

  await refuses(registers(manifestOf(digits, publisher.publicKey), digits.graph), "attestationRegistry", "ModelExists", /change the version/);
  await refuses(registers(fresh(), digits.graph, account(DAVE)), "attestationRegistry", "NotPublisher", /publisher's account/);
  await refuses(registers(fresh(), langid.graph), "attestationRegistry", "WeightsMismatch", /graph that the manifest names/);
  await refuses(registers(fresh({ royalty: 100_001 }), digits.graph), "attestationRegistry", "RoyaltyTooHigh", /less/);
  await refuses(registers(fresh({ parents: [UNKNOWN] }), digits.graph), "attestationRegistry", "UnknownParent", /Register it first/);
  const nodes = fresh().nodes.toReversed();
  await refuses(registers(fresh({ nodes }), digits.graph), "attestationRegistry", "NodesMismatch", /exporter/);
  await refuses(registers(fresh({ input: { Tensor: { len: 63 } } }), digits.graph), "attestationRegistry", "InputMismatch", /input schema/);
  const overflowing = withGreatestBias(digits.graph);
  await refuses(registers(withDigests(overflowing), overflowing), "attestationRegistry", "GraphOverflows", /smaller weights/);
  const malformed = digits.graph.slice();
  malformed[6] = 1; // a flag that must be zero
  await refuses(registers(withDigests(malformed), malformed), "attestationRegistry", "GraphMalformed", /FORMAT\.md/);
});

test("only its publisher or governance flags a model, and only governance lifts a flag", async () => {
  await refuses(sends(client, DAVE, "attestationRegistry", "flag", langid.id, "spite"), "attestationRegistry", "NotPublisher");
  await sends(client, PUBLISHER, "attestationRegistry", "flag", langid.id, "a test");
  await refuses(posts(langid), "attestationRegistry", "ModelFlagged", /allow_flagged/);
  await refuses(sends(client, PUBLISHER, "attestationRegistry", "unflag", langid.id), "system", "BadOrigin", /Sign with/);
  const unflag = client.call("attestationRegistry", "unflag")(langid.id);
  await send(client.api, account(SUDO), client.call("sudo", "sudo")(unflag));
  await posts(langid);
});

test("arguments of the RPC that are malformed, unknown or too many are refused", async () => {
  const { rpc } = client;
  await refuses(rpc.taskStatus(2 ** 40), "rpc", "UnknownTask", /task_open/);
  await refuses(rpc.recordGet(2 ** 40), "rpc", "UnknownTask", /Take the id/);
  await refuses(rpc.modelInfo(UNKNOWN), "rpc", "UnknownModel", /model_list/);
  await refuses(rpc.modelInfo("0x42"), "rpc", "Malformed", /ask again/);
  await refuses(rpc.lineageModel(UNKNOWN), "rpc", "UnknownModel");
  await refuses(rpc.lineageImpact(langid.id, { limit: 257 }), "rpc", "TooMany", /several calls/);
  await refuses(rpc.solverStatus("Bob"), "rpc", "Malformed");
  await refuses(rpc.solverOffers(UNKNOWN), "rpc", "UnknownModel");
  await refuses(rpc.taskOpen({ limit: 257 }), "rpc", "TooMany");
  await refuses(rpc.taskOpen({ limit: 0 }), "rpc", "Malformed");
  await assert.rejects(client.subscribe([{ requester: "nobody" }], () => undefined), /7007|not an SS58|SS58 address/);
  await assert.rejects(client.subscribe([{ who: "nobody" }], () => undefined), /Invalid params|unknown field/);
});

test("malformed HTTP is refused by the gateway by name, and it goes on", async () => {
  const id: Digest = `0x${"01".repeat(32)}`;
  const json = (body: string): RequestInit => ({ method: "POST", body, headers: { "content-type": "application/json" } });
  const run = { id, weights: langid.file.weights_digest, input: { inline: "0x61" } };
  const expected: [path: string, init: RequestInit, status: number, code: string][] = [
    ["/v1/runs", json("{"), 400, "malformed_json"],
    ["/v1/runs", json(JSON.stringify({ runs: [], more: 1 })), 400, "malformed_json"],
    ["/v1/runs", json(JSON.stringify({ runs: [] })), 400, "no_runs"],
    ["/v1/runs", json(JSON.stringify({ runs: Array(257).fill(run) })), 400, "too_many_runs"],
    ["/v1/runs?wait_ms=9999", json(JSON.stringify({ runs: [run] })), 400, "wait_too_long"],
    [`/v1/runs?ids=${id}`, {}, 404, "unknown_run"],
    ["/v1/runs?ids=zz", {}, 400, "malformed_query"],
    ["/v1/blobs/bafkrei", {}, 400, "malformed_cid"],
    ["/v1/blobs/bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e", {}, 404, "blob_missing"],
    ["/v1/blobs", { method: "PUT", body: new Uint8Array(1024 * 1024 + 1) }, 413, "body_too_large"],
    ["/v1/nothing", {}, 404, "unknown_path"],
    ["/v1/health", { method: "DELETE" }, 405, "unknown_method"],
  ];
  for (const [path, init, status, code] of expected) {
    await assert.rejects(request(`${node.gateway}${path}`, init), (error: unknown) => {
      assert.ok(error instanceof GatewayError, `${path}: ${String(error)}`);
      assert.deepEqual([error.status, error.code], [status, code], error.message);
      assert.match(error.message, /[.!] \w|\. See/, `${code} gives no remedy: ${error.message}`);
      return true;
    });
  }
  assert.deepEqual(await withHeaders({ host: "evil.example" }), [421, "wrong_host"]);
  assert.deepEqual(await withHeaders({ origin: "http://evil.example" }), [403, "from_browser"]);
  const { sha256 } = await putBlob(node.gateway, Uint8Array.of(1, 2, 3));
  assert.match(sha256, /^0x[0-9a-f]{64}$/);
  assert.equal((await request<{ status: string }>(`${node.gateway}/v1/health`)).status, "ok");
});

/** The status and error code of a request with headers that `fetch` does not let a program choose. */
async function withHeaders(headers: { [name: string]: string }): Promise<[status: number, code: string]> {
  return new Promise((resolve, reject) => {
    httpRequest(`${node.gateway}/v1/health`, { headers }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => (body += part));
      response.on("end", () => resolve([response.statusCode ?? 0, (JSON.parse(body) as { error: { code: string } }).error.code]));
    })
      .on("error", reject)
      .end();
  });
}

/** The graph with the greatest bias in its last fully connected node, so that any positive product on top of it overflows. */
function withGreatestBias(graph: Uint8Array): Uint8Array {
  const bytes = graph.slice();
  const view = new DataView(bytes.buffer);
  const weights = 40 + view.getUint32(12, true);
  let bias: number | undefined;
  for (let at = 40; at < weights; at += view.getUint16(at, true)) {
    const fullyConnected = bytes[at + 2] === 3;
    if (!fullyConnected) continue;
    const rank = bytes[at + 5]!;
    const [units, depth] = [view.getUint32(at + 8 + 4 * (rank - 1), true), view.getUint32(at + 40, true)];
    bias = weights + view.getUint32(at + 24, true) + units * depth;
  }
  assert.ok(bias, "the graph has no fully connected node");
  view.setInt32(bias, 0x7fffffff, true);
  return bytes;
}
