import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Webhook } from "standardwebhooks";
import { webhookSecret } from "../config/event-settings.ts";
import { webhookHeaders } from "./webhook.ts";

const secret = (bytes = 32) => `whsec_${randomBytes(bytes).toString("base64")}`;
const keyOf = (written: string) => webhookSecret(written)!;
const message = { id: "5a2f3c0e-6a57-4f0e-9d5b-1a5a3a5d3c11", body: '{"type":"x – ü"}' };

describe("an event's signature", () => {
  test.each([24, 32, 64])("is one that another library accepts, by %i bytes", (bytes) => {
    const written = secret(bytes);
    const headers = webhookHeaders(message, [keyOf(written)], new Date());
    expect(new Webhook(written).verify(message.body, headers)).toEqual(JSON.parse(message.body));
  });
  test("is made with both secrets while one is changed", () => {
    const [next, last] = [secret(), secret()];
    const headers = webhookHeaders(message, [keyOf(next), keyOf(last)], new Date());
    for (const written of [next, last])
      expect(() => new Webhook(written).verify(message.body, headers)).not.toThrow();
    expect(() => new Webhook(secret()).verify(message.body, headers)).toThrow();
  });
  test("covers the id, the time and the body", () => {
    const written = secret();
    const headers = webhookHeaders(message, [keyOf(written)], new Date());
    const verify = (changed: Record<string, string>, body = message.body) =>
      new Webhook(written).verify(body, { ...headers, ...changed });
    expect(() => verify({ "webhook-id": "other" })).toThrow();
    expect(() =>
      verify({ "webhook-timestamp": String(Number(headers["webhook-timestamp"]) - 1) }),
    ).toThrow();
    expect(() => verify({}, `${message.body} `)).toThrow();
  });
});

describe("a secret", () => {
  test.each([
    ["without its prefix", randomBytes(32).toString("base64")],
    ["of 23 bytes", secret(23)],
    ["of 65 bytes", secret(65)],
    ["that is no base64", `whsec_${"!".repeat(44)}`],
    ["in base64url", `whsec_${"-_".repeat(22)}`],
    ["of one byte again and again", `whsec_${Buffer.alloc(32, 7).toString("base64")}`],
    ["that is empty", ""],
  ])("%s is none", (_, written) => {
    expect(webhookSecret(written)).toBeUndefined();
  });
});
