/** HTTP and WebSocket by hand, since a polite client cannot send what a hostile one does. */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { connect, type Socket } from "node:net";

/** What came back. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A JSON-RPC answer. */
export interface Answer {
  id?: number | null;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** One HTTP request to the loopback port, with any header and body. */
export function send(
  port: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
  method = "POST",
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, method, agent: false, headers: { "content-type": "application/json", ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() });
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

/** One JSON-RPC request, as text. */
export function call(method: string, params: unknown[] = [], id = 1): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/** One JSON-RPC request over HTTP. */
export async function ask(port: number, method: string, params: unknown[] = []): Promise<Answer> {
  return JSON.parse((await send(port, call(method, params))).body) as Answer;
}

/** A TCP connection that does nothing by itself. */
export function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      // A server that hangs up on a hostile client is right to.
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
}

/** A WebSocket whose owner decides what it sends and whether it reads. */
export class Line {
  private buffer = Buffer.alloc(0);
  private readonly waiting: ((answer: Answer) => void)[] = [];
  /** What has arrived and nobody has taken. */
  private readonly arrived: Answer[] = [];

  private constructor(readonly socket: Socket) {}

  /** Opens one; the status of the answer where it is refused. */
  static async open(port: number, headers: Record<string, string> = {}): Promise<Line | number> {
    const socket = await dial(port);
    const lines = Object.entries({
      host: `127.0.0.1:${port}`,
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": randomBytes(16).toString("base64"),
      "sec-websocket-version": "13",
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`);
    socket.write(`GET / HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    const head = await new Promise<Buffer>((resolve) => {
      let read = Buffer.alloc(0);
      const onData = (part: Buffer): void => {
        read = Buffer.concat([read, part]);
        if (read.includes("\r\n\r\n")) done();
      };
      const done = (): void => {
        socket.off("data", onData);
        socket.off("close", done);
        resolve(read);
      };
      socket.on("data", onData);
      socket.on("close", done);
    });
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head.toString("latin1"))?.[1] ?? 0);
    if (status !== 101) {
      socket.destroy();
      return status;
    }
    const line = new Line(socket);
    line.take(head.subarray(head.indexOf("\r\n\r\n") + 4));
    socket.on("data", (part: Buffer) => line.take(part));
    return line;
  }

  /** Sends one text message; false where the socket's own buffer is full. */
  write(text: string): boolean {
    const body = Buffer.from(text);
    const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
    head[0] = 0x81;
    if (head.length === 2) head[1] = 0x80 | body.length;
    else if (head.length === 4) {
      head[1] = 0x80 | 126;
      head.writeUInt16BE(body.length, 2);
    } else {
      head[1] = 0x80 | 127;
      head.writeBigUInt64BE(BigInt(body.length), 2);
    }
    // A mask of zeros masks nothing, and is one.
    return this.socket.write(Buffer.concat([head, Buffer.alloc(4), body]));
  }

  /** The next message. */
  next(within = 10_000): Promise<Answer> {
    const there = this.arrived.shift();
    if (there) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no message within ${within} ms`)), within);
      this.waiting.push((answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  /** The answers to so many requests, whatever notifications come between. */
  async answers(count: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < count) {
      const message = await this.next();
      if (message.id !== undefined) answers.push(message);
    }
    return answers;
  }

  /** Ends it without a word. */
  drop(): void {
    this.socket.destroy();
  }

  private take(part: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, part]);
    for (;;) {
      const short = (this.buffer[1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.buffer.length < head) return;
      const length =
        short < 126 ? short : short === 126 ? this.buffer.readUInt16BE(2) : Number(this.buffer.readBigUInt64BE(2));
      if (this.buffer.length < head + length) return;
      const opcode = this.buffer[0]! & 0x0f;
      const body = this.buffer.subarray(head, head + length);
      this.buffer = this.buffer.subarray(head + length);
      if (opcode !== 1) continue;
      const answer = JSON.parse(body.toString()) as Answer;
      const waiter = this.waiting.shift();
      if (waiter) waiter(answer);
      else this.arrived.push(answer);
    }
  }
}
