/** The whole network at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { fault } from "./testing.ts";
import { seconds } from "./waiting.ts";

/** How long everything is down, in milliseconds. */
const DOWN = 5_000;

fault("all nodes are killed at once and started again", async ({ stage, note }) => {
  await sleep(3_000);
  await Promise.all([stage.gateway.kill(), ...stage.peers.map((peer) => peer.kill())]);
  await sleep(DOWN);
  await stage.startGateway();
  note("start of all six nodes on two cores, s", await seconds(async () => Promise.all(stage.peers.map((peer) => peer.start()))));
});

fault("all nodes are stopped in good order and started again", async ({ stage, note }) => {
  await sleep(3_000);
  note("stop of all, s", await seconds(async () => Promise.all(stage.peers.map((peer) => peer.stop()))));
  note("start of all, s", await seconds(async () => Promise.all(stage.peers.map((peer) => peer.start()))));
});
