import { randomUUID } from "node:crypto";
import { pick } from "../../simulator/draws.ts";
import type { TestBed } from "./test-bed.ts";
import { type Asked, streamOf } from "./stream-of.ts";

const perSecond = 8;
const form = {
  "content-type": "application/x-www-form-urlencoded",
  "sec-fetch-mode": "navigate",
  accept: "text/html",
};
const navigation = { "sec-fetch-mode": "navigate", accept: "text/html" };

/**
 * Requests nobody honest sends, with the one answer the contract gives each of them, while faults
 * are on.
 * @returns what stops it.
 */
export function sendGarbage(testBed: TestBed): () => Promise<void> {
  const { world } = testBed;
  const { headers: trusted = {} } = world.notification(randomUUID());
  const post = (
    path: string,
    headers: Record<string, string>,
    body: string,
    right: readonly number[],
  ): Asked => ({ call: { method: "POST", path, headers, body }, right });
  const other = (method: string, path: string, right: readonly number[], headers = {}): Asked => ({
    call: { method, path, headers },
    right,
  });
  const query = (more: Record<string, string>) =>
    `/authrefresh?${new URLSearchParams({ authorisation_id: randomUUID(), redirect_uri: "https://xyz.sagebankdrive.com/back", state: "s", externalId: "e", ...more })}`;
  const untrusted = { ...trusted, authorization: "Bearer aaaa.bbbb.cccc" };
  const kinds: (() => Asked)[] = [
    () => post("/notification", { "content-type": "application/json" }, "{}", [401]),
    () => post("/notification", untrusted, "{}", [401]),
    () => post("/notification", trusted, '{"type":', [400]),
    () =>
      post(
        "/notification",
        trusted,
        '{"type":"resourceCreated","resource":{"id":"1","type":"authorisation"}}',
        [400],
      ),
    () => post("/notification", trusted, "[]", [400]),
    () => post("/notifications", trusted, JSON.stringify({ type: "x".repeat(70_000) }), [413]),
    () => post("/notification", { ...trusted, "content-type": "image/png" }, "{}", [415]),
    () => other("GET", "/notification", [405]),
    () => other("DELETE", "/authrefresh", [405]),
    () => other("TRACE", "/authrefresh", [405]),
    () => other("GET", "/authrefresh", [400], navigation),
    () => other("GET", query({ authorisation_id: "1' OR 1=1" }), [400]),
    () => other("GET", query({ state: "a b" }), [400]),
    () => other("GET", query({ redirect_uri: "not a url" }), [400]),
    () => other("GET", query({ redirect_uri: "https://sage.com.evil.example/" }), [403]),
    () => other("GET", "/authrefresh/%E0%A4%A", [404]),
    () => other("GET", "/authrefresh/nobody-has-this-handle", [410], navigation),
    () => other("GET", "/authrefresh/a.b.c.d.e", [410], navigation),
    () => other("GET", `/authrefresh/${"A".repeat(3000)}`, [410], navigation),
    () => other("GET", "/authrefresh/nobody-has-this-handle/status", [404]),
    () => other("GET", "/nothing/here", [404]),
    () => other("GET", "//evil.example/", [404]),
    () =>
      post("/authrefresh/nobody-has-this-handle", form, "action=continue&form_token=1.x", [410]),
    () =>
      post(
        "/authrefresh/nobody-has-this-handle",
        { ...form, origin: "https://evil.example" },
        "action=continue",
        [403],
      ),
    () =>
      post(
        "/authrefresh/nobody-has-this-handle",
        { ...form, "content-type": "application/json" },
        "{}",
        [410],
      ),
    () =>
      post("/authrefresh/nobody-has-this-handle", form, `password=${"p".repeat(70_000)}`, [410]),
    () => post("/authrefresh/nobody-has-this-handle", form, "%ff%fe=%00&__proto__=1", [410]),
  ];
  return streamOf(testBed, "garbage", perSecond, () => pick(testBed.draw, kinds)());
}
