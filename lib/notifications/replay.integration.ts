import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createRetentionStore } from "../authorisations/retention-store.ts";
import { type Db, openDb, sql } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createNotificationStore } from "./notification-store.ts";

// A notification that somebody recorded and sends again, as often as they like, while the
// authorisation runs and after it.
const real = useTestDb();
let replicas: Db[] = [];
beforeAll(() => void (replicas = [real.url, real.url, real.url].map((url) => openDb(url))));
afterAll(() => Promise.all(replicas.map((db) => db.close())));

const notification = (id: string) => ({
  type: "resourceCreated",
  resource: { id, type: "authorisation" },
  bankId: "bank",
  externalId: null,
  requestedStartDate: null,
  announcesAuthorisation: true,
  authorisationId: id,
});
const replay = (id: string, index: number, lifetimeSeconds = 600) =>
  createNotificationStore(replicas[index % 3]!, { lifetimeSeconds }).record(notification(id));
const state = z.object({
  rows: z.int(),
  receipts: z.int(),
  expires: z.string(),
  claimed: z.boolean(),
});
async function stored(id: string) {
  const [row] = await real.db.rows(
    state,
    sql`SELECT (SELECT count(*) FROM notifications
      WHERE resource_id = ${id})::int AS rows, (SELECT sum(receipts) FROM notifications
        WHERE resource_id = ${id})::int AS receipts,
          expires_at::text AS expires, claimed_at IS NOT NULL AS claimed FROM authorisations
            WHERE id = ${id}::uuid`,
  );
  return row;
}
/** As if all of it had happened so many days earlier. */
const longAgo = (id: string, days: number) =>
  real.db.rows(
    z.unknown(),
    sql`WITH heard AS (UPDATE notifications SET first_received_at = now() - make_interval(days =>
      ${days}), last_received_at = now() - make_interval(days => ${days}) WHERE resource_id = ${id})
        UPDATE authorisations SET notified_at = now() - make_interval(days => ${days}),
          expires_at = now() - make_interval(days => ${days}) + interval '19 minutes'
            WHERE id = ${id}::uuid`,
  );
async function receiptsOf(id: string) {
  const [row] = await real.db.rows(
    z.object({ receipts: z.int().nullable() }),
    sql`SELECT sum(receipts)::int AS receipts FROM notifications WHERE resource_id = ${id}`,
  );
  return row?.receipts;
}

test("1,000 replays over three replicas leave one row, and the expiry of the first receipt", async () => {
  const id = randomUUID();
  await replay(id, 0);
  const first = await stored(id);
  // In waves, so that a slow machine turns none away; a replica with another lifetime changes
  // nothing either.
  for (let wave = 0; wave < 40; wave += 1)
    await Promise.all(Array.from({ length: 25 }, (_, index) => replay(id, index, 600 + wave)));
  expect(await stored(id)).toEqual({ ...first, receipts: 1001 });
});

test("a replay after the end opens nothing again, also after the authorisation itself is forgotten", async () => {
  const id = randomUUID();
  await replay(id, 0);
  await longAgo(id, 2);
  const over = await stored(id);
  // It was last heard when it announced the authorisation, and outlives it all the same.
  const retention = createRetentionStore(real.db, { retentionDays: 1, auditRetentionDays: 1 });
  await retention.purge(100);
  expect([over?.receipts, await stored(id)]).toEqual([1, undefined]);
  await replay(id, 1);
  expect(await stored(id)).toBeUndefined();
  expect(await receiptsOf(id)).toBe(2);
  // But not for ever: two days after the authorisation it goes, too.
  await longAgo(id, 4);
  await retention.purge(100);
  expect(await receiptsOf(id)).toBeNull();
});
