import type { BankingService } from "./banking-service.ts";
import type { EmbedMode } from "./control-api.ts";
import { describeAuthorisation } from "./describe-authorisation.ts";
import { findAuthorisation } from "./find-authorisation.ts";
import { openAuthorisation } from "./open-authorisation.ts";
import { openedPage } from "./pages/opened-page.ts";
import { productPage } from "./pages/product-page.ts";
import { readBody } from "./read-body.ts";
import { reply } from "./reply.ts";
import type { Handler, Route } from "./route.ts";
import { SCENARIOS } from "./scenarios.ts";
import { serveAsset } from "./serve-asset.ts";

/** The page for people, with the authorisation it opened if it did. */
const show: Handler = (service, { response, url }) => {
  const authorisation = service.book.find(url.searchParams.get("authorisation") ?? "");
  const opened = authorisation ? describeAuthorisation(service.settings, authorisation) : null;
  const source = opened ? commonUiUrl(service, opened.authorisationId) : "";
  const page = productPage(
    opened,
    { source, connectorOrigin: service.settings.connectorOrigin },
    knownUserName(url.searchParams.get("scenario")),
  );
  reply.html(response, 200, page, { "content-security-policy": contentSecurityPolicy(service) });
};

/**
 * Starts a re-authorisation: an authorisation and its notification. The scenario stays with the
 * person.
 */
const start: Handler = async (service, { request, response }) => {
  const form = new URLSearchParams(await readBody(request));
  const embedMode: EmbedMode = form.get("embedMode") === "frame" ? "frame" : "embedded";
  const { authorisationId: authorisation } = await openAuthorisation(service, { embedMode });
  const query = new URLSearchParams({
    authorisation,
    scenario: knownUserName(form.get("scenario")),
  });
  // To the frame itself: on a small screen the form stands above it.
  reply.redirect(response, 303, `/?${query}#feed-heading`);
};

/** The page for tests. */
const open: Handler = (service, { response }, [authorisationId]) => {
  const authorisation = findAuthorisation(service, authorisationId);
  reply.html(response, 200, openedPage(commonUiUrl(service, authorisation.authorisationId)));
};

/** What the product page's host serves to browsers. */
export const productRoutes: readonly Route[] = [
  ["GET", /^\/$/, show],
  ["POST", /^\/start$/, start],
  ["GET", /^\/authorisations\/([^/]+)$/, open],
  ["GET", /^\/assets\/product\.css$/, serveAsset("product.css")],
  ["GET", /^\/assets\/wire-log\.css$/, serveAsset("wire-log.css")],
  ["GET", /^\/assets\/product\.js$/, serveAsset("product.js")],
  ["GET", /^\/assets\/grow-frame\.js$/, serveAsset("grow-frame.js")],
  ["GET", /^\/assets\/opened\.css$/, serveAsset("opened.css")],
];

function commonUiUrl({ settings }: BankingService, authorisationId: string): string {
  return `${settings.urls.uiOrigin}/authorisations/${authorisationId}`;
}

function knownUserName(given: string | null): string {
  return SCENARIOS.find(({ userName }) => userName === given)?.userName ?? "user_sms";
}

function contentSecurityPolicy({ settings }: BankingService): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    `frame-src ${settings.urls.uiOrigin}`,
  ].join("; ");
}
