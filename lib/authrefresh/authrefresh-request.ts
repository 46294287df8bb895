import type { Parameters } from "../authorisations/parameters.ts";

const names = ["bankaccount", "authorisation_id", "redirect_uri", "state", "externalId"] as const;
type Name = (typeof names)[number];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const state = /^[A-Za-z0-9._~-]{1,128}$/;

const controls = /[\u0000-\u001f\u007f]/;

/** What a request holds, or the parameter for which it is malformed. */
export type AuthrefreshRequest = { type: "well-formed"; parameters: Parameters } | Malformed;
interface Malformed {
  type: "malformed";
  parameter: Name;
}
const malformed = (parameter: Name): Malformed => ({ type: "malformed", parameter });

/**
 * Reads the parameters of `GET /authrefresh`. It is malformed if one is missing, repeated,
 * over-long, of the wrong form or wrongly encoded. Whether `redirect_uri`
 * is allowed is judged apart. Parameters we do not know are left alone. Lengths are bytes of UTF-8,
 * so that a handle made of the longest ones still fits the fragment.
 * @param search the query string as it came, with or without its `?`.
 */
export function readAuthrefreshRequest(search: string): AuthrefreshRequest {
  const query = decodeQuery(search);
  if (query.type === "malformed") return query;
  const {
    bankaccount,
    authorisation_id,
    redirect_uri,
    state: returnState,
    externalId,
  } = query.given;
  if (!authorisation_id || !uuid.test(authorisation_id)) return malformed("authorisation_id");
  if (!returnState || !state.test(returnState)) return malformed("state");
  if (!redirect_uri || redirect_uri.length > 512) return malformed("redirect_uri");
  if (!externalId || Buffer.byteLength(externalId) > 256 || controls.test(externalId))
    return malformed("externalId");
  if (
    bankaccount !== undefined &&
    (Buffer.byteLength(bankaccount) > 128 || controls.test(bankaccount))
  )
    return malformed("bankaccount");
  return {
    type: "well-formed",
    parameters: {
      authorisationId: authorisation_id.toLowerCase(),
      bankAccount: bankaccount ?? null,
      externalId,
      redirectUri: redirect_uri,
      state: returnState,
    },
  };
}

// URLSearchParams mends broken escapes in silence and hides repeats behind `get`; here both make
// the request malformed.
function decodeQuery(
  search: string,
): { type: "decoded"; given: Partial<Record<Name, string>> } | Malformed {
  const given: Partial<Record<Name, string>> = {};
  for (const pair of search.replace(/^\?/, "").split("&")) {
    // Without a `=` it is all name, as for URLSearchParams.
    const at = `${pair}=`.indexOf("=");
    const name = decode(pair.slice(0, at));
    if (!isName(name)) continue;
    const value = decode(pair.slice(at + 1));
    if (value === undefined || name in given) return malformed(name);
    given[name] = value;
  }
  return { type: "decoded", given };
}

const isName = (name: string | undefined): name is Name => names.some((known) => known === name);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
