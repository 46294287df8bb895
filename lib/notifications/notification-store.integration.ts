import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DatabaseUnavailable, openDb } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createNotificationStore } from "./notification-store.ts";
import { type Notification, notificationSchema } from "./notification.ts";

const real = useTestDb();

const authorisation = (id: string, bankId = "bank"): Notification =>
  notificationSchema.parse({
    type: "resourceCreated",
    resource: { id, type: "authorisation", url: "NA" },
    additionalData: { bankId },
  });
const store = () => createNotificationStore(real.db, { lifetimeSeconds: 600 });

describe("a notification", () => {
  test("of an authorisation creates it once, however often and at once it comes", async () => {
    const id = randomUUID();
    const receipts = await Promise.all(
      Array.from({ length: 50 }, () => store().record(authorisation(id))),
    );
    expect(receipts.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
    expect(await real.db.prisma.authorisation.count({ where: { id } })).toBe(1);
  });
  test("that comes again changes neither expiry nor bank", async () => {
    const id = randomUUID();
    await store().record(authorisation(id, "first"));
    const before = await real.db.prisma.authorisation.findUniqueOrThrow({ where: { id } });
    await createNotificationStore(real.db, { lifetimeSeconds: 1200 }).record(
      authorisation(id, "second"),
    );
    expect(await real.db.prisma.authorisation.findUniqueOrThrow({ where: { id } })).toEqual(before);
  });
  test("gives an authorisation its lifetime by the clock of the database", async () => {
    const id = randomUUID();
    await store().record(authorisation(id));
    const { notifiedAt, expiresAt } = await real.db.prisma.authorisation.findUniqueOrThrow({
      where: { id },
    });
    expect(expiresAt.getTime() - notifiedAt.getTime()).toBe(600_000);
  });
  test.each([
    {
      type: "resourceCreated",
      resource: { id: "a1", type: "bankAccount", url: "https://x.example/1" },
      additionalData: { externalId: "uuid:uuid", requestedStartDate: "2026-01-01", bankId: "b" },
    },
    {
      type: "resourceDeleted",
      resource: { id: "a1", type: "bankAccount", url: "NA" },
      additionalData: { externalId: "uuid:uuid", bankId: "b" },
    },
    { type: "somethingNew", resource: { id: "7", type: "moon" } },
    { type: "resourceDeleted", resource: { id: randomUUID(), type: "authorisation" } },
  ])(
    "of another kind is recorded and creates no authorisation: $type $resource.type",
    async (posted) => {
      const before = await real.db.prisma.authorisation.count();
      expect(await store().record(notificationSchema.parse(posted))).toBe(1);
      expect(await real.db.prisma.authorisation.count()).toBe(before);
      expect(
        await real.db.prisma.notification.findFirstOrThrow({
          where: { type: posted.type, resourceType: posted.resource.type },
        }),
      ).toMatchObject({ resourceId: posted.resource.id });
    },
  );
  test("is not acknowledged when the database is away", async () => {
    const away = openDb("postgresql://nobody@127.0.0.1:1/nothing");
    await expect(
      createNotificationStore(away, { lifetimeSeconds: 1 }).record(authorisation(randomUUID())),
    ).rejects.toBeInstanceOf(DatabaseUnavailable);
    await away.close();
  });
});
