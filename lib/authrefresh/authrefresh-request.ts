import type { Parameters } from "../authorisations/parameters.ts";

const names = ["bankaccount", "authorisation_id", "redirect_uri", "state", "externalId"] as const;
type Name = (typeof names)[number];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const state = /^[A-Za-z0-9._~-]{1,128}$/;

const controls = /[\u0000-\u001f\u007f]/;

/**
 * The parameters of `GET /authrefresh`, or undefined when the request is malformed: one missing,
 * repeated, over-long, of the wrong form or wrongly encoded (contract.md). Whether `redirect_uri`
 * is allowed is judged apart. Parameters we do not know are left alone. Lengths are bytes of UTF-8,
 * so that a handle made of the longest ones still fits the fragment.
 * @param search the query string as it came, with or without its `?`.
 */
export function readEntryRequest(search: string): Parameters | undefined {
  const given = decodeQuery(search);
  if (!given) return undefined;
  const { bankaccount, authorisation_id, redirect_uri, state: returnState, externalId } = given;
  if (!authorisation_id || !uuid.test(authorisation_id)) return undefined;
  if (!returnState || !state.test(returnState)) return undefined;
  if (!redirect_uri || redirect_uri.length > 512) return undefined;
  if (!externalId || Buffer.byteLength(externalId) > 256 || controls.test(externalId))
    return undefined;
  if (
    bankaccount !== undefined &&
    (Buffer.byteLength(bankaccount) > 128 || controls.test(bankaccount))
  )
    return undefined;
  return {
    authorisationId: authorisation_id.toLowerCase(),
    bankAccount: bankaccount ?? null,
    externalId,
    redirectUri: redirect_uri,
    state: returnState,
  };
}

// URLSearchParams mends broken escapes in silence and hides repeats behind `get`; here both make
// the request malformed.
function decodeQuery(search: string): Partial<Record<Name, string>> | undefined {
  const given: Partial<Record<Name, string>> = {};
  for (const pair of search.replace(/^\?/, "").split("&")) {
    // Without a `=` it is all name, as for URLSearchParams.
    const at = `${pair}=`.indexOf("=");
    const name = decode(pair.slice(0, at));
    if (!isName(name)) continue;
    const value = decode(pair.slice(at + 1));
    if (value === undefined || name in given) return undefined;
    given[name] = value;
  }
  return given;
}

const isName = (name: string | undefined): name is Name => names.some((known) => known === name);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
