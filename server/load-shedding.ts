// Turns requests away before latency collapses for everybody: who is new first, who is in the
// middle of a journey last.
import type { IncomingMessage, ServerResponse } from "node:http";
import { serverLink } from "../lib/web/server-link.ts";
import type { Handler } from "./http-server.ts";
import type { Reading } from "./pressure.ts";
import { sendWebResponse, toWebRequest } from "./web-request.ts";

/**
 * From which pressure on each kind of request is turned away. What is not named never is: health,
 * assets.
 */
const limits = { entry: 0.7, poll: 0.7, notification: 0.85, person: 1 } as const;

/** What a request is to load shedding; undefined if it is never turned away. */
export function kindOfRequest(url: string): keyof typeof limits | undefined {
  const [path = ""] = url.split("?", 1);
  if (path === "/authrefresh") return "entry";
  // The script asks again by itself, and without it the page works.
  if (/^\/authrefresh\/[^/]+\/status$/.test(path)) return "poll";
  // A bank's machine repeats its call, too.
  if (/^\/notifications?$/.test(path) || path === "/bank/ping" || path === "/connect-codes")
    return "notification";
  return path.startsWith("/authrefresh/") ? "person" : undefined;
}

/**
 * Hands on what there is room for.
 * @param options.note told when shedding begins and when it ends
 */
export function shedLoad(
  next: Handler,
  options: {
    read: () => Reading;
    note: (
      event: "shedding load" | "shedding ended",
      fields: { reason?: string; count?: number },
    ) => void;
  },
): { handle: Handler; requests(): number; overloaded(): boolean } {
  const { read, note } = options;
  let requests = 0;
  let shed = 0;
  return {
    requests: () => requests,
    /** Whether even people in the middle of a journey are turned away. */
    overloaded: () => read().pressure >= limits.person,
    handle(request, response) {
      const kind = kindOfRequest(request.url ?? "");
      if (!kind) return next(request, response);
      const { pressure, source } = read();
      if (pressure >= limits[kind]) {
        if (shed === 0) note("shedding load", { reason: source });
        shed += 1;
        return turnAway(request, response);
      }
      if (shed > 0 && pressure < limits.entry) {
        note("shedding ended", { count: shed });
        shed = 0;
      }
      requests += 1;
      response.once("close", () => (requests -= 1));
      return next(request, response);
    },
  };
}

async function turnAway(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { app } = serverLink();
  if (!app) return void response.writeHead(503, { "retry-after": "2" }).end();
  await sendWebResponse(await app.unavailable(toWebRequest(request)), response);
}
