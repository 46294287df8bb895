import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { startCommand } from "../../testing/start-command.mjs";
import { startSupervised, type Supervised } from "../../testing/supervised.mjs";
import { root } from "../../testing/toolchain.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";
import type { History } from "./history.ts";

const bugs = [
  "uncaught exception",
  "unhandled rejection",
  "request failed",
  "connector gave up draining",
  "connector stop failed",
];

/** One connector process on a port that stays the same, as `npm start` starts it. */
export class Replica {
  readonly number: number;
  readonly port: number;
  readonly #log: string;
  readonly #env: Record<string, string | undefined>;
  readonly #history: History;
  #process: Supervised | undefined;
  #expected = false;

  constructor(options: {
    number: number;
    port: number;
    logs: string;
    env: Record<string, string | undefined>;
    history: History;
  }) {
    this.number = options.number;
    this.port = options.port;
    this.#log = path.join(options.logs, `replica-${options.number}.log`);
    this.#env = { ...options.env, PORT: String(options.port), HOST: "127.0.0.1" };
    this.#history = options.history;
  }

  /** Starts the process; resolves when it is ready. */
  async start(): Promise<void> {
    const output = openSync(this.#log, "a");
    const process = startSupervised(`replica ${this.number}`, startCommand, {
      env: this.#env,
      cwd: root,
      output,
    });
    closeSync(output);
    this.#process = process;
    this.#expected = false;
    void process.exited.then((status) => {
      if (!this.#expected || this.#process !== process)
        this.#history.note({ what: "exit", replica: this.number, detail: `exit status ${status}` });
    });
    await waitUntil(
      async () =>
        (
          await fetch(`http://127.0.0.1:${this.port}/health/live`, {
            signal: AbortSignal.timeout(2000),
          })
        ).ok,
      { what: `replica ${this.number} (log: ${this.#log})`, withinMs: 180_000 },
    );
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.#expected = true;
    this.#process?.signal("KILL");
    await this.#process?.exited;
  }

  freeze(): void {
    this.#process?.signal("STOP");
  }

  thaw(): void {
    this.#process?.signal("CONT");
  }

  /** SIGTERM, and the wait for a clean end. */
  async leave(): Promise<void> {
    this.#expected = true;
    this.thaw();
    const status = await this.#process?.stop();
    if (status !== undefined && status !== 0)
      this.#history.note({
        what: "exit",
        replica: this.number,
        detail: `exit status ${status} after SIGTERM`,
      });
  }

  /** Puts what the log says of bank calls and bugs into the history. */
  readLog(): void {
    for (const line of readFileSync(this.#log, "utf8").split("\n")) {
      if (!line.startsWith("{")) continue;
      const entry = parse(line);
      if (!entry) continue;
      const at = Date.parse(entry.time ?? "");
      if (entry.event === "bank asked")
        this.#history.note(
          {
            what: "bank",
            id: entry.authorisationId ?? "",
            step: entry.step ?? 0,
            replica: this.number,
          },
          at,
        );
      if (bugs.includes(entry.event ?? ""))
        this.#history.note({ what: "bug", replica: this.number, detail: line.slice(0, 400) }, at);
    }
  }
}

interface LogLine {
  time?: string;
  event?: string;
  authorisationId?: string;
  step?: number;
}

// A process that was killed may have left half a line.
function parse(line: string): LogLine | undefined {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return undefined;
  }
}
