import { createWriteStream, mkdirSync } from "node:fs";
import path from "node:path";

/** A request that was sent, and what came back. */
export interface Answered {
  what: "answer";
  call: "notification" | "entry" | "screen" | "form" | "garbage" | "steady";
  /** The authorisation it is about. */
  id?: string;
  /** Counted from 1; 0 when nobody could be asked. */
  replica: number;
  /** null: no whole answer came. */
  status: number | null;
  ms: number;
  retryAfter?: string | undefined;
  failure?: string | undefined;
  /** The only statuses that are right, beside a 503 where one may be given. */
  right: readonly number[];
}

/**
 * What a person ended with: the name of an outcome (lib/journey/endings.ts), or why they gave
 * up.
 */
export interface Saw {
  what: "saw";
  id: string;
  user: string;
  ending: string;
  /** The endings that are truthful for this person. */
  truthful: readonly string[];
  /**
   * Whether the link back was `redirect_uri` with `state`, byte for byte; null where there was
   * none.
   */
  exact: boolean | null;
}

/** A PATCH as it reached the Provider API. */
export interface Patched {
  what: "patch";
  id: string;
  applied: boolean;
  status: number | null;
}

/** An event as it reached the provider's own systems. */
interface Told {
  what: "told";
  id: string;
  /** Its `webhook-id`. */
  event: string;
  type: string;
  sequence: number;
  /** Whether it carries what the bank granted. */
  grant: boolean;
  /** Whether the receiver has it, which the connector need not know. */
  taken: boolean;
}

/** A call of the bank, as a replica's log tells it. */
interface BankAsked {
  what: "bank";
  id: string;
  step: number;
  replica: number;
}

interface Attempt {
  number: number;
  /** Milliseconds since 1970, by the database's clock. */
  startedAt: number;
  result: string | null;
  status: number | null;
}

/** What the database holds of an authorisation in the end. */
export interface Stored {
  what: "stored";
  id: string;
  claimed: boolean;
  state: string | null;
  result: string | null;
  /** Milliseconds since 1970, by the database's clock. */
  finishedAt: number | null;
  delivery: string | null;
  attempts: readonly Attempt[];
  /** How many events were written about it, where there are any. */
  events?: { written: number };
}

/** Something that went wrong because we made it, `count` times. */
interface Injected {
  what: "fault";
  fault: string;
  count: number;
}

/** A process that ended, or wrote of a bug. */
interface Ended<What extends "exit" | "bug"> {
  what: What;
  replica: number;
  detail: string;
}

/** A measurement that no other event holds: how long a recovery took, how many calls were made. */
interface Measured {
  what: "measured";
  name: string;
  value: number;
}

type Fact =
  | Answered
  | Saw
  | Patched
  | Told
  | BankAsked
  | Stored
  | Injected
  | Ended<"exit">
  | Ended<"bug">
  | Measured;

/** One line of a history. `at`: milliseconds since 1970, by the machine's clock. */
export type HistoryEvent = Fact & { at: number };

/** Everything sent and seen in one scenario, in the order it was noted. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #file;

  /** @param file where it is kept as JSON lines, to explain a verdict. */
  constructor(file: string) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.#file = createWriteStream(file);
  }

  note(fact: Fact, at = performance.timeOrigin + performance.now()): void {
    const event = { at, ...fact };
    this.events.push(event);
    this.#file.write(`${JSON.stringify(event)}\n`);
  }

  /** Notes that something went wrong because we made it. */
  fault(fault: string, count = 1): void {
    this.note({ what: "fault", fault, count });
  }

  measured(name: string, value: number): void {
    this.note({ what: "measured", name, value });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(() => resolve()));
  }
}
