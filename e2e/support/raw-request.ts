import { type IncomingHttpHeaders, request } from "node:http";

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What a browser sends when it goes to an address inside a frame. */
export const navigation = {
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "sec-fetch-dest": "iframe",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "cross-site",
  "upgrade-insecure-requests": "1",
};

/**
 * Sends one request exactly as it is given: no header is added but `Host` and `Content-Length`, no
 * redirect is followed, the address is not normalised. `fetch` would do all three.
 */
export function rawRequest(
  url: string,
  { method = "GET", headers = {}, body }: RawRequest = {},
): Promise<RawAnswer> {
  const [, host = "", port = "", path = ""] = /^http:\/\/([^:/]+):(\d+)(.*)$/.exec(url) ?? [];
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = request(
      { host, port, path, method, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

// The time, and what belongs to the connection and not to the answer (RFC 9110 §7.6.1).
const passing = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

/** An answer without what differs from one to the next by nature. */
export function comparable({ status, headers, body }: RawAnswer) {
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !passing.has(name))),
    body,
  };
}
