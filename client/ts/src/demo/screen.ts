/** What the demo says while it works: a line for each step, and on a terminal one more that is redrawn. */

/** Milliseconds between two redrawings. */
const PERIOD = 200;

/** Where the demo speaks. */
export class Screen {
  private readonly start = Date.now();
  private drawn = 0;
  private status = "";

  constructor(private readonly out: NodeJS.WriteStream) {}

  /** A step, said for good. */
  say(line: string): void {
    this.clear();
    this.out.write(`${this.clock()}  ${line}\n`);
    this.draw();
  }

  /** Lines as they are, such as a table. */
  print(lines: string[]): void {
    this.clear();
    this.out.write(`${lines.join("\n")}\n`);
  }

  /** Where the work stands: redrawn in place on a terminal, not shown elsewhere. */
  progress(status: string): void {
    this.status = status;
    if (Date.now() - this.drawn < PERIOD) return;
    this.clear();
    this.draw();
  }

  /** Takes the status line away. */
  done(): void {
    this.clear();
    this.status = "";
  }

  private clear(): void {
    if (this.out.isTTY) this.out.write("\r\x1b[K");
  }

  private draw(): void {
    if (!this.out.isTTY || !this.status) return;
    this.drawn = Date.now();
    this.out.write(`${this.clock()}  ${this.status}`);
  }

  private clock(): string {
    return `${((Date.now() - this.start) / 1000).toFixed(1).padStart(6)} s`;
  }
}
