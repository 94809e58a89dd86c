/** Ports and processes of this machine. */
import type { ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a process may take to end after SIGTERM before it is killed, in milliseconds. */
const STOP_TIMEOUT = 5_000;

/** Exit codes of a program that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Processes that run now; ended when this process ends. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
// A signal that nobody else handles would end this process without its telling anybody.
for (const [signal, code] of Object.entries(SIGNALS)) {
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(code);
  });
}

/** Sees to it that a process neither outlives this one nor keeps it from ending. */
export function adopt(child: ChildProcess): void {
  running.add(child);
  child.unref();
  child.once("exit", () => running.delete(child));
}

/** Whether a process still runs. */
export function isAlive(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Ends a process: asks, waits, and kills it if it does not listen. */
export async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (!isAlive(child)) return;
  child.ref();
  const exited = new Promise<true>((resolve) => child.once("exit", () => resolve(true)));
  child.kill(signal);
  if (await Promise.race([exited, sleep(STOP_TIMEOUT, false, { ref: false })])) return;
  child.kill("SIGKILL");
  await exited;
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
