import { randomUUID } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Between, startBetween } from "./between.fixture.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { connectTo } from "./database-check.ts";
import { databaseTarget } from "../config/database-url.ts";
import { type DatabaseUnavailable, type Db, openDb, type Sql, sql } from "./db.ts";
import { GateClosed } from "./gate.ts";
import { useTestDb } from "../../testing/test-db.ts";

const real = useTestDb();
const any = z.unknown();
const count = z.object({ n: z.int() });
const run = (statement: Sql, db: Db = real.db) => db.rows(any, statement);

const opened: Db[] = [];
afterAll(async () => {
  for (const db of opened) await db.close();
});
function open(url = real.url, options: Parameters<typeof openDb>[1] = {}) {
  const db = openDb(url, options);
  opened.push(db);
  return db;
}

async function timed<T>(work: Promise<T>): Promise<{ ms: number; error: unknown }> {
  const started = performance.now();
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { ms: performance.now() - started, error };
}
const isFull = (cause: unknown) => cause instanceof GateClosed && cause.code === "queue-full";
const away = expect.objectContaining({ name: "DatabaseUnavailable" });

beforeAll(async () => {
  await run(sql`CREATE SEQUENCE calls`);
  // A sequence keeps counting when its transaction is undone, so it tells how often a statement was
  // tried.
  await run(sql`CREATE FUNCTION fails_until(enough int,
    state text) RETURNS int LANGUAGE plpgsql AS $$
    DECLARE n int := nextval('calls');
    BEGIN IF n < enough THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = state; END IF; RETURN
      n; END $$`);
});

describe("a statement that the database undid because of another one", () => {
  test.each(["40001", "40P01"])("(%s) is repeated, and nobody sees it", async (state) => {
    await run(sql`SELECT setval('calls', 1, false)`);
    expect(await real.db.rows(count, sql`SELECT fails_until(4, ${state}) AS n`)).toEqual([
      { n: 4 },
    ]);
  });
  test("is repeated three times and no more", async () => {
    await run(sql`SELECT setval('calls', 1, false)`);
    await expect(run(sql`SELECT fails_until(100, '40001') AS n`)).rejects.toEqual(away);
    expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: 5 }]);
  });
  test("in a real deadlock takes effect once", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    for (const id of [one, other])
      await run(
        sql`INSERT INTO notifications (id, type, resource_type, resource_id)
          VALUES (${id}::uuid, 't', 't', ${id})`,
      );
    const crossing = (first: string, second: string) =>
      run(sql`
      WITH locked AS MATERIALIZED (SELECT id FROM notifications WHERE id = ${first}::uuid
        FOR UPDATE),
        pause AS MATERIALIZED (SELECT pg_sleep(0.3) FROM locked)
      UPDATE notifications SET receipts = receipts + 1 FROM pause WHERE id = ${second}::uuid
        RETURNING 1`);
    await Promise.all([crossing(one, other), crossing(other, one)]);
    expect(
      await real.db.rows(
        z.object({ receipts: z.int() }),
        sql`SELECT receipts FROM notifications WHERE id IN (${one}::uuid, ${other}::uuid)`,
      ),
    ).toEqual([{ receipts: 2 }, { receipts: 2 }]);
  });
});

describe("a statement the database cannot do now", () => {
  test.each([
    ["no room on the disk", "53100"],
    ["no memory", "53200"],
    ["too many connections", "53300"],
    ["being shut down", "57P01"],
    ["starting up", "57P03"],
  ])("(%s) means: ask again later, and is not repeated", async (_, state) => {
    await run(sql`SELECT setval('calls', 1, false)`);
    await expect(run(sql`SELECT fails_until(100, ${state}) AS n`)).rejects.toEqual(away);
    expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: 2 }]);
  });
});

describe.concurrent("a statement that takes too long", () => {
  test("fails when its time is over, and leaves its connection to others", async () => {
    const db = open(real.url, { poolSize: 1 });
    await run(sql`SELECT 1`, db);
    const { ms, error } = await timed(run(sql`SELECT pg_sleep(20)::text`, db));
    expect(error).toEqual(away);
    expect(ms).toBeLessThan(3500);
    expect(await run(sql`SELECT 1`, db)).toHaveLength(1);
  });
  test("fails when somebody else keeps what it needs", async () => {
    const id = randomUUID();
    await run(
      sql`INSERT INTO notifications (id, type, resource_type, resource_id)
        VALUES (${id}::uuid, 't', 't', ${id})`,
    );
    const keeping = run(
      sql`WITH kept AS MATERIALIZED (SELECT id FROM notifications WHERE id = ${id}::uuid
        FOR UPDATE) SELECT pg_sleep(2.4)::text FROM kept`,
    );
    const { ms, error } = await timed(
      run(
        sql`WITH later AS MATERIALIZED (SELECT pg_sleep(0.1)) UPDATE notifications
          SET receipts = 2 FROM later WHERE id = ${id}::uuid`,
      ),
    );
    expect(error).toEqual(away);
    expect(ms).toBeLessThan(3500);
    await keeping;
  });
});

test("a statement whose process was suspended while it waited is not made any more", async () => {
  let jumpMs = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + jumpMs) };
  const db = open(real.url, { poolSize: 1, clock });
  const [{ n } = { n: 0 }] = await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`);
  const first = run(sql`SELECT pg_sleep(0.2)::text`, db);
  const late = run(sql`SELECT nextval('calls')`, db);
  // The first one is on its way after this, and cannot be back.
  await new Promise(setImmediate);
  jumpMs = 60_000;
  await first;
  await expect(late).rejects.toEqual(away);
  expect(await real.db.rows(count, sql`SELECT nextval('calls')::int AS n`)).toEqual([{ n: n + 1 }]);
});

describe.concurrent("a database that is away", () => {
  const silent = createServer(() => undefined);
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve)));
  afterAll(() => void silent.close());
  const silentUrl = () =>
    Object.assign(new URL(real.url), {
      hostname: "127.0.0.1",
      port: String((silent.address() as AddressInfo).port),
    }).href;

  test("and takes connections without a word is told within 3.5 s to everyone who asks, however many", async () => {
    const db = open(silentUrl(), { poolSize: 2 });
    const asked = await Promise.all(
      Array.from({ length: 500 }, () => timed(run(sql`SELECT 1`, db))),
    );
    for (const { error } of asked) expect(error).toEqual(away);
    expect(Math.max(...asked.map(({ ms }) => ms))).toBeLessThan(3500);
    // Two places, four hundred who wait: the others are told at once.
    expect(
      asked.filter(({ error }) => isFull((error as DatabaseUnavailable | undefined)?.cause)).length,
    ).toBeGreaterThanOrEqual(98);
  });
  test("and refuses is told at once", async () => {
    const { ms, error } = await timed(run(sql`SELECT 1`, open("postgresql://x@127.0.0.1:1/x")));
    expect(error).toEqual(away);
    expect(ms).toBeLessThan(1000);
  });
  test("and has ended every connection is asked again over new ones", async ({ expect }) => {
    const db = open(`${real.url}?application_name=ended`, { poolSize: 5 });
    await Promise.all(Array.from({ length: 5 }, () => run(sql`SELECT pg_sleep(0.05)::text`, db)));
    await run(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'`,
    );
    await expect.poll(() => db.problems()).toEqual([]);
    await Promise.all(Array.from({ length: 5 }, () => run(sql`SELECT 1`, db)));
  });
});

describe.concurrent("a request", () => {
  test("is answered within 3.5 s however many statements it makes", async () => {
    const slow = () => real.db.rows(any, sql`SELECT pg_sleep(1)::text`);
    const { ms, error } = await timed(
      real.db.inRequest(async () => {
        for (let n = 0; n < 10; n += 1) await slow();
      }),
    );
    expect(error).toEqual(away);
    expect(ms).toBeLessThan(3500);
  });
  test("leaves what goes on after its answer the time it needs", async () => {
    let after: Promise<unknown> = Promise.resolve();
    await real.db.inRequest(async () => {
      after = (async () => {
        for (let n = 0; n < 4; n += 1) await run(sql`SELECT pg_sleep(1)::text`);
      })();
    });
    await after;
  });
});

test("never more connections are held than the pool may have, however many ask", async () => {
  const db = open(`${real.url}?application_name=bounded`, { poolSize: 3 });
  const seen = sql`SELECT count(*)::int AS n, pg_sleep(0.01)::text FROM pg_stat_activity
    WHERE application_name = 'bounded'`;
  const counts = await Promise.all(Array.from({ length: 60 }, () => db.rows(count, seen)));
  expect(Math.max(...counts.map(([row]) => row!.n))).toBeLessThanOrEqual(3);
});

describe("what stands in between", () => {
  const between: Between[] = [];
  afterAll(() => between.forEach((one) => one.close()));
  async function through(kind: Parameters<typeof startBetween>[1]) {
    const started = await startBetween(real.url, kind);
    between.push(started);
    return started;
  }
  const setting = z.object({ timeout: z.string(), kept: z.int() });
  const left = sql`SELECT current_setting('statement_timeout') AS timeout, (SELECT count(*)::int
    FROM pg_prepared_statements) AS kept`;

  // What PgBouncer refuses at the start of a connection, and what it would hand to another client
  // in the middle: anything that belongs to a session.
  test.each([
    ["a pooler", { pooler: true }, ""],
    ["a pooler that does not look like one", {}, "?pgbouncer=true"],
  ])(
    "%s: nothing is said and nothing is left that belongs to a session",
    async (_, kind, search) => {
      const { said, url } = await through(kind);
      const db = open(url(search), { poolSize: 1 });
      await run(sql`SELECT ${1}::int`, db);
      expect(await db.rows(setting, left)).toEqual([{ timeout: "0", kept: 0 }]);
      expect(Object.keys(said[0] ?? {}).toSorted()).toEqual([
        "client_encoding",
        "database",
        "user",
      ]);
    },
  );
  test("nothing: the database bounds each statement itself, and plans it once", async () => {
    const { said, url } = await through({});
    const db = open(url(), { poolSize: 1 });
    await run(sql`SELECT ${1}::int`, db);
    const [{ timeout, kept } = { timeout: "", kept: 0 }] = await db.rows(setting, left);
    expect(timeout).toBe("2500ms");
    expect(kept).toBeGreaterThan(0);
    expect(Object.keys(said[0] ?? {}).toSorted()).toEqual(["client_encoding", "database", "user"]);
  });
  test("a standby is not ready, and answers nothing", async () => {
    const { url } = await through({ standby: true });
    const db = open(url());
    expect(await db.problems()).toEqual([expect.stringContaining("standby, or read-only")]);
    await expect(run(sql`SELECT 1`, db)).rejects.toEqual(away);
  });
  test("of several hosts the one that can be written to is found, and found again", async () => {
    const [gone, standby, primary] = [
      await through({}),
      await through({ standby: true }),
      await through({}),
    ];
    gone.close();
    const hosts = [gone, standby, primary].map(({ port }) => `127.0.0.1:${port}`).join(",");
    const url = real.url.replace(/@[^/]+/, `@${hosts}`);
    const db = open(url);
    await expect.poll(() => db.problems()).toEqual([]);
    await Promise.all(Array.from({ length: 20 }, () => run(sql`SELECT pg_sleep(0.01)::text`, db)));
    const client = await connectTo(databaseTarget(url));
    expect(client.port).toBe(primary.port);
    await client.end();
  });
});

describe("after a failover", () => {
  // Every connection of the pool leads to what has become a standby; a new one does not.
  async function demoted() {
    const db = open(real.url, { poolSize: 5 });
    const demote = sql`SELECT set_config('default_transaction_read_only', 'on', false),
      pg_sleep(0.2)::text`;
    await Promise.all(Array.from({ length: 5 }, () => run(demote, db)));
    return db;
  }
  const write = sql`SELECT nextval('calls')`;

  test("one refused write is enough to drop all connections to the former primary", async () => {
    const db = await demoted();
    await expect(run(write, db)).rejects.toEqual(away);
    await Promise.all(Array.from({ length: 5 }, () => run(write, db)));
  });
  test("the process is not ready until its connections lead to the primary, which takes one look", async () => {
    const db = await demoted();
    expect(await db.problems()).toEqual([expect.stringContaining("standby, or read-only")]);
    expect(await db.problems()).toEqual([]);
    await Promise.all(Array.from({ length: 5 }, () => run(write, db)));
  });
});
