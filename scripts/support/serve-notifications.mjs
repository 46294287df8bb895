// The two addresses Banking Service posts to: answered by the very route handler Next has, without
// Next around it (docs/performance.md).
import { sendWebResponse, toWebRequest } from "./web-request.mjs";

const addresses = new Set(["/notification", "/notifications"]);

/**
 * Answers posted notifications and hands everything else on.
 * @param {import('./connector-server.mjs').Handler} next
 * @returns {import('./connector-server.mjs').Handler}
 */
export function serveNotifications(next) {
  return async (request, response) => {
    /** @type {((request: Request) => Promise<Response>) | undefined} left by instrumentation.ts */
    const post = Reflect.get(globalThis, Symbol.for("connector.notification"));
    if (!post || request.method !== "POST" || !addresses.has(request.url ?? ""))
      return next(request, response);
    await sendWebResponse(await post(toWebRequest(request)), response);
  };
}
