/**
 * Titles by status (RFC 9110 §15); a problem says no more than that, so that an answer never quotes
 * what was sent.
 */
const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

export type ProblemStatus = keyof typeof titles;

/**
 * For answers that are no document: whatever takes one for a document, it does nothing and stands
 * in no frame.
 */
const inertPolicy = "default-src 'none'; frame-ancestors 'none'";

/** How long a caller should wait before it asks again, in seconds. */
export const retryAfterSeconds = 2;

/** An error as problem JSON (RFC 9457); of type `about:blank`, since the status says it all. */
export function problemResponse(
  status: ProblemStatus,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify({ type: "about:blank", title: titles[status], status }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": inertPolicy,
      // RFC 9110 §15.5.2 wants a challenge with every 401; it is the same for all of them.
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(status === 503 ? { "retry-after": String(retryAfterSeconds) } : {}),
      ...headers,
    },
  });
}

/** A small JSON answer. */
export function jsonResponse(status: number, value: unknown): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-security-policy": inertPolicy,
    },
  });
}
