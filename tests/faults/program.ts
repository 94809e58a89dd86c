/** A program on a machine: started in its namespace, known by its own process id, ended in every case. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "./wires.ts";

/** How long a program may take to end after SIGTERM before it is killed, in milliseconds. */
const STOP_TIMEOUT = 20_000;

/** How a program ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A program that runs, or ran. */
export class Program {
  private child: ChildProcess | undefined;
  private exit: Promise<Exit> = Promise.resolve({ code: 0, signal: null });
  /** Where in the log its last run begins. */
  private begin = 0;

  constructor(
    readonly machine: Machine,
    private readonly binary: string,
    /** File that its output is appended to. */
    readonly log: string,
  ) {}

  /** Whether it runs. */
  get alive(): boolean {
    return this.child?.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Its process id; 0 before its first start. */
  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** How its last run ended, once it has. */
  get ended(): Promise<Exit> {
    return this.exit;
  }

  /** Starts it. `env` is for the program alone. */
  async start(args: string[], env: Record<string, string> = {}): Promise<void> {
    this.begin = await stat(this.log).then(({ size }) => size, () => 0);
    const log = openSync(this.log, "a");
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    // Each of these becomes the next one, so that the process id stays; and whatever ends this process ends the program.
    const chain = ["--pdeathsig", "KILL", "nsenter", `--net=/var/run/netns/${this.machine.namespace}`, "env", ...settings];
    const child = spawn("setpriv", [...chain, this.binary, ...args], { stdio: ["ignore", log, log] });
    closeSync(log);
    this.child = child;
    this.exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => resolve({ code, signal }));
      child.once("error", () => resolve({ code: 127, signal: null }));
    });
  }

  /** What it said in its last run. */
  async said(): Promise<string> {
    return (await readFile(this.log)).subarray(this.begin).toString();
  }

  /** Ends it: asks, waits, and kills it if it does not listen. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child || !this.alive) return;
    child.kill(signal);
    const inTime = await Promise.race([this.exit.then(() => true), sleep(STOP_TIMEOUT, false, { ref: false })]);
    if (!inTime) {
      child.kill("SIGKILL");
      await this.exit;
    }
  }
}
