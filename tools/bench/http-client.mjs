import http from "node:http";

/**
 * @typedef {{ method?: string, path: string, headers?: Record<string, string>, body?: string,
 *   expect?: number | 'any' }} Call
 * @typedef {{ status: number, headers: http.IncomingHttpHeaders, body: string }} Answer
 * @typedef {{ send(call: Call): Promise<Answer>, close(): void }} Client
 */

const timeoutMs = 10_000;

/**
 * A client of one server on this machine, over connections that are kept alive.
 * @param {string} origin whose port is used; the address is always 127.0.0.1
 * @param {number} connections
 * @param {string} [host] sent as `Host`; that of the origin, if none is given
 * @returns {Client} that rejects for any other status than the expected one, 200 unless given: a
 *   figure made of errors is none
 */
export function createClient(origin, connections, host = new URL(origin).host) {
  const { port } = new URL(origin);
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections, timeout: timeoutMs });
  return {
    send: ({ method = "GET", path, headers = {}, body, expect = 200 }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
        const request = http.request(
          {
            agent,
            host: "127.0.0.1",
            port,
            method,
            path,
            headers: { host, ...headers, ...length },
          },
          (response) => {
            let text = "";
            response.setEncoding("utf8");
            response.on("data", (chunk) => (text += chunk));
            response.once("error", reject);
            response.once("end", () => {
              if (expect === "any" || response.statusCode === expect)
                resolve({
                  status: response.statusCode ?? 0,
                  headers: response.headers,
                  body: text,
                });
              else
                reject(
                  new Error(
                    `${method} ${path.slice(0, 40)} answers ${response.statusCode} and not ` +
                      `${expect}`,
                  ),
                );
            });
          },
        );
        request.once("error", reject);
        request.once("timeout", () =>
          request.destroy(
            new Error(
              `${method} ${path.slice(0, 40)} gives no answer within ${timeoutMs / 1000} s`,
            ),
          ),
        );
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
