// Turns requests away before latency collapses for everybody: who is new first, who is in the
// middle of a journey last.
import type { IncomingMessage, ServerResponse } from "node:http";
import { serverLink } from "../lib/web/server-link.ts";
import type { Handler } from "./http-server.ts";
import type { Reading } from "./pressure.ts";
import { sendWebResponse, toWebRequest } from "./web-request.ts";

/** From this pressure on newcomers are turned away, and from that on everybody. */
const newcomersFrom = 0.7;
const everybodyFrom = 1;

/** The pressure from which a request is turned away; health and assets never are. */
export function limitOf(url: string): number {
  const [path = ""] = url.split("?", 1);
  // Who polls, notifies or calls for a bank is a machine, and asks again by itself.
  if (/^\/(authrefresh(\/[^/]+\/status)?|notifications?|bank\/ping|connect-codes)$/.test(path))
    return newcomersFrom;
  return path.startsWith("/authrefresh/") ? everybodyFrom : Infinity;
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
): { handle: Handler; overloaded: () => boolean } {
  const { read, note } = options;
  let shed = 0;
  return {
    /** Whether even people in the middle of a journey are turned away. */
    overloaded: () => read().pressure >= everybodyFrom,
    handle(request, response) {
      const { pressure, source } = read();
      if (pressure >= limitOf(request.url ?? "")) {
        if (shed === 0) note("shedding load", { reason: source });
        shed += 1;
        return turnAway(request, response);
      }
      if (shed > 0 && pressure < newcomersFrom) {
        note("shedding ended", { count: shed });
        shed = 0;
      }
      return next(request, response);
    },
  };
}

async function turnAway(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { app } = serverLink();
  if (!app) return void response.writeHead(503, { "retry-after": "2" }).end();
  await sendWebResponse(await app.unavailable(toWebRequest(request)), response);
}
