import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { resourceId } from "./xs2a-messages.ts";

export type Links = Readonly<Record<string, unknown>>;

const ofStart = [
  "startAuthorisation",
  "startAuthorisationWithPsuIdentification",
  "startAuthorisationWithPsuAuthentication",
  "startAuthorisationWithAuthenticationMethodSelection",
  "startAuthorisationWithTransactionAuthorisation",
] as const;
const ofAuthorisation = [
  "updatePsuIdentification",
  "updatePsuAuthentication",
  "selectAuthenticationMethod",
  "authoriseTransaction",
  "confirmation",
  "scaStatus",
] as const;

/** The links whose requests are made here, each at the path the standard gives it. */
export type FollowedLink =
  (typeof ofStart)[number] | (typeof ofAuthorisation)[number] | "self" | "status" | "account";

/** The queries of links, by name, for the requests that follow them. */
export type LinkQueries = Partial<Record<FollowedLink, string>>;

/** All of them have to fit into the state, beside the rest of it. */
const maxQueries = 800;

/** Whether a link's request makes the authorisation as well. */
export const isStart = (link: FollowedLink): boolean =>
  (ofStart as readonly string[]).includes(link);

/**
 * What banks carry along in the queries of their links, such as UniCredit’s
 * `?authenticationCurrencyCode=…`. Taken only of a link whose path ends as the standard’s own does;
 * its host is of no interest, since no request goes there.
 * @throws {UnexpectedBankResponse} for more than a state can hold.
 */
export function queriesOf(links: Links, consent: string, before: LinkQueries): LinkQueries {
  const paths: readonly (readonly [names: readonly FollowedLink[], path: RegExp])[] = [
    [ofStart, /\/consents\/([^/]+)\/authorisations\/?$/],
    [ofAuthorisation, /\/consents\/([^/]+)\/authorisations\/[^/]+\/?$/],
    [["self"], /\/consents\/([^/]+)\/?$/],
    [["status"], /\/consents\/([^/]+)\/status\/?$/],
    [["account"], /\/accounts()\/?$/],
  ];
  const queries = { ...before };
  for (const [names, path] of paths) {
    for (const name of names) {
      const link = Object.hasOwn(links, name) ? locationOf(links[name]) : undefined;
      const [, id] = (link && path.exec(link.pathname)) ?? [];
      if (link && (id === "" || decoded(id) === consent)) queries[name] = link.search;
    }
  }
  const kept = Object.fromEntries(Object.entries(queries).filter(([, query]) => query !== ""));
  if (JSON.stringify(kept).length > maxQueries)
    throw new UnexpectedBankResponse("answer-not-understood", { paths: ["_links"] });
  return kept;
}

/**
 * The authorisation that links name; a consent that starts one by itself tells its id in no other
 * way.
 */
export function authorisationIn(links: Links): string | undefined {
  for (const link of Object.values(links)) {
    const [, id] = /\/authorisations\/([^/]+)\/?$/.exec(locationOf(link)?.pathname ?? "") ?? [];
    const parsed = resourceId.safeParse(decoded(id));
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

/** The address of a link (hrefType). */
export function hrefOf(link: unknown): string | undefined {
  const href = typeof link === "object" && link !== null && "href" in link ? link.href : link;
  return typeof href === "string" && href.length <= 4000 ? href : undefined;
}

/** Path and query of a link, which may have a host or not. */
function locationOf(link: unknown): URL | undefined {
  const href = hrefOf(link);
  const anywhere = "https://bank.invalid/";
  return href !== undefined && URL.canParse(href, anywhere) ? new URL(href, anywhere) : undefined;
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
