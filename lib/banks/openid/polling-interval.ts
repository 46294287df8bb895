import { createHash } from "node:crypto";

/**
 * CIBA §11: with `slow_down` the interval grows by at least so much, for this and all later
 * requests.
 */
const slowerBySeconds = 5;
const maxKept = 1000;

/**
 * How slowly a provider wants to be asked about a request, where it told us to slow down. The
 * wizard keeps when the next poll is due, in the database; that the pause has grown for good has no
 * place there, since a poll that finds nothing stores nothing. So it is kept here, for the last
 * thousand such requests; another replica learns it by being told, too, and that costs one refused
 * poll.
 */
export function createPace() {
  const grown = new Map<string, number>();
  const keyOf = (request: string) => createHash("sha256").update(request).digest("base64url");
  return {
    /** The least pause in seconds; 0 where nobody complained. */
    of: (request: string): number => grown.get(keyOf(request)) ?? 0,
    slowDown(request: string, everySeconds: number): void {
      const [oldest] = grown.keys();
      if (grown.size >= maxKept && oldest !== undefined) grown.delete(oldest);
      grown.set(keyOf(request), everySeconds + slowerBySeconds);
    },
  };
}
