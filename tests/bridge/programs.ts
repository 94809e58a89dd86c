/** Programs that a test starts: known by their own process id, written to a log, and ended in every case. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a program may take to end after SIGTERM before it is killed, in milliseconds. */
const STOP_TIMEOUT = 10_000;

/** Programs that run now; ended when this process ends, whatever ends it. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** What is started. */
export interface Start {
  binary: string;
  args: string[];
  /** File that its output is appended to. */
  log: string;
  env?: NodeJS.ProcessEnv;
}

/** A program that was started, and perhaps has ended. */
export class Program {
  /** Its exit code, once it has ended; null where a signal ended it. */
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private failure: Error | undefined;

  /** Starts it. */
  constructor(private readonly start: Start) {
    const log = openSync(start.log, "a");
    this.child = spawn(start.binary, start.args, { stdio: ["ignore", log, log], env: { ...process.env, ...start.env } });
    closeSync(log);
    running.add(this.child);
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code) => {
        running.delete(this.child);
        resolve(code);
      });
      this.child.once("error", (error) => {
        this.failure = error;
        running.delete(this.child);
        resolve(null);
      });
    });
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Whether it still runs. */
  get alive(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until it is ready, as `ready` finds by trying. */
  async until(ready: () => Promise<boolean>, patience: number): Promise<this> {
    const { binary, log } = this.start;
    for (const start = Date.now(); Date.now() - start < patience; await sleep(30)) {
      if (this.failure) throw new Error(`${binary} does not start: ${this.failure.message}`);
      if (!this.alive) throw new Error(`${binary} ended at once. Its log ${log} says why:\n${await lastLines(log)}`);
      if (await ready().catch(() => false)) return this;
    }
    await this.kill();
    throw new Error(`${binary} was not ready within ${patience / 1000} s. See its log ${log}.`);
  }

  /** Ends it: asks, waits, and kills it if it does not listen. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Lets it stand still. */
  freeze(): void {
    this.child.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.child.kill("SIGCONT");
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (!this.alive) return;
    this.thaw();
    this.child.kill(signal);
    const inTime = await Promise.race([this.exited.then(() => true), sleep(STOP_TIMEOUT, false, { ref: false })]);
    if (!inTime) {
      this.child.kill("SIGKILL");
      await this.exited;
    }
  }
}

async function lastLines(log: string): Promise<string> {
  return (await readFile(log, "utf8")).trimEnd().split("\n").slice(-10).join("\n");
}
