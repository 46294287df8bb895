import { randomUUID } from "node:crypto";

import type { Authorisation } from "./authorisation.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { AuthorisationOptions } from "./control-api.ts";

const AUTHORISATIONS_KEPT = 20_000;

/** The `bankId` of Sage's own example of a notification. */
export const EXAMPLE_BANK_ID = "10aaeee6-4691-4443-8198-df39aaa8007c";

/** The authorisations Banking Service made. */
export type AuthorisationBook = {
  create(options: AuthorisationOptions): Authorisation;
  find(authorisationId: string): Authorisation | undefined;
  /** The authorisation whose `redirect_uri` has this path. */
  findByReturnPath(pathname: string): Authorisation | undefined;
};

/**
 * Makes an empty book.
 *
 * @param redirectOrigin origin of the `redirect_uri` made for an authorisation
 * @param externalId the account each is about; a new one each time unless told
 */
export function createAuthorisationBook(
  redirectOrigin: string,
  externalId?: string,
): AuthorisationBook {
  const byId = new BoundedMap<string, Authorisation>(AUTHORISATIONS_KEPT);
  const byReturnPath = new BoundedMap<string, Authorisation>(AUTHORISATIONS_KEPT);
  return {
    create(options) {
      const authorisation: Authorisation = {
        authorisationId: randomUUID(),
        bankaccount: options.bankId ?? EXAMPLE_BANK_ID,
        externalId: options.externalId ?? externalId ?? `${randomUUID()}:${randomUUID()}`,
        state: options.state ?? randomUUID(),
        redirectUri:
          options.redirectUri ?? `${redirectOrigin}/api/v1/indirectredirect/${randomUUID()}`,
        embedMode: options.embedMode ?? "embedded",
        notification: null,
        patches: [],
        arrivals: [],
        milestones: new Set(),
      };
      byId.set(authorisation.authorisationId, authorisation);
      // A test may hand out a redirect_uri that is no URL at all, to see it refused.
      if (URL.canParse(authorisation.redirectUri)) {
        byReturnPath.set(new URL(authorisation.redirectUri).pathname, authorisation);
      }
      return authorisation;
    },
    find: (authorisationId) => byId.get(authorisationId),
    findByReturnPath: (pathname) => byReturnPath.get(pathname),
  };
}
