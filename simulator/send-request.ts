import { request as requestHttp, type OutgoingHttpHeaders } from "node:http";
import { request as requestHttps } from "node:https";

import { readBody } from "./read-body.ts";

const TIMEOUT_MS = 30_000;

/** What a server answered. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * Sends one request as a plain back end does, and follows no redirect.
 *
 * Not `fetch`: that adds `Sec-Fetch-Mode` and `Accept-Language`, by which a connector would take
 * this for a browser. A new connection each time, so that a connector that was restarted between
 * two tests is not met over a dead one.
 *
 * @throws Error when there is no answer within 30 s
 */
export function sendRequest(
  url: string,
  options: { method: string; headers: OutgoingHttpHeaders; body?: string; stopping: AbortSignal },
): Promise<Answer> {
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const signal = AbortSignal.any([options.stopping, AbortSignal.timeout(TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    const { method, body } = options;
    const headers =
      body === undefined
        ? options.headers
        : { ...options.headers, "content-length": Buffer.byteLength(body) };
    const outgoing = request(url, { method, headers, signal, agent: false }, (incoming) => {
      const status = incoming.statusCode ?? 0;
      const received = Object.entries(incoming.headers).map(
        ([name, value]) => [name, String(value ?? "")] as const,
      );
      readBody(incoming).then(
        (text) => resolve({ status, headers: Object.fromEntries(received), body: text }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
