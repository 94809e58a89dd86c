/** A solver is stopped between commitment and reveal, saved, wiped and restored: it reveals what it committed to, and commits to nothing twice. */
import assert from "node:assert/strict";
import { access, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  batchOf,
  caughtUp,
  commit,
  commitmentTo,
  devAccount,
  eventsOf,
  field,
  freePort,
  MICRO,
  posting,
  reveal,
  send,
  u8aToHex,
  Watch,
  type Client,
  type Hex,
  type Seat,
} from "../../client/ts/src/index.ts";
import { account, awaits, BOB, CHARLIE, DAVE, eventsAt, joins, register, REQUESTER, terms, type Model } from "../e2e/stage.ts";
import { ROOT, run, Stage, type Running } from "./stage.ts";

const BACKUP = join(ROOT, "ops/backup");
const SALT: Hex = `0x${"09".repeat(32)}`;

let stage: Stage;
let validator: Running;
let solver: Running;
let client: Client;
let langid: Model;
let watch: Watch;

after(async () => stage?.stop());

before(async () => {
  stage = await Stage.create("backup");
  validator = await stage.validator();
  ({ client } = validator);
  solver = await stage.solver("bob", "//Solver1", await freePort());
  await caughtUp(solver.client, client);
  langid = await register(client, "langid");
  await joins(client, BOB, "//Solver1", [langid], 10n * MICRO);
  // The operator keys of these are in the hands of the test.
  await joins(client, CHARLIE, "//Solver2", [langid], 20n * MICRO);
  await joins(client, DAVE, "//Solver3", [langid], 20n * MICRO);
  watch = await Watch.open(client, account(REQUESTER).address);
});

const fails = (args: string[], reason: RegExp): Promise<void> =>
  assert.rejects(run(BACKUP, args), (error: Error & { stderr?: string }) => reason.test(error.stderr ?? ""));

test("a node that runs is not saved", async () => {
  await fails(["save", "--base-path", stage.base("bob"), "--to", join(stage.folder, "early.tgz")], /is in use: the program runs/);
});

test("a solver restored between commitment and reveal reveals, once, and goes on", async () => {
  const [base, archive] = [stage.base("bob"), join(stage.folder, "bob.tgz")];
  const peer = await solver.node.rpc<string>("system_localPeerId");
  const head = (await client.api.rpc.chain.getHeader()).number.toNumber();
  const asked = await terms(client, langid, {
    maxReward: 600n * MICRO,
    deadline: head + 400,
    verification: { quorum: { solvers: 3, threshold: 2, rule: "exact" } },
  });
  const { events, number } = await send(client.api, account(REQUESTER), posting(client, asked, [{ bytes: langid.vectors[0]!.input }]));
  const task = Number(field(eventsOf(events, "taskMarket", "BatchOpened")[0]!, "first"));
  const batch = batchOf(task);
  const ours = (event: Parameters<typeof field>[0]): boolean => Number(field(event, "batch")) === batch;
  const drawn = await awaits(client, number, ["panel", "PanelDrawn"], ours);
  const committed = await awaits(client, number, ["panel", "BallotCommitted"], ours);
  assert.equal(field(committed, "member"), account(BOB).address);

  await solver.client.close();
  await solver.node.stop();
  // Time on chain is blocks: how long this machine takes to copy files is not what is tested.
  process.kill(validator.node.pid, "SIGSTOP");
  try {
    await run(BACKUP, ["save", "--base-path", base, "--to", archive]);
    assert.equal((await stat(archive)).mode & 0o077, 0, "others can read the keys in the archive");
    await fails(["restore", "--base-path", base, "--from", archive], /Nothing is overwritten/);
    await rm(join(base, "chains"), { recursive: true });
    await run(BACKUP, ["restore", "--base-path", base, "--from", archive]);
  } finally {
    process.kill(validator.node.pid, "SIGCONT");
  }
  await stage.again(solver);
  assert.equal(await solver.node.rpc<string>("system_localPeerId"), peer, "it is another node among peers");
  assert.equal(await solver.client.send("author_hasKey", [u8aToHex(devAccount("//Solver1").publicKey), "oper"]), true);

  const round = Number(field(drawn, "round"));
  const ballot = [langid.vectors[0]!.output];
  const seats: Seat[] = [
    { batch, round, operator: devAccount("//Solver2"), stash: account(CHARLIE).publicKey },
    { batch, round, operator: devAccount("//Solver3"), stash: account(DAVE).publicKey },
  ];
  for (const seat of seats) await commit(client, seat, commitmentTo(seat, ballot, SALT));
  await awaits(client, number, ["panel", "RevealsOpened"], ours);
  const ownReveal = awaits(client, number, ["panel", "BallotRevealed"], (event) => ours(event) && field(event, "member") === account(BOB).address, 60);
  for (const seat of seats.slice(0, 1)) await reveal(client, seat, ballot, SALT);
  await ownReveal;
  const { record, output } = await watch.proven(task);
  assert.equal(output, ballot[0]);
  assert.ok(record.solvers.includes(account(BOB).address), "the restored solver was not paid");
  await reveal(client, seats[1]!, ballot, SALT).catch(() => undefined);

  let commitments = 0;
  const last = (await client.api.rpc.chain.getHeader()).number.toNumber();
  for (let block = number; block <= last; block++) {
    const found = eventsOf(await eventsAt(client, block), "panel", "BallotCommitted");
    commitments += found.filter((event) => ours(event) && field(event, "member") === account(BOB).address).length;
  }
  assert.equal(commitments, 1, "it committed twice");
  assert.deepEqual((await client.rpc.solverStatus(account(BOB).address)).pending_slashes, []);
});

test("it answers further tasks", async () => {
  const { events, number } = await send(
    client.api,
    account(REQUESTER),
    posting(client, await terms(client, langid), [{ bytes: langid.vectors[1]!.input }]),
  );
  assert.ok(number > 0);
  const posted = eventsOf(events, "taskMarket", "TasksPosted")[0]!;
  const ended = await watch.settled(Number(field(posted, "first")));
  assert.deepEqual([ended.solver, ended.output], [account(BOB).address, langid.vectors[1]!.output]);
});

test("keys alone can be saved, and a node that was moved does not start where it was", async () => {
  const base = stage.base("bob");
  await solver.client.close();
  await solver.node.stop();
  const keys = join(stage.folder, "keys.tgz");
  await run(BACKUP, ["save", "--base-path", base, "--to", keys, "--keys-only"]);
  const { stdout } = await run("tar", ["--list", "--gzip", "--file", keys]);
  const names = stdout.trim().split("\n");
  assert.ok(names.some((name) => name.includes("/keystore/")) && names.some((name) => name.endsWith("/network/secret_ed25519")), stdout);
  assert.ok(names.every((name) => !name.includes("paritydb")), stdout);
  await run(BACKUP, ["save", "--base-path", base, "--to", join(stage.folder, "moved.tgz"), "--move"]);
  await assert.rejects(access(join(base, "chains")), "the node could start here as well");
});
