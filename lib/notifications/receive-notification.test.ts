import { expect, test, vi } from "vitest";
import type { BodyRead } from "../http/request-body.ts";
import type { NotificationStore } from "./notification-store.ts";
import { createReceiveNotification } from "./receive-notification.ts";

const id = "a7d66d27-e9ab-40b4-850a-447a541ca263";
const secret = "canary-4711";
const record = vi.fn<NotificationStore["record"]>(async () => 1);
const warn = vi.fn();
const log = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
const receiveFrom = (trusted: boolean) =>
  createReceiveNotification({
    verifySender: async () =>
      trusted ? { type: "trusted" } : { type: "refused", reason: "header-wrong" },
    notifications: { record },
    audit: { increment: vi.fn() },
    log,
  });
const post = (read: BodyRead | object) =>
  receiveFrom(true)({
    headers: new Headers(),
    readJson: async () =>
      "ok" in read ? read : { ok: true, text: JSON.stringify(read), bytes: new Uint8Array() },
  });

test.each<[string, object, object]>([
  [
    "additional data",
    {
      type: "resourceCreated",
      resource: { id, type: "authorisation", url: "NA" },
      additionalData: null,
    },
    { bankId: null, resource: { id, url: "NA" } },
  ],
  [
    "a url",
    {
      type: "resourceCreated",
      resource: { id, type: "authorisation", url: null },
      additionalData: { bankId: "b" },
    },
    { bankId: "b", resource: { id } },
  ],
  [
    "a bank",
    {
      type: "resourceCreated",
      resource: { id, type: "authorisation" },
      additionalData: { bankId: null, externalId: null },
    },
    { bankId: null },
  ],
  [
    "whatever a bank account may have",
    {
      type: "resourceCreated",
      resource: { id: "1", type: "bankAccount", url: null },
      additionalData: { externalId: "e", bankId: null, requestedStartDate: null },
    },
    { externalId: "e", bankId: null },
  ],
])("a notification is taken where %s is null", async (_, body, stored) => {
  expect(await post(body)).toBe("recorded");
  expect(record.mock.lastCall).toMatchObject([stored, expect.any(Uint8Array)]);
});

test.each<[string, object, string[]]>([
  [
    "a bank that is a number",
    {
      type: "resourceCreated",
      resource: { id, type: "authorisation" },
      additionalData: { bankId: 5, [secret]: secret },
    },
    ["additionalData.bankId"],
  ],
  [
    "an id that is none",
    { type: "resourceCreated", resource: { id: secret, type: "authorisation" } },
    ["resource.id"],
  ],
  [
    "an id of null",
    { type: "resourceDeleted", resource: { id: null, type: "bankAccount" } },
    ["resource.id"],
  ],
  ["no resource", { type: secret, resource: null }, ["resource"]],
  ["a type that is a list", { type: [secret], resource: { id: "1", type: "x" } }, ["type"]],
  ["a list", [secret], ["$"]],
])(
  "the log says where one with %s is not as it should be, and nothing of what is there",
  async (_, body, paths) => {
    expect(await post(body)).toBe("malformed");
    expect(warn).toHaveBeenLastCalledWith("notification refused", { reason: "malformed", paths });
    expect(JSON.stringify(warn.mock.lastCall)).not.toContain(secret);
  },
);

test.each([
  ["wrong-type", "not-json"],
  ["too-large", "too-large"],
  ["too-slow", "too-slow"],
  ["malformed", "malformed"],
] as const)("the log says that a body was refused as %s", async (reason, receipt) => {
  expect(await post({ ok: false, reason })).toBe(receipt);
  expect(warn).toHaveBeenLastCalledWith("notification refused", { reason: receipt });
});

test("of a sender who is not trusted nothing is read", async () => {
  const readJson = vi.fn<() => Promise<BodyRead>>();
  expect(await receiveFrom(false)({ headers: new Headers(), readJson })).toBe("untrusted");
  expect(readJson).not.toHaveBeenCalled();
});
