import { createHash, randomBytes, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sql } from "../db/db.ts";
import { createEventRouting, type EventTarget } from "../events/event-routing.ts";
import { withoutNulls } from "../http/foreign-json.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { notificationSchema } from "./notification.ts";
import { createNotificationStore } from "./notification-store.ts";

const real = useTestDb();
const target: EventTarget = {
  url: "https://feed.bank.example/events",
  secrets: [new Uint8Array(randomBytes(32))],
  privateHosts: [],
};
const routing = (ofBanks: Record<string, EventTarget> = {}, fallback?: EventTarget) =>
  createEventRouting({
    target: fallback,
    ofBanks: () => new Map(Object.entries(ofBanks)),
    retryDays: 3,
  });
const everyone = routing({}, target);

const receive = (body: string, events = everyone) =>
  createNotificationStore(real.db, { lifetimeSeconds: 600, events }).record(
    notificationSchema.parse(withoutNulls(JSON.parse(body))),
    new TextEncoder().encode(body),
  );
const announcement = (id: string, more: object = {}) =>
  JSON.stringify({
    type: "resourceCreated",
    resource: { id, type: "authorisation", url: "NA" },
    additionalData: { bankId: "bank", ...more },
  });
const account = (id: string, type = "resourceDeleted", more: object = {}) =>
  JSON.stringify({
    type,
    resource: { id, type: "bankAccount", url: "NA" },
    additionalData: { externalId: "uuid:uuid", bankId: "bank", ...more },
  });
const eventsOf = (resourceId: string) =>
  real.db.prisma.outbox.findMany({
    where: { data: { path: ["resourceId"], equals: resourceId } },
    orderBy: { createdAt: "asc" },
  });
const anHourPasses = () =>
  real.db.rows(
    z.unknown(),
    sql`UPDATE notifications SET recent_bodies = (
      SELECT coalesce(jsonb_object_agg(key, value::float8 - 3601), '{}')
      FROM jsonb_each(recent_bodies)) RETURNING 1`,
  );

describe("a trusted notification", () => {
  test("is passed on byte for byte, with what Sage's fields say", async () => {
    const id = randomUUID();
    const body = `\r\n ${account(id, "resourceCreated", {
      requestedStartDate: "2026-01-01",
      more: "Zürich \\u0000 🏦",
    })}\n`;
    await receive(body);
    const [event] = await eventsOf(id);
    expect(event).toMatchObject({
      destination: "provider",
      type: "sage.notification.received",
      bankId: "bank",
      authorisationId: null,
      data: {
        notificationType: "resourceCreated",
        resourceType: "bankAccount",
        resourceId: id,
        bankId: "bank",
        externalId: "uuid:uuid",
        requestedStartDate: "2026-01-01",
      },
    });
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(event!.raw!)).toBe(digest(new TextEncoder().encode(body)));
  });
  test("makes one event, however often and at once its repeats come", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        receive(index % 2 ? account(one) : announcement(other)),
      ),
    );
    expect(await eventsOf(one)).toHaveLength(1);
    expect(await eventsOf(other)).toHaveLength(1);
  });
  test("makes another one with another body, or an hour later", async () => {
    const id = randomUUID();
    await receive(account(id));
    await receive(account(id, "resourceDeleted", { reason: "again" }));
    // The first one once more: both are repeats.
    await receive(account(id));
    await receive(account(id, "resourceDeleted", { reason: "again" }));
    expect(await eventsOf(id)).toHaveLength(2);
    await anHourPasses();
    await receive(account(id));
    await receive(account(id));
    expect(await eventsOf(id)).toHaveLength(3);
    const { recentBodies } = await real.db.prisma.notification.findFirstOrThrow({
      where: { resourceId: id },
    });
    expect(Object.keys(recentBodies as object)).toHaveLength(1);
  });
  test("is numbered among the events of its authorisation, without a gap", async () => {
    const id = randomUUID();
    await receive(announcement(id));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => receive(announcement(id, { attempt: index }))),
    );
    await receive(
      JSON.stringify({ type: "resourceDeleted", resource: { id, type: "authorisation" } }),
      everyone,
    );
    const numbers = (await eventsOf(id)).map(({ data }) => (data as { sequence: number }).sequence);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 22 }, (_, index) => index + 1),
    );
    const kept = await real.db.prisma.authorisation.findUniqueOrThrow({ where: { id } });
    expect(kept.eventSequence).toBe(22);
  });
});

describe("whose events are written", () => {
  test.each([
    ["nobody's without an address", routing(), []],
    ["everybody's by the one address", everyone, ["bank", "other", null]],
    ["a bank's by its own", routing({ bank: target }), ["bank"]],
    ["all others' by the entry for them", routing({ "*": target }), ["bank", "other", null]],
    [
      "but not of a type that a bank does not want",
      routing({ bank: { ...target, types: ["reauthorisation.finished"] } }, target),
      ["other", null],
    ],
  ] as const)("%s", async (_, events, expected) => {
    const written: (string | null)[] = [];
    for (const bankId of ["bank", "other", null]) {
      const id = randomUUID();
      await receive(announcement(id, { bankId }), events);
      if ((await eventsOf(id)).length > 0) written.push(bankId);
    }
    expect(written).toEqual(expected);
  });
});
