/** What is promised under one fault; what is not named is promised always. */
export interface Promises {
  /** Whether 503 with `Retry-After` may be answered while the fault is on. */
  may503: boolean;
  /** How long a 503 may take, where it is another time than for a database that is away. */
  late503Ms?: number;
  /**
   * Whether requests may be left without an answer: only where processes or connections are cut.
   */
  mayCut: boolean;
  /**
   * Within how long such a share of the successes is at Sage, from the end of the session; for the
   * rest any time before the end will do.
   */
  delivery: { share: number; withinMs: number };
  /**
   * False where nothing is said of how long things took: the short version, on whatever machine.
   */
  timed?: boolean;
  /** How long after the start of its attempt a PATCH may come, where that is a question. */
  leaseMs?: number;
  /** The most PATCHes in any second, over all replicas, but for {@link lateCalls}. */
  ratePerSecond?: number;
  /** The largest value of named measurements. */
  atMost?: Readonly<Record<string, number>>;
  /** The smallest value of named measurements. */
  atLeast?: Readonly<Record<string, number>>;
}

/**
 * How long a 503 may take while the database is away, and wherever nothing else is said.
 */
export const slowest503Ms = 3500;

/**
 * How many calls more a second may see: a slot is judged before its call, so a process that thaws
 * in between sends one late (docs/decisions/030).
 */
export const lateCalls = 1;

type Rule =
  "lost" | "wrong" | "doubled" | "stale" | "late" | "rate" | "answer" | "process" | "measured";

export interface Violation {
  rule: Rule;
  /** The authorisation, where it is about one. */
  id?: string;
  detail: string;
}
