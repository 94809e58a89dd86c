/** The gateway program as a watch over a node's chain. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { LOGS, MODELS } from "./stage.ts";

/** How long a watch may take to come to what is waited for, in milliseconds. */
const PATIENCE = 60_000;

/** What a watch tells of itself; the gateway's README names the rest. */
export interface WatchReport {
  state: string;
  message?: string;
  lag: number;
  pending: number;
  checked: number;
  wrong: number;
  missed: number;
  filed: number;
  ended: { [end: string]: number };
}

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A gateway that watches. */
export class Watcher {
  private constructor(
    private readonly options: { node: string; folder: string },
    private readonly child: ChildProcess,
    /** Where it listens. */
    readonly url: string,
  ) {}

  /** Starts a watch over the chain of the node at this address, as this development account. The folder is its own. */
  static async start(options: { node: string; folder: string; key: string }): Promise<Watcher> {
    await mkdir(options.folder, { recursive: true });
    const key = keyFile(options.folder);
    await writeFile(key, options.key);
    await chmod(key, 0o600);
    return Watcher.spawn(options);
  }

  private static async spawn(options: { node: string; folder: string }): Promise<Watcher> {
    const binary = process.env.PENSUM_GATEWAY;
    assert.ok(binary, "PENSUM_GATEWAY does not name the gateway's binary. Run scripts/e2e.");
    const data = ["--data-dir", join(options.folder, "data"), "--models-dir", MODELS];
    const watch = ["--watch", options.node, "--key-file", keyFile(options.folder)];
    const log = openSync(join(LOGS, "watcher.log"), "a");
    const child = spawn(binary, ["--listen", "127.0.0.1:0", ...data, ...watch], { stdio: ["ignore", "pipe", log] });
    closeSync(log);
    running.add(child);
    child.once("exit", () => running.delete(child));
    for await (const url of createInterface({ input: child.stdout! })) return new Watcher(options, child, url);
    throw new Error("The watch ended at once. Its log in target/e2e says why.");
  }

  /** What it tells of itself. */
  async report(): Promise<WatchReport> {
    return (await (await fetch(`${this.url}/v1/watch`)).json()) as WatchReport;
  }

  /** Waits until its report is as wanted. */
  async until(fits: (report: WatchReport) => boolean, every = 200): Promise<WatchReport> {
    let report = await this.report();
    for (const start = Date.now(); !fits(report); report = await this.report()) {
      assert.ok(Date.now() - start < PATIENCE, `the watch does not come to it: ${JSON.stringify(report)}`);
      await sleep(every);
    }
    return report;
  }

  /** Ends it at once, as a power cut would, and starts it again. */
  async killed(): Promise<Watcher> {
    await this.end("SIGKILL");
    return Watcher.spawn(this.options);
  }

  /** Ends it in good order. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }
}

function keyFile(folder: string): string {
  return join(folder, "key");
}
