/**
 * Who asks: a browser that goes to the address itself, or a program, most likely Banking Service's
 * back end, which puts our HTML into a page of its own. A server-side fetch sends no `Sec-Fetch-*`;
 * browsers before those headers send `Upgrade-Insecure-Requests` with navigations (Sage’s developer
 * pages, "GET authrefresh").
 */
export function isNavigation(headers: Headers): boolean {
  const mode = headers.get("sec-fetch-mode");
  if (mode !== null) return mode === "navigate";
  return (
    headers.get("upgrade-insecure-requests") === "1" &&
    (headers.get("accept") ?? "").includes("text/html")
  );
}

/**
 * Whether a posted form comes from somewhere else (CSRF): by its `Origin`, compared with the
 * configured one and never with `Host`, which a client may set (design decision 4); by
 * `Sec-Fetch-Site` where a browser sent no `Origin`, or `null` (Fetch §3.2): a proxy that adds
 * `Referrer-Policy: no-referrer` makes it say that of our own pages. A program that sends neither
 * is not what CSRF is about: it has the form's token or it has not.
 */
export function isCrossOriginPost(headers: Headers, publicUrl: string): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin === "null") return site !== "same-origin";
  if (origin !== null) return origin !== publicUrl;
  return site !== null && site !== "same-origin";
}

/** Whether the browser only looks ahead; such a request must have no effect. */
export function isPrefetch(headers: Headers): boolean {
  return [headers.get("sec-purpose"), headers.get("purpose"), headers.get("x-moz")].some(
    (purpose) => purpose?.includes("prefetch"),
  );
}

/**
 * Whether the browser says that a frame is to show the answer; a window of its own is `document`. A
 * program may say anything, and an old browser says nothing.
 */
export const isFramed = (headers: Headers): boolean =>
  ["iframe", "frame"].includes(headers.get("sec-fetch-dest") ?? "");

/**
 * Whether the browser says that a window of its own is to show the answer. An old browser says
 * nothing, and is not kept out.
 */
export const isTopLevel = (headers: Headers): boolean =>
  headers.get("sec-fetch-dest") === "document";
