// The two addresses Banking Service posts to: answered by the very route handler Next has, without
// Next around it (docs/performance.md).
import { serverLink } from "../lib/web/server-link.ts";
import type { Handler } from "./http-server.ts";
import { sendWebResponse, toWebRequest } from "./web-request.ts";

const addresses = new Set(["/notification", "/notifications"]);

/** Answers posted notifications and hands everything else on. */
export function serveNotifications(next: Handler): Handler {
  return async (request, response) => {
    const { app } = serverLink();
    if (!app || request.method !== "POST" || !addresses.has(request.url ?? ""))
      return next(request, response);
    await sendWebResponse(await app.notification(toWebRequest(request)), response);
  };
}
