import { describeAuthorisation } from "./describe-authorisation.ts";
import { findAuthorisation } from "./find-authorisation.ts";
import { commonUiPage } from "./pages/common-ui-page.ts";
import { finishedPage } from "./pages/finished-page.ts";
import { reply } from "./reply.ts";
import type { Handler, Route } from "./route.ts";
import { serveAsset } from "./serve-asset.ts";

/** Frames the redirect page, or the connector itself. */
const frame: Handler = (service, { response }, [authorisationId]) => {
  const { embedMode, authrefreshUrl } = describeAuthorisation(
    service.settings,
    findAuthorisation(service, authorisationId),
  );
  const redirectPage = `${service.settings.urls.redirectOrigin}/authorisations/${authorisationId ?? ""}`;
  reply.html(
    response,
    200,
    commonUiPage(
      embedMode === "embedded" ? redirectPage : authrefreshUrl,
      service.settings.connectorOrigin,
    ),
  );
};

/** Where the user ends up. */
const finished: Handler = (service, { response }, [authorisationId]) => {
  const { active } = describeAuthorisation(
    service.settings,
    findAuthorisation(service, authorisationId),
  );
  reply.html(response, 200, finishedPage(active));
};

/** What Sage's common UI serves. */
export const commonUiRoutes: readonly Route[] = [
  ["GET", /^\/authorisations\/([^/]+)$/, frame],
  ["GET", /^\/authorisations\/([^/]+)\/finished$/, finished],
  ["GET", /^\/assets\/common-ui\.css$/, serveAsset("common-ui.css")],
  ["GET", /^\/assets\/grow-frame\.js$/, serveAsset("grow-frame.js")],
];
