import { expect, test, vi } from "vitest";
import type { InboundResult, InboundRequest } from "../banks/bank-adapter.ts";
import type { BodyRead } from "../http/request-body.ts";
import { createReceiveConnectCodeRequest } from "./receive-connect-code-request.ts";

const called = vi.fn<(call: InboundRequest) => Promise<InboundResult>>();
const increment = vi.fn();
const warn = vi.fn();
const log = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
const authorization = `Bearer ${"k".repeat(32)}`;
const receive = createReceiveConnectCodeRequest({
  bank: { trusts: (shown) => shown === authorization, called },
  audit: { increment: increment },
  log,
});
const post = (read: BodyRead | string) =>
  receive({
    authorization,
    readJson: async () =>
      typeof read === "string" ? { ok: true, text: read, bytes: new Uint8Array() } : read,
  });

test("a call goes to the bank it names, with the rest of what was sent", async () => {
  called.mockResolvedValueOnce({ type: "made", value: { code: "1" } });
  expect(await post('{"bankId":"one","accounts":[]}')).toEqual({
    type: "made",
    value: { code: "1" },
  });
  expect(called).toHaveBeenLastCalledWith({ bankId: "one", authorization, body: { accounts: [] } });
  expect(increment).toHaveBeenLastCalledWith("inbound-request-trusted");
});

test("what is null is absent", async () => {
  called.mockResolvedValueOnce({ type: "made", value: null });
  await post('{"bankId":null,"person":null,"accounts":[{"externalId":"x","more":null}]}');
  expect(called).toHaveBeenLastCalledWith({
    bankId: null,
    authorization,
    body: { accounts: [{ externalId: "x" }] },
  });
});

test("a bank that is not there, one that takes no calls and a wrong key are refused alike", async () => {
  const none = createReceiveConnectCodeRequest({ bank: {}, audit: { increment: increment }, log });
  expect(
    await none({
      authorization,
      readJson: async () => ({ ok: true, text: "{}", bytes: new Uint8Array() }),
    }),
  ).toEqual({
    type: "untrusted",
  });
  called.mockResolvedValueOnce({ type: "unauthorised" });
  expect(await post('{"bankId":"one"}')).toEqual({ type: "untrusted" });
  expect(increment).toHaveBeenLastCalledWith("inbound-request-refused", "unauthorised");
  expect(warn.mock.calls.map(([, fields]) => fields)).toEqual([
    { reason: "unauthorised" },
    { reason: "unauthorised" },
  ]);
});

test.each<[string, string | null]>([
  ["nothing", null],
  ["no key", "Bearer"],
  ["another scheme", `Basic ${"k".repeat(32)}`],
  ["too short a key", `Bearer ${"k".repeat(31)}`],
  ["too long a key", `Bearer ${"k".repeat(1001)}`],
  ["two keys", `Bearer ${"k".repeat(32)} ${"k".repeat(32)}`],
  ["a key of no bank", `Bearer ${"x".repeat(32)}`],
])("of somebody who shows %s nothing is read", async (_, shown) => {
  const readJson = vi.fn<() => Promise<BodyRead>>();
  expect(await receive({ authorization: shown, readJson })).toEqual({ type: "untrusted" });
  expect(readJson).not.toHaveBeenCalled();
  expect(increment).toHaveBeenLastCalledWith("inbound-request-refused", "unauthorised");
});

test.each<[string, BodyRead | string, string]>([
  ["no JSON", "hello", "malformed"],
  ["a list", "[]", "malformed"],
  ["a bank that is no name", '{"bankId":{}}', "malformed"],
  ["a bank with a name that is too long", JSON.stringify({ bankId: "x".repeat(301) }), "malformed"],
  ["another type", { ok: false, reason: "wrong-type" }, "not-json"],
  ["too much", { ok: false, reason: "too-large" }, "too-large"],
  ["too slowly", { ok: false, reason: "too-slow" }, "too-slow"],
])("%s reaches no bank", async (_, read, receipt) => {
  called.mockClear();
  expect(await post(read)).toEqual({ type: receipt });
  expect(called).not.toHaveBeenCalled();
});

test("what the adapter cannot read is told to whoever has the key, and the log says where", async () => {
  called.mockResolvedValueOnce({ type: "malformed", paths: ["accounts[0].externalId"] });
  expect(await post('{"bankId":"one","nonsense":1}')).toEqual({ type: "malformed" });
  expect(warn).toHaveBeenLastCalledWith("inbound request refused", {
    reason: "malformed",
    paths: ["accounts[0].externalId"],
  });
  await post('{"bankId":5}');
  expect(warn).toHaveBeenLastCalledWith("inbound request refused", {
    reason: "malformed",
    paths: ["bankId"],
  });
});
