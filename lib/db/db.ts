import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import type { z } from "zod";
import { startStopwatch, systemClock } from "../clock/clock.ts";
import { checkRow, checkStatement, plainFailure, problemsIn } from "./database-check.ts";
import { connectionsTo, readOnlyState } from "./database-connections.ts";
import { databaseFailure, failureCause, sqlState } from "./database-failure.ts";
import { databaseTarget } from "../config/database-url.ts";
import { createGate, GateClosed } from "./gate.ts";
import { Prisma, PrismaClient } from "./prisma/client.ts";

/**
 * The database, as the stores use it: `rows` runs statements whose times and conditions are the
 * database's own.
 */
export interface Db {
  /** For tests, which look up what was stored. */
  prisma: PrismaClient;
  /**
   * Runs one SQL statement and parses every row it returns. It is repeated, at most three times,
   * when the database undid it because of another one (deadlock, serialization failure).
   * @throws DatabaseUnavailable when the database could not be reached, did not answer in time, or has too
   *   many waiting for it.
   */
  rows: <Row extends z.ZodType>(row: Row, statement: Prisma.Sql) => Promise<z.output<Row>[]>;
  /**
   * Runs what answers a request. Until it is answered, its statements together may take 2.8 s, and
   * one that begins later half a second.
   */
  inRequest: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * What keeps the connector from working with the database now, in plain words; none if it
   * answers, can be written to, and its tables and rights are there. Nothing is written.
   */
  problems: () => Promise<readonly string[]>;
  /** How hard it is for a statement to get a connection, from 0 to 1. */
  pressure: () => number;
  close: () => Promise<void>;
}

/**
 * The database could not be asked, or what it did is not known. Answered as 503 with Retry-After.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  constructor(cause: unknown) {
    super("the database could not be reached", { cause });
  }
}

/**
 * By name and not by class: Next bundles instrumentation and routes apart, so one process has two
 * classes of this name.
 */
export const isDatabaseUnavailable = (error: unknown): error is DatabaseUnavailable =>
  error instanceof Error && error.name === "DatabaseUnavailable";

export const { sql, empty } = Prisma;
export type Sql = Prisma.Sql;

/**
 * How long one statement may take, in milliseconds, its way through the queue included; and how
 * long one gets that begins when its request has had as much.
 */
const statementMs = 2800;
const lateStatementMs = 500;
const maxQueueMs = 2500;
/** About what a connection does in that time; more would wait for nothing. */
const waitingPerConnection = 200;
const maxRepeats = 3;

// A statement with a name is planned once for each connection; without one PostgreSQL plans it at
// every call, which takes longer than running it. There are as many as the stores write.
const statementNames = new Map<string, string>();
function statementName(text: string): string {
  const name = statementNames.get(text) ?? `connector_${statementNames.size}`;
  statementNames.set(text, name);
  return name;
}

/**
 * Opens the pool. Every wait is bounded, so that a request with a database away is answered within
 * 3.5 s. Works straight to PostgreSQL and through a pooler that gives connections away by session
 * or by transaction; nothing is said at the start of a connection that PgBouncer refuses.
 * @param options `poolSize`: connections held at most.
 * @throws {TypeError} for an address that {@link databaseTarget} does not take
 */
export function openDb(databaseUrl: string, { poolSize = 10, clock = systemClock } = {}): Db {
  const Connection = connectionsTo(databaseTarget(databaseUrl));
  const pool = new Pool({
    Client: Connection as never,
    // The pool waits for the promise, which its types leave out.
    onConnect: ((client: Pick<InstanceType<typeof Connection>, "prepare">) =>
      client.prepare()) as never,
    max: poolSize,
    connectionTimeoutMillis: 2000,
    idleTimeoutMillis: 30_000,
    query_timeout: 3000,
    // A host that is gone without a word is noticed within seconds also by connections that wait.
    keepAlive: true,
    keepAliveInitialDelayMillis: 1000,
  });
  // A connection that ends while it is idle is replaced when one is needed; without a listener it
  // would end the process.
  pool.on("error", () => undefined);
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    statementNameGenerator: ({ sql }) => statementName(sql),
  });
  const prisma = new PrismaClient({ adapter });
  const gate = createGate({
    capacity: poolSize,
    maxWaiting: poolSize * waitingPerConnection,
    clock,
  });
  const requests = new AsyncLocalStorage<{ elapsedMs: () => number; answered: boolean }>();

  const timeLeftMs = () => {
    const request = requests.getStore();
    return request && !request.answered
      ? Math.max(lateStatementMs, statementMs - request.elapsedMs())
      : statementMs;
  };

  // Safe for every statement of the stores: each is a transaction of its own, and these failures
  // mean that all of it was undone.
  const repeated = async (statement: Sql, signal: AbortSignal): Promise<unknown[]> => {
    for (let repeats = 0; ; repeats += 1) {
      try {
        return await prisma.$queryRaw<unknown[]>(statement);
      } catch (error) {
        if (databaseFailure(error) !== "conflict" || repeats === maxRepeats || signal.aborted)
          throw error;
        await clock.sleep(Math.random() * 25 * 2 ** repeats);
      }
    }
  };

  const ask = async (statement: Sql): Promise<unknown[]> => {
    const limitMs = timeLeftMs();
    const elapsedMs = startStopwatch(clock);
    const leave = await gate.enter(Math.min(limitMs, maxQueueMs));
    const leftMs = limitMs - elapsedMs();
    if (leftMs <= 0) {
      // Frozen or suspended on the way: whoever waited for it has long been answered.
      leave();
      throw new GateClosed("queue-slow");
    }
    return clock.within(leftMs, (signal) => {
      const timeOver = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("no answer in time")), {
          once: true,
        });
      });
      const asking = repeated(statement, signal);
      // Its place is free when its connection is, and not when nobody waits for it any more.
      void asking.catch(() => undefined).finally(leave);
      return Promise.race([asking, timeOver]);
    });
  };

  // When one connection leads nowhere, or to a standby, those that wait may not lead elsewhere
  // either: after a failover they belong to the former primary. Each is asked for and dropped.
  const dropIdle = () => {
    for (let count = pool.idleCount; count > 0; count -= 1)
      pool.connect().then(
        (client) => client.release(true),
        () => undefined,
      );
  };

  const rows: Db["rows"] = async (row, statement) => {
    let found: unknown[];
    try {
      found = await ask(statement);
    } catch (error) {
      if (databaseFailure(error) === "bug") throw error;
      if (
        error instanceof Error &&
        !(error instanceof GateClosed) &&
        [undefined, readOnlyState].includes(sqlState(error))
      )
        dropIdle();
      throw new DatabaseUnavailable(error);
    }
    return row.array().parse(found);
  };
  return {
    prisma,
    rows,
    inRequest(work) {
      const request = { elapsedMs: startStopwatch(clock), answered: false };
      return requests.run(request, () => work().finally(() => (request.answered = true)));
    },
    async problems() {
      try {
        const [found] = await rows(checkRow, Prisma.raw(checkStatement));
        if (found?.read_only) dropIdle();
        return found ? problemsIn(found).map(({ text }) => text) : [];
      } catch (error) {
        return [plainFailure(failureCause(error))];
      }
    },
    pressure: gate.pressure,
    close: () => prisma.$disconnect(),
  };
}
