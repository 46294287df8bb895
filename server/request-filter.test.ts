import { describe, expect, it } from "vitest";
import { dropFrameworkHeaders, hasAmbiguousHeaders, judgeRequest } from "./request-filter.ts";

describe("a request target", () => {
  it.each([
    "/",
    "/notification",
    "/authrefresh?bankaccount=a&redirect_uri=https%3A%2F%2Fa.sagebankdrive.com%2Fx%2F%2Fy&state=%zz",
    "/authrefresh/eyJh..q-_.x.y",
    "/authrefresh/_handle/status",
    "/unknown/%C3%A9",
    "/notification?//..",
  ])("passes as it is: %s", (target) =>
    expect(judgeRequest("GET", target)).toEqual({ pass: target }),
  );

  it.each([
    ["http://connector.example/notification?a=b", "/notification?a=b"],
    ["HTTPS://connector.example:8443/x", "/x"],
    ["http://connector.example", "/"],
    ["http://connector.example?a", "/?a"],
  ])("in absolute form is read as its path: %s", (target, pass) =>
    expect(judgeRequest("GET", target)).toEqual({ pass }),
  );

  it.each([
    ["undecodable", "/%E0%A4%A"],
    ["undecodable", "/authrefresh/%zz"],
    ["an empty segment", "//"],
    ["an empty segment", "//evil.example/notification"],
    ["an empty segment", "/health//live"],
    ["an encoded empty segment", "/health/%2Flive"],
    ["an empty segment after an authority", "http://connector.example//evil.example"],
    ["a trailing slash", "/notification/"],
    ["a trailing slash", "/notification/?a=b"],
    ["an encoded trailing slash", "/notification%2f"],
    ["a dot segment", "/x/../notification"],
    ["a dot segment", "/./notification"],
    ["an encoded dot segment", "/x/%2e%2E/notification"],
    ["a dot segment at the end", "/notification/.."],
    ["a backslash", "/health\\live"],
    ["an encoded backslash", "/%5Cevil.example"],
    ["a fragment", "/notification#x"],
    ["not ASCII", "/caf\u00e9"],
    ["of Next", "/_next/image?url=x"],
    ["of Next, encoded", "/%5Fnext/static/x.js"],
    ["of Next", "/_not-found"],
    ["of Next", "/404"],
    ["of Next, encoded", "/%350%30"],
    ["the asterisk form", "*"],
    ["the authority form", "connector.example:443"],
    ["empty", ""],
    ["another scheme", "file:///etc/passwd"],
  ])("is nowhere when it is %s: %s", (_, target) =>
    expect(judgeRequest("GET", target)).toEqual({ refuse: 404 }),
  );
});

describe("a method", () => {
  it.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])(
    "is left to the route: %s",
    (method) => {
      expect(judgeRequest(method, "/notification")).toEqual({ pass: "/notification" });
    },
  );

  it.each([
    ["/notification", "POST"],
    ["/notifications?a", "POST"],
    ["/authrefresh", "GET, HEAD"],
    ["/authrefresh/handle", "GET, HEAD, POST"],
    ["/authrefresh/handle/status", "GET, HEAD"],
    ["/authrefresh/handle/bank", "GET, HEAD"],
    ["/bank/ping", "POST"],
    ["/connect-codes", "POST"],
    ["/health/ready", "GET, HEAD"],
  ])("no route knows is refused with what %s allows: %s", (target, allow) => {
    for (const method of ["TRACE", "CONNECT", "PROPFIND", "get"])
      expect(judgeRequest(method, target)).toEqual({ refuse: 405, allow });
  });

  it("no route knows finds nothing at an unknown address", () =>
    expect(judgeRequest("TRACE", "/x")).toEqual({ refuse: 404 }));
});

describe("request headers", () => {
  const ours = ["x-notification-key"];
  it.each([
    ["Host twice", ["Host", "a.example", "Host", "b.example"]],
    ["Host twice with one value", ["Host", "a.example", "hOST", "a.example"]],
    ["two hosts in one line", ["Host", "a.example, b.example"]],
    ["two hosts in one line without a space", ["Host", "a.example,b.example"]],
    ["a host with a path", ["Host", "a.example/b"]],
    ["a host with user info", ["Host", "b@a.example"]],
    ["a host in words", ["Host", "a.example b.example"]],
    [
      "Authorization twice",
      ["Host", "a", "Authorization", "Bearer a", "authorization", "Bearer a"],
    ],
    ["Content-Type twice", ["Content-Type", "application/json", "Content-Type", "text/plain"]],
    ["Origin twice", ["Origin", "https://a", "origin", "https://b"]],
    ["Sec-Fetch-Site twice", ["sec-fetch-site", "same-origin", "sec-fetch-site", "cross-site"]],
    ["the notification header twice", ["X-Notification-Key", "k", "x-notification-key", "k"]],
  ])("are ambiguous with %s", (_, raw) => expect(hasAmbiguousHeaders(raw, ours)).toBe(true));

  it.each([
    ["none", []],
    [
      "each once",
      [
        "Host",
        "a.example:8443",
        "Authorization",
        "Bearer a",
        "Content-Type",
        "application/json",
        "Origin",
        "null",
        "X-Notification-Key",
        "k",
      ],
    ],
    [
      "lists in several lines",
      [
        "Host",
        "localhost",
        "Accept",
        "a",
        "Accept",
        "b",
        "Cookie",
        "a",
        "Cookie",
        "b",
        "X-Forwarded-For",
        "a",
        "X-Forwarded-For",
        "b",
      ],
    ],
    ["another provider’s header twice", ["X-Other-Key", "k", "X-Other-Key", "k"]],
    ["an address as host", ["Host", "[2001:DB8::1]:3000"]],
    ["a value that is a header’s name", ["X-A", "host", "X-B", "host"]],
    ["an address with a port as host", ["Host", "192.0.2.1:8080"]],
    ["a service of a cluster as host", ["Host", "connector_1.prod.svc."]],
    ["an empty host", ["Host", ""]],
  ])("are clear with %s", (_, raw) => expect(hasAmbiguousHeaders(raw, ours)).toBe(false));
});

it("headers that steer the framework are dropped, and no others", () => {
  const headers = {
    rsc: "1",
    "next-router-prefetch": "1",
    "next-action": "x",
    "x-middleware-subrequest": "x",
    "x-nextjs-data": "1",
    "x-matched-path": "/x",
  };
  const kept = {
    accept: "text/html",
    "sec-purpose": "prefetch",
    "x-forwarded-for": "192.0.2.1",
    "x-northwind-notification-key": "k",
  };
  const all = { ...headers, ...kept };
  dropFrameworkHeaders(all);
  expect(all).toEqual(kept);
});
