/** Other programs, run to their end: what they printed, or what they complained about. */
import { execFileSync } from "node:child_process";

/** Runs a program and returns what it printed. Throws with its complaint where it fails. */
export function run(program: string, args: string[], input?: string): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], ...(input === undefined ? {} : { input }) });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`${program} ${args.join(" ")}: ${stderr?.trim() || message}`);
  }
}

/** Runs a program whose failure does not matter, such as one that removes what may be gone already. */
export function attempt(program: string, args: string[]): void {
  try {
    run(program, args);
  } catch {
    // It was gone.
  }
}

/** Whether a process with this id runs. */
export function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
