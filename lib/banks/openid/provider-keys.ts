import {
  compactVerify,
  createLocalJWKSet,
  type CryptoKey,
  errors,
  type JWTHeaderParameters,
} from "jose";
import { z } from "zod";
import { type Clock, startStopwatch } from "../../clock/clock.ts";
import { readForeign } from "../../http/foreign-json.ts";
import { type HttpClient, RemoteFault } from "../../http/http.ts";
import { OpenIdError, ofStatus } from "./openid-error.ts";

/** How long the keys are used without a look whether one was withdrawn. */
const refreshAfterMs = 5 * 60_000;
/** How long they are used while new ones cannot be had. */
const keepForMs = 24 * 60 * 60_000;
const minuteMs = 60_000;
/** How long nobody waits for them again after that. */
const refreshAgainAfterMs = minuteMs;
/** However many tokens with unknown keys come. */
const maxFetchesAMinute = 5;

const keySet = z.object({ keys: z.array(z.looseObject({})) });

interface Keys {
  uri: string;
  /** The how-manieth fetch gave them. */
  fetch: number;
  /** Milliseconds since they were asked for. */
  ageMs: () => number;
  find: (header: JWTHeaderParameters) => Promise<CryptoKey>;
}

/** Throws unless a key of the provider signed the token. */
export type VerifySignature = (token: string) => Promise<void>;

/**
 * The keys of one provider. A token whose key is not among them has them fetched at once, also a
 * moment after the last time: a key may have been rotated since. There are at most five fetches in
 * any minute, and one at a time.
 * @param notRefreshed is told why new ones cannot be had; those that are known are used on.
 */
export function createProviderKeys({
  http,
  clock,
  algorithm,
  notRefreshed,
}: {
  http: HttpClient;
  clock: Clock;
  algorithm: string;
  notRefreshed: (error: unknown) => void;
}): (uri: string, signal: AbortSignal) => VerifySignature {
  let known: Keys | undefined;
  let inFlight: { uri: string; fetching: Promise<Keys> } | undefined;
  let begun = 0;
  let recent: (() => number)[] = [];
  let sinceFailedRefreshMs = () => Infinity;

  const fetchKeys = async (uri: string): Promise<Keys> => {
    recent = recent.filter((agoMs) => agoMs() < minuteMs);
    if (recent.length >= maxFetchesAMinute) throw new RemoteFault("keys-unavailable");
    const [ageMs, fetch] = [startStopwatch(clock), (begun += 1)];
    recent.push(ageMs);
    const response = await http(uri, {
      headers: { accept: "application/json, application/jwk-set+json" },
    });
    if (response.status !== 200) throw ofStatus(response.status, "answer-unusable");
    const read = readForeign(keySet, await response.text());
    if (!read.ok) throw new OpenIdError("answer-unusable", { paths: read.paths });
    return (known = { uri, fetch, ageMs, find: createLocalJWKSet(read.value) });
  };
  const fetchOnce = (uri: string): Promise<Keys> => {
    if (inFlight?.uri === uri) return inFlight.fetching;
    const mine = {
      uri,
      fetching: fetchKeys(uri).finally(() => (inFlight = inFlight === mine ? undefined : inFlight)),
    };
    inFlight = mine;
    return mine.fetching;
  };
  const keysOf = async (uri: string): Promise<Keys> => {
    const had = known?.uri === uri ? known : undefined;
    if (!had) return fetchOnce(uri);
    if (had.ageMs() < refreshAfterMs) return had;
    if (had.ageMs() >= keepForMs) return fetchOnce(uri);
    if (sinceFailedRefreshMs() < refreshAgainAfterMs) return had;
    return fetchOnce(uri).catch((error: unknown) => {
      sinceFailedRefreshMs = startStopwatch(clock);
      notRefreshed(error);
      return had;
    });
  };

  return (uri, signal) => async (token) => {
    const before = begun;
    const keys = await keysOf(uri);
    signal.throwIfAborted();
    const first = await signedBy(keys, token, algorithm);
    if (first === "good") return;
    // A fetch that began when the token was here says all there is to know.
    if (keys.fetch <= before) {
      const newer = await fetchOnce(uri).catch((error: unknown) => {
        // Whether a key that nobody has seen is the provider's stays open; one that signed
        // something else does not.
        if (first === "unknown-key") throw error;
        return undefined;
      });
      signal.throwIfAborted();
      if (newer && (await signedBy(newer, token, algorithm)) === "good") return;
    }
    throw new OpenIdError("token-signature");
  };
}

async function signedBy(
  { find }: Keys,
  token: string,
  algorithm: string,
): Promise<"good" | "bad-signature" | "unknown-key"> {
  const allowed = { algorithms: [algorithm] };
  try {
    await compactVerify(token, find, allowed);
    return "good";
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return "unknown-key";
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return "bad-signature";
    for await (const key of error)
      if (
        await compactVerify(token, key, allowed).then(
          () => true,
          () => false,
        )
      )
        return "good";
    return "bad-signature";
  }
}
