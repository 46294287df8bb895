// The HTTP server in front of Next: limits, the request filter, and an end that loses no request.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { queryHeader } from "../lib/web/server-link.ts";
import {
  dropFrameworkHeaders,
  hasAmbiguousHeaders,
  judgeRequest,
  type Judgement,
} from "./request-filter.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface ConnectorServer {
  server: Server;
  /**
   * Ends the service: connections are asked to go elsewhere at once, new ones are taken for
   * `noticeMs` more, until load balancers have seen that we are not ready, and requests under way
   * finish. Resolves when the last request is answered.
   */
  drain: (options: { noticeMs: number }) => Promise<void>;
}

const limits = {
  // From the first byte: a client that trickles its request is cut off (the check runs once a
  // second; Node's own default is every 30).
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16 * 1024,
  // A second one of a header is judged with the first instead of being dropped in silence; where
  // there must be one, the request filter refuses two.
  joinDuplicateHeaders: true,
  // Longer than the 60 s after which usual load balancers drop an idle connection, so that they
  // never send into one we are closing.
  keepAliveTimeout: 75_000,
};

/** One each 10 ms. */
const maxBacklogChecks = 50;

/**
 * @param handle what answers the requests that pass the filter
 * @param headers those of every answer
 * @param singular request headers, in lower case, that may come once only, beside those that the
 *   standards have
 */
export function createConnectorServer(
  handle: Handler,
  headers: Readonly<Record<string, string>> = {},
  singular: readonly string[] = [],
): ConnectorServer {
  const ofEveryAnswer = Object.entries(headers);
  const inFlight = new Set<ServerResponse>();
  let draining = false;

  const server = createServer(limits, (request, response) => {
    inFlight.add(response);
    response.once("close", () => {
      inFlight.delete(response);
      // Not before the notice is over: a balancer that still sends to us may be writing into a
      // connection that is idle here, and would find it reset.
      if (draining && !server.listening) closeWhatIsDone();
    });
    // Without this a client would go on using a connection that is about to close.
    if (draining) response.setHeader("connection", "close");
    for (const [name, value] of ofEveryAnswer) response.setHeader(name, value);
    const judgement: Judgement = hasAmbiguousHeaders(request.rawHeaders, singular)
      ? { refuse: 400 }
      : judgeRequest(request.method ?? "", request.url ?? "");
    if ("refuse" in judgement) return void refuse(response, judgement);
    request.url = judgement.pass;
    dropFrameworkHeaders(request.headers);
    // Next parses the query and writes it anew, which mends broken escapes in silence; whoever
    // judges it needs it as it came.
    request.headers[queryHeader] = judgement.pass.split("?").slice(1).join("?");
    Promise.resolve(handle(request, response)).catch(() =>
      response.headersSent ? response.destroy() : response.writeHead(500).end(),
    );
  });
  server.maxHeadersCount = 100;

  // CONNECT never becomes a request, and a method Node does not know is a parse error with the
  // request line in it.
  server.on("connect", (request, socket) =>
    refuseOn(socket, judgeRequest("CONNECT", request.url ?? "")),
  );
  server.on("clientError", (error, socket) => {
    // An answer under way on this connection would be mixed up with ours.
    if ([...inFlight].some((response) => response.socket === socket)) return void socket.destroy();
    const { code, rawPacket } = error as NodeJS.ErrnoException & { rawPacket?: Buffer };
    const [, method, target] =
      (code === "HPE_INVALID_METHOD" &&
        /^([!#$%&'*+.^_`|~\w-]+) (\S+) HTTP\/1\.[01]\r\n/.exec(
          rawPacket?.toString("latin1") ?? "",
        )) ||
      [];
    if (method && target) return void refuseOn(socket, judgeRequest(method, target));
    const status =
      code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : code === "ERR_HTTP_REQUEST_TIMEOUT"
          ? "408 Request Timeout"
          : "400 Bad Request";
    endSocket(socket, status);
  });

  let connections = 0;
  server.on("connection", () => (connections += 1));

  /**
   * Takes the connections that the kernel has accepted for us already: closing the listening socket
   * would reset them, with the requests that are in them. Who goes on opening new ones, as a proxy
   * without keep-alive and probes does until it is refused, does not hold up the stop.
   */
  async function takeBacklog() {
    for (
      let checks = 0, before = -1;
      checks < maxBacklogChecks && before !== connections;
      checks += 1
    ) {
      before = connections;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  function closeWhatIsDone() {
    server.closeIdleConnections();
    // What is left when no request is under way has sent half of one. The moment is for the kernel
    // to send what it was given.
    if (inFlight.size === 0) setTimeout(() => server.closeAllConnections(), 200);
  }

  return {
    server,
    async drain({ noticeMs }) {
      draining = true;
      for (const response of inFlight)
        if (!response.headersSent) response.setHeader("connection", "close");
      await new Promise((resolve) => setTimeout(resolve, noticeMs));
      await takeBacklog();
      const closed = new Promise((resolve) => server.close(() => resolve(undefined)));
      closeWhatIsDone();
      await closed;
    },
  };
}

function answerTo(
  judgement: Judgement,
): [status: number, headers: Record<string, string>, body: string] {
  const refused = "refuse" in judgement ? judgement.refuse : 404;
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  };
  if ("allow" in judgement)
    return [405, { ...headers, allow: judgement.allow }, "Method not allowed\n"];
  return refused === 400
    ? [400, { ...headers, connection: "close" }, "Bad request\n"]
    : [404, headers, "Not found\n"];
}

function refuse(response: ServerResponse, judgement: Judgement): void {
  const [status, headers, body] = answerTo(judgement);
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}

function refuseOn(socket: Duplex, judgement: Judgement): void {
  const [status, headers, body] = answerTo(judgement);
  endSocket(socket, status === 405 ? "405 Method Not Allowed" : "404 Not Found", headers, body);
}

function endSocket(
  socket: Duplex,
  status: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): void {
  if (!socket.writable) return void socket.destroy();
  const lines = Object.entries({
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status}`, ...lines, "", body].join("\r\n"));
}
