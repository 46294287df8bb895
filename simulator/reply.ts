import type { OutgoingHttpHeaders, ServerResponse } from "node:http";

/**
 * Nothing the simulator serves may be remembered: each answer depends on what happened just before
 * it.
 */
const NO_STORE = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** The ways the simulator answers. */
export const reply = {
  json(
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: OutgoingHttpHeaders = {},
  ): void {
    send(response, status, JSON.stringify(body), {
      "content-type": "application/json",
      ...headers,
    });
  },
  html(
    response: ServerResponse,
    status: number,
    body: string,
    headers: OutgoingHttpHeaders = {},
  ): void {
    send(response, status, body, { "content-type": "text/html; charset=utf-8", ...headers });
  },
  redirect(response: ServerResponse, status: 302 | 303, location: string): void {
    send(response, status, "", { location });
  },
  empty(response: ServerResponse, status = 204): void {
    send(response, status, "", {});
  },
  bytes(response: ServerResponse, contentType: string, body: Buffer): void {
    send(response, 200, body, { "content-type": contentType });
  },
};

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(status, {
    ...NO_STORE,
    ...headers,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
