import { randomUUID } from "node:crypto";
import pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { seedHistory } from "../../testing/seed-history.mjs";
import { createAuthorisationStore } from "../../lib/authorisations/authorisation-store.ts";
import { createRetentionStore } from "../../lib/authorisations/retention-store.ts";
import { createSessionStore } from "../../lib/authorisations/session-store.ts";
import { createConnectCodeStore } from "../../lib/banks/connect-code/connect-code-store.ts";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import { clientConfig, databaseTarget } from "../../lib/config/database-url.ts";
import { type Db, sql } from "../../lib/db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createOutboxDeliveries } from "../../lib/delivery/outbox-deliveries.ts";
import { createEventRouting } from "../../lib/events/event-routing.ts";
import { createOutboxStore } from "../../lib/delivery/outbox-store.ts";

// Whether every statement of a request, a delivery or the maintenance finds its rows by an index,
// on tables that hold a past. `npm run bench -- --only scale` measures it at ten million rows.
const real = useTestDb();
const rows = 30_000;
beforeAll(async () => {
  const client = new pg.Client(clientConfig(databaseTarget(real.url)));
  await client.connect();
  await seedHistory(client, { from: 1, to: rows });
  await client.query(
    `INSERT INTO answer_counts SELECT 'key ' || n, 1,
      now() + interval '1 hour' + n * interval '1 second' FROM generate_series(1, $1::int) n`,
    [rows],
  );
  await client.query(
    `INSERT INTO known_pairs SELECT '~key ' || n, now() - n * interval '1 second'
      FROM generate_series(1, $1::int) n`,
    [rows],
  );
  await client.query(
    `INSERT INTO connect_codes (code_key, account_keys, sealed_accounts, made_at, ends_at)
     SELECT lpad(n::text, 43, '0'), ARRAY[n::text], 'sealed', now() + n * interval '1 second',
       now() + n * interval '1 second' + interval '10 minutes' FROM generate_series(1, $1::int) n`,
    [rows],
  );
  await client.query("ANALYZE");
  await client.end();
}, 120_000);

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: Plan[];
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** What PostgreSQL would do for the first statement that `use` makes. */
async function planOf(use: (db: Db) => Promise<unknown>): Promise<Plan[]> {
  let plan: Plan | undefined;
  const explaining: Db = {
    ...real.db,
    async rows(_row, statement) {
      const [explained] = await real.db.rows(
        z.object({ "QUERY PLAN": z.array(z.object({ Plan: z.unknown() })) }),
        sql`EXPLAIN (FORMAT JSON) ${statement}`,
      );
      plan ??= explained?.["QUERY PLAN"][0]?.Plan as Plan;
      return [];
    },
  };
  await use(explaining).catch(() => undefined);
  if (!plan) throw new Error("no statement was made");
  return nodes(plan);
}

const parameters = {
  authorisationId: randomUUID(),
  bankAccount: "b",
  externalId: "e",
  redirectUri: "https://x.sage.com/",
  state: "s",
};
const session = {
  id: randomUUID(),
  handleDigest: new Uint8Array(32),
  locale: "en-GB",
  state: "awaiting_user",
  step: 1,
  sealedStep: "x",
} as const;
const from = { state: "awaiting_user", step: 1 } as const;
const keys = ["an account", "a person", "~a pair"];
const delivery = {
  authorisationId: randomUUID(),
  epoch: 1,
  body: {},
  waitMs: 0,
  probe: false,
};
const announced = randomUUID();
const notification = {
  type: "resourceCreated",
  resource: { id: announced, type: "authorisation" },
  bankId: null,
  externalId: null,
  requestedStartDate: null,
  announcesAuthorisation: true,
  authorisationId: announced,
};
const events = createEventRouting({
  target: { url: "https://feed.bank.example/", secrets: [], privateHosts: [] },
  ofBanks: () => new Map(),
  retryDays: 3,
});
const outboxTo = (db: Db, destination: "provider" | "bank") =>
  createOutboxDeliveries(db, { destination, leaseSeconds: 10 });
const outbox = (db: Db) => createOutboxStore(db, { requestsPerSecond: 10 });

test.each<[string, (db: Db) => Promise<unknown>]>([
  [
    "recording a notification",
    (db) => createNotificationStore(db, { lifetimeSeconds: 60 }).record(notification),
  ],
  ["matching an entry", (db) => createAuthorisationStore(db).match(parameters, { bind: false })],
  ["fixing its parameters", (db) => createAuthorisationStore(db).match(parameters, { bind: true })],
  [
    "looking for ten that are announced",
    (db) => createAuthorisationStore(db).announced(Array.from({ length: 10 }, () => randomUUID())),
  ],
  ["claiming", (db) => createSessionStore(db).claim(parameters, session)],
  ["finding a session", (db) => createSessionStore(db).find(new Uint8Array(32))],
  [
    "moving a session",
    (db) => createSessionStore(db).advance(session.id, from, { ...session, step: 2 }),
  ],
  [
    "claiming with an answer",
    (db) =>
      createSessionStore(db).claim(
        parameters,
        { ...session, state: "awaiting_bank" },
        { account: null, keys },
      ),
  ],
  [
    "answering",
    (db) =>
      createSessionStore(db).answer(
        session.id,
        from,
        { ...session, state: "awaiting_bank" },
        { keys, hasIdentifier: true },
      ),
  ],
  [
    "moving a session with an answer that was right",
    (db) =>
      createSessionStore(db).advance(
        session.id,
        from,
        { ...session, step: 2 },
        { verdict: "accepted" },
      ),
  ],
  [
    "taking back what a confirmed person was counted for",
    (db) => createSessionStore(db).releaseAttempts(session.id, "confirmed"),
  ],
  ["claiming a poll", (db) => createSessionStore(db).claimPoll(session.id, 1)],
  [
    "changing the language of a step",
    (db) => createSessionStore(db).setLocale(session.id, "de-DE", session),
  ],
  [
    "ending a session",
    (db) =>
      outbox(db).finish({
        sessionId: session.id,
        result: "authorised",
        reason: null,
        body: { data: { status: "success" } },
        from,
      }),
  ],
  ["ending sessions nobody looks at", (db) => outbox(db).finishOverdue(null, 100)],
  ["taking the next delivery", (db) => outbox(db).take({})],
  ["taking one delivery", (db) => outbox(db).take({ authorisationId: delivery.authorisationId })],
  [
    "settling a delivery",
    (db) => outbox(db).settle(delivery, { type: "rejected", status: 404 }, 0),
  ],
  ["taking a code of a bank’s app", (db) => createConnectCodeStore(db).take(["no code"], ["1"])],
  [
    "making a code of a bank’s app",
    (db) =>
      createConnectCodeStore(db).keep({
        codeKey: "new",
        accountKeys: ["1"],
        personKey: "ada",
        personKeys: ["ada"],
        sealedAccounts: "x",
        validSeconds: 60,
      }),
  ],
  [
    "recording a notification with its event",
    (db) =>
      createNotificationStore(db, { lifetimeSeconds: 60, events }).record(
        notification,
        new Uint8Array(8),
      ),
  ],
  ["claiming with its event", (db) => createSessionStore(db, events).claim(parameters, session)],
  [
    "ending a session with its event and what may be undone",
    (db) =>
      createOutboxStore(db, { requestsPerSecond: 10 }, events).finish({
        sessionId: session.id,
        result: "authorised",
        reason: null,
        body: { data: { status: "success" } },
        undo: { key: new Uint8Array(32), sealed: "x" },
        from,
      }),
  ],
  [
    "settling a delivery with its event",
    (db) =>
      createOutboxStore(db, { requestsPerSecond: 10 }, events).settle(
        delivery,
        { type: "rejected", status: 404 },
        0,
      ),
  ],
  ["taking the next event", (db) => outboxTo(db, "provider").take({})],
  ["taking one event", (db) => outboxTo(db, "provider").take({ id: announced })],
  ["taking what is next to undo", (db) => outboxTo(db, "bank").take({})],
  [
    "settling an event",
    (db) =>
      outboxTo(db, "provider").settle(
        { id: announced, epoch: 1, waitMs: 0 },
        { type: "applied", status: 204 },
        0,
      ),
  ],
  ["dropping events", (db) => outboxTo(db, "provider").dropOverdue(100)],
  ["ending what need not be undone", (db) => outboxTo(db, "bank").endNotNeeded(100)],
  [
    "keeping what may have to be undone",
    (db) => createSessionStore(db).keepUndo(announced, { key: new Uint8Array(32), sealed: "x" }),
  ],
  ["giving up deliveries", (db) => outbox(db).giveUpOverdue(100)],
  [
    "purging",
    (db) => createRetentionStore(db, { retentionDays: 29, auditRetentionDays: 29 }).purge(200),
  ],
  [
    "the report on one delivery",
    (db) =>
      db.rows(
        z.unknown(),
        sql`SELECT * FROM delivery_report WHERE authorisation_id =
          ${delivery.authorisationId}::uuid`,
      ),
  ],
  [
    "the report on what is undeliverable",
    (db) =>
      db.rows(
        z.unknown(),
        sql`SELECT * FROM delivery_report WHERE state IN ('probably_applied', 'undeliverable')`,
      ),
  ],
])("%s reads no table from end to end", async (_, use) => {
  const read = (await planOf(use))
    .filter((step) => step["Node Type"] === "Seq Scan")
    .map((step) => step["Relation Name"]);
  expect(read.filter((table) => table !== "provider_api_pace")).toEqual([]);
});

test.each<[string, (db: Db) => Promise<unknown>]>([
  [
    "fixing the parameters of an entry",
    (db) => createAuthorisationStore(db).match(parameters, { bind: true }),
  ],
  ["claiming", (db) => createSessionStore(db).claim(parameters, session)],
  [
    "moving a session",
    (db) => createSessionStore(db).advance(session.id, from, { ...session, step: 2 }),
  ],
  ["claiming a poll", (db) => createSessionStore(db).claimPoll(session.id, 1)],
  [
    "changing the language of a step",
    (db) => createSessionStore(db).setLocale(session.id, "de-DE", session),
  ],
  [
    "ending a session",
    (db) =>
      outbox(db).finish({
        sessionId: session.id,
        result: "authorised",
        reason: null,
        body: { data: { status: "success" } },
        from,
      }),
  ],
  ["taking one delivery", (db) => outbox(db).take({ authorisationId: delivery.authorisationId })],
  [
    "settling a delivery",
    (db) => outbox(db).settle(delivery, { type: "rejected", status: 404 }, 0),
  ],
])("%s goes to the row by its key, however few are under way", async (_, use) => {
  expect(
    (await planOf(use)).filter((step) => /expires_at|due_at/.test(step["Index Name"] ?? "")),
  ).toEqual([]);
});

describe("a purge", () => {
  test("takes a small batch of the oldest with all that belongs to them, and leaves what somebody holds", async () => {
    // Everything is older than a day but for what is less than a day old, which the seed does not
    // make.
    const retention = createRetentionStore(real.db, { retentionDays: 1, auditRetentionDays: 1 });
    // Notifications are kept two days longer.
    await real.db.rows(
      z.unknown(),
      sql`UPDATE notifications SET first_received_at = first_received_at - interval '3 days',
        last_received_at = last_received_at - interval '3 days'
          WHERE id IN (SELECT id FROM notifications ORDER BY last_received_at LIMIT 20)`,
    );
    const oldest = await real.db.rows(
      z.object({ id: z.uuid() }),
      sql`SELECT id FROM authorisations ORDER BY expires_at LIMIT 10`,
    );
    const held = oldest[3]!.id;
    const holder = new pg.Client(clientConfig(databaseTarget(real.url)));
    await holder.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM authorisations WHERE id = $1 FOR UPDATE", [held]);
    const before = await counts();
    expect(await retention.purge(10)).toBe(30);
    await holder.query("COMMIT");
    await holder.end();
    const after = await counts();
    expect(before.authorisations - after.authorisations).toBe(10);
    expect(before.notifications - after.notifications).toBe(10);
    expect(before.events - after.events).toBe(10);
    expect(
      await real.db.rows(z.unknown(), sql`SELECT 1 FROM authorisations WHERE id = ${held}::uuid`),
    ).toHaveLength(1);
    expect(
      await real.db.rows(
        z.unknown(),
        sql`SELECT 1 FROM sessions s LEFT JOIN authorisations a ON a.id = s.authorisation_id
          WHERE a.id IS NULL`,
      ),
    ).toEqual([]);
    expect(before.attempts - after.attempts).toBeGreaterThan(0);
  });
  const counts = async () =>
    (
      await real.db.rows(
        z.object({
          authorisations: z.int(),
          notifications: z.int(),
          attempts: z.int(),
          events: z.int(),
        }),
        sql`SELECT (SELECT count(*) FROM authorisations)::int AS authorisations, (SELECT count(*)
          FROM notifications)::int AS notifications, (SELECT count(*)
            FROM attempts)::int AS attempts,
        (SELECT count(*) FROM audit_events)::int AS events`,
      )
    )[0]!;
});
