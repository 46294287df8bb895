import { patchedBeforeArrival, type Authorisation } from "./authorisation.ts";
import { authrefreshUrl } from "./authrefresh-url.ts";
import type { AuthorisationReport } from "./control-api.ts";
import type { BankingServiceSettings } from "./read-settings.ts";

/** An authorisation as the control API and the pages show it. */
export function describeAuthorisation(
  { urls, connectorOrigin }: BankingServiceSettings,
  authorisation: Authorisation,
): AuthorisationReport {
  const { milestones, ...facts } = authorisation;
  const order = patchedBeforeArrival(milestones);
  return {
    ...facts,
    authrefreshUrl: authrefreshUrl(connectorOrigin, authorisation),
    pageUrl: `${urls.productOrigin}/authorisations/${authorisation.authorisationId}`,
    patchedBeforeArrival: order,
    active: order === true,
  };
}
