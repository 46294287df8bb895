// What our own server decides about a request before Next sees it. Pure.

import type { IncomingHttpHeaders } from "node:http";

/** `pass` is the request target in origin form. */
export type Judgement = { refuse: 400 | 404 } | { refuse: 405; allow: string } | { pass: string };

// Every other method Node's parser knows (TRACE, CONNECT, PROPFIND …) makes Next answer 500 or run
// a handler that was never meant for it.
const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

// The addresses of docs/how-it-works.md and of our assets, for the `Allow` that belongs to a 405
// (RFC 9110 §10.2.1). Known methods get theirs from the routes.
const addresses = [
  [/^\/notifications?$/, "POST"],
  [/^\/authrefresh$/, "GET, HEAD"],
  [/^\/authrefresh\/[^/]+$/, "GET, HEAD, POST"],
  [/^\/authrefresh\/[^/]+\/(status|bank)$/, "GET, HEAD"],
  [/^\/(bank\/ping|connect-codes)$/, "POST"],
  [/^\/health\/(live|ready)$/, "GET, HEAD"],
  [/^\/assets\/[^/]+$/, "GET, HEAD"],
] as const;

// Next has pages of its own, with framework script, at these addresses; and what Next answers `//`,
// a backslash or a dot segment with is a redirect or another address.
const strangePath = /^\/_|^\/(404|500)$|\/\/|\\|#|[^/]\/$|\/\.{1,2}(\/|$)/;

/**
 * Judges method and request target. Addresses exist in one spelling: no trailing slash, no empty or
 * dot segment.
 * @param target the request target as received
 */
export function judgeRequest(method: string, target: string): Judgement {
  // A server has to accept the absolute form (RFC 9112 §3.2.2). Its host means no more to us than
  // the Host header: PUBLIC_URL alone says who we are.
  const authority = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? "";
  const rest = target.slice(authority.length);
  const inOriginForm = authority && !rest.startsWith("/") ? `/${rest}` : rest;
  if (!inOriginForm.startsWith("/")) return { refuse: 404 };
  const [rawPath = ""] = inOriginForm.split("?", 1);
  const path = decoded(rawPath);
  if (
    path === undefined ||
    !/^[\x21-\x7e]*$/.test(rawPath) ||
    strangePath.test(rawPath) ||
    strangePath.test(path)
  )
    return { refuse: 404 };
  if (knownMethods.has(method)) return { pass: inOriginForm };
  const allow = addresses.find(([address]) => address.test(path))?.[1];
  return allow ? { refuse: 405, allow } : { refuse: 404 };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

// Fields with one value, of which two would be read in one way here and in another by whatever
// stands in front (RFC 9110 §5.3; for Host RFC 9112 §3.2). Content-Length and Transfer-Encoding are
// judged by Node's parser.
const singular = new Set([
  "host",
  "authorization",
  "content-type",
  "origin",
  "sec-fetch-site",
  "sec-fetch-mode",
  "sec-fetch-dest",
]);

// One host, or none (RFC 9112 §3.2): several in one line are what a proxy makes of two lines.
const oneHost = /^(\[[\da-f:.]+\]|[\w.~%-]*)(:\d*)?$/i;

/**
 * Whether a field that has one value came twice, or `Host` with what is not one host, which must be
 * refused with 400. Which host it is means nothing to us.
 * @param rawHeaders names and values in turn, as they came
 * @param more other names of that kind, in lower case
 */
export function hasAmbiguousHeaders(
  rawHeaders: readonly string[],
  more: readonly string[] = [],
): boolean {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (!singular.has(name) && !more.includes(name)) continue;
    if (seen.has(name) || (name === "host" && !oneHost.test(rawHeaders[index + 1] ?? "")))
      return true;
    seen.add(name);
  }
  return false;
}

// Headers by which a client would steer the framework: other representations, server actions,
// middleware results, cache keys, revalidation.
const frameworkHeader =
  /^(rsc|next-.*|x-next-.*|x-nextjs-.*|x-middleware-.*|x-invoke-.*|x-matched-path|x-now-.*|x-vercel-.*|x-prerender-.*)$/;

/**
 * Removes the headers that mean something to Next only.
 * @param headers changed in place
 */
export function dropFrameworkHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers))
    if (frameworkHeader.test(name)) Reflect.deleteProperty(headers, name);
}
