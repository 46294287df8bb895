import { describeAuthorisation } from "./describe-authorisation.ts";
import { fetchAuthrefresh } from "./fetch-authrefresh.ts";
import { findAuthorisation } from "./find-authorisation.ts";
import { redirectPage } from "./pages/redirect-page.ts";
import { recordArrival } from "./record-arrival.ts";
import { recordIncoming } from "./record-incoming.ts";
import { reply } from "./reply.ts";
import { RequestError } from "./request-error.ts";
import type { Handler, Route } from "./route.ts";
import { serveAsset } from "./serve-asset.ts";

/**
 * Puts the connector's HTML into a page of Sage's own. Each load fetches anew, as a retrying HTTP
 * client would.
 */
const embed: Handler = async (service, { response }, [authorisationId]) => {
  const authorisation = describeAuthorisation(
    service.settings,
    findAuthorisation(service, authorisationId),
  );
  const fragment = await fetchAuthrefresh(service, authorisation);
  if (fragment === null)
    reply.html(response, 502, redirectPage("<p>The provider gave no page.</p>"));
  else reply.html(response, 200, redirectPage(fragment));
};

/** Takes the browser back at `redirect_uri`, and sends it onward as Sage does. */
const arrive: Handler = (service, exchange) => {
  const { request, response, url } = exchange;
  const authorisation = service.book.findByReturnPath(url.pathname);
  if (!authorisation) throw new RequestError(404, "No authorisation has this redirect_uri.");
  const note = recordIncoming(service, exchange, { from: "browser", to: "Banking Service" });
  note.authorisationId = authorisation.authorisationId;
  service.counts.arrivals++;
  // As requested, not as URL rewrites it: the state must come back byte for byte.
  const isExact = recordArrival(
    authorisation,
    `http://${request.headers.host ?? ""}${request.url ?? ""}`,
  );
  if (!isExact)
    throw new RequestError(403, "This is not redirect_uri with the state that was given.");
  const { uiOrigin } = service.settings.urls;
  reply.redirect(
    response,
    302,
    `${uiOrigin}/authorisations/${authorisation.authorisationId}/finished`,
  );
};

/** What the redirect page's host serves. */
export const redirectRoutes: readonly Route[] = [
  ["GET", /^\/authorisations\/([^/]+)$/, embed],
  ["GET", /^\/assets\/host\.css$/, serveAsset("host.css")],
  ["GET", /^\/(?!assets\/|authorisations\/)/, arrive],
];
