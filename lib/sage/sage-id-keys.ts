import {
  createRemoteJWKSet,
  type CryptoKey,
  customFetch,
  errors,
  type JWTHeaderParameters,
} from "jose";
import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { readForeign, withNullsAbsent } from "../http/foreign-json.ts";
import { type HttpClient, RemoteFault } from "../http/http.ts";
import { errorFields, type Log } from "../log/log.ts";

const minuteMs = 60_000;
const refreshAfterMs = 10 * minuteMs;
const keepForMs = 24 * 60 * minuteMs;
const afterSuccessMs = 30_000;
const afterFailureMs = 5000;
const maxKept = 1000;

const keySet = z.object({
  keys: z.array(z.object({ kid: z.string().optional().catch(undefined) })),
});

/**
 * The key a token's header names; one object for each key for as long as Sage ID's answer is kept.
 */
export type SageIdKeys = (header: JWTHeaderParameters) => Promise<CryptoKey>;

/**
 * The public keys of Sage ID, as a key resolver for `jose`. However many unknown key ids come, the
 * keys are fetched at most twice in any minute and by one request at a time. Keys once had are
 * refreshed in the background every ten minutes, so that one Sage ID withdrew is not trusted for
 * much longer, and stay in use for a day while it is away.
 *
 * @throws {RemoteFault} `keys-unavailable`, from the resolver, when there are no keys or an unknown
 *   key id could not be looked up, also because the keys were fetched a moment ago: whether the
 *   token is good is open then. A key id that a fetch has shown to be missing is unknown until the
 *   next one.
 */
export function createSageIdKeys(
  jwksUrl: string,
  { http, clock, log }: { http: HttpClient; clock: Clock; log: Log },
): SageIdKeys {
  let [last, lastButOne] = [-Infinity, -Infinity];
  let lastFailure: unknown;
  // Key ids that are unknown for certain: those a fetch was made for, until the next one; and those
  // that were published once, since no key comes back.
  const missing = new Set<string>();
  const published = new Set<string>();
  let fetched = 0;

  const client = withNullsAbsent(http);

  // jose's own cooldown begins with a success; without this budget a flood while Sage ID is away
  // would be one fetch after another.
  const fetchWithinBudget: HttpClient = async (url, init) => {
    const now = clock.monotonicMs();
    if (now - last < afterFailureMs || now - lastButOne < minuteMs)
      throw new RemoteFault("over-budget");
    [last, lastButOne] = [now, last];
    const response = await client(url, init);
    if (response.ok) {
      fetched += 1;
      missing.clear();
      for (const kid of keyIdsIn(await response.clone().text()))
        if (published.size < maxKept) published.add(kid);
    }
    return response;
  };
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: keepForMs,
    cooldownDuration: afterSuccessMs,
    [customFetch]: fetchWithinBudget,
  });

  // Everyone who waited for one fetch is given the same error.
  function logOnce(error: unknown) {
    if (error !== lastFailure && !(error instanceof RemoteFault && error.code === "over-budget"))
      log.warn("keys of Sage ID not fetched", errorFields(error));
    lastFailure = error;
  }

  return async (header) => {
    // Nobody waits for a refresh; only a first call, or one whose keys are a day old, joins it
    // below.
    if (clock.monotonicMs() - last > refreshAfterMs) remote.reload().catch(logOnce);
    const before = fetched;
    try {
      return await remote(header);
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JWKSNoMatchingKey) {
        // A token without a key id is for any key there is.
        const { kid } = header;
        if (typeof kid !== "string" || missing.has(kid) || published.has(kid)) throw error;
        if (fetched > before) {
          if (missing.size < maxKept) missing.add(kid);
          throw error;
        }
      } else logOnce(error);
      throw new RemoteFault("keys-unavailable", { cause: error });
    }
  };
}

function keyIdsIn(text: string): string[] {
  const read = readForeign(keySet, text);
  return read.ok ? read.value.keys.flatMap(({ kid }) => kid ?? []) : [];
}
