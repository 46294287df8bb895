// Turns requests away before latency collapses for everybody: who is new first, who is in the
// middle of a journey last.
import { sendWebResponse, toWebRequest } from "./web-request.mjs";

/**
 * From which pressure on each kind of request is turned away. What is not named never is: health,
 * assets.
 */
const limits = /** @type {const} */ ({ entry: 0.7, poll: 0.7, notification: 0.85, person: 1 });

/** @param {string} url @returns {keyof typeof limits | undefined} */
export function kindOfRequest(url) {
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
 * @param {import('./connector-server.mjs').Handler} next
 * @param {object} options
 * @param {() => import('./pressure.mjs').Reading} options.read
 * @param {(event: 'shedding load' | 'shedding ended', fields: { reason?: string, count?: number })
 *   => void} options.note told when it begins and when it ends
 * @returns {{ handle: import('./connector-server.mjs').Handler, requests(): number, overloaded():
 *   boolean }}
 */
export function shedLoad(next, { read, note }) {
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

/** @type {import('./connector-server.mjs').Handler} */
async function turnAway(request, response) {
  /** @type {((request: Request) => Promise<Response>) | undefined} left by instrumentation.ts */
  const unavailable = Reflect.get(globalThis, Symbol.for("connector.unavailable"));
  if (!unavailable) return response.writeHead(503, { "retry-after": "2" }).end();
  await sendWebResponse(await unavailable(toWebRequest(request)), response);
}
