import type { Authorisation } from "./authorisation.ts";

/**
 * The address Banking Service opens for an authorisation: `GET /authrefresh` with its five
 * parameters.
 *
 * @param connectorOrigin the connector's `PUBLIC_URL`
 * @see Sage’s developer pages, "GET authrefresh"
 */
export function authrefreshUrl(connectorOrigin: string, authorisation: Authorisation): string {
  const query = new URLSearchParams({
    bankaccount: authorisation.bankaccount,
    authorisation_id: authorisation.authorisationId,
    redirect_uri: authorisation.redirectUri,
    state: authorisation.state,
    externalId: authorisation.externalId,
  });
  return `${connectorOrigin}/authrefresh?${query}`;
}
