import { randomBytes } from "node:crypto";

import { simulatorUrls } from "./simulator-urls.ts";

/** The settings of docs/settings.md that join one connector to one simulator. */
export type SimulatorSettings = {
  PUBLIC_URL: string;
  NOTIFICATION_HEADER_NAME: string;
  NOTIFICATION_HEADER_VALUES: string;
  SAGE_ID_ISSUER: string;
  SAGE_ID_JWKS_URL: string;
  SAGE_ID_TOKEN_URL: string;
  SAGE_ID_AUDIENCE: string;
  SAGE_ID_AUTHORIZED_PARTY: string;
  SAGE_ID_CLIENT_ID: string;
  SAGE_ID_CLIENT_SECRET: string;
  PROVIDER_API_URL: string;
  PROVIDER_API_KEY: string;
  PROVIDER_API_AUDIENCE: string;
  REDIRECT_HOSTS: string;
  FRAME_ANCESTORS: string;
};

/**
 * Makes the settings a connector needs to work with the simulator; hand the same ones to both
 * processes.
 *
 * Every secret is random and new at each call, so none can end up in the repository or be shared by
 * two runs. The caller adds what is the connector's own: `DATABASE_URL`, `PORT`, `SEAL_KEYS`,
 * `BANK_ADAPTER`.
 *
 * @param options.publicUrl the connector's origin as browsers reach it, e.g.
 *   `http://localhost:3000`
 * @param options.bankingServicePort the simulator's port
 */
export function simulatorSettings({
  publicUrl,
  bankingServicePort,
}: {
  publicUrl: string;
  bankingServicePort: number;
}): SimulatorSettings {
  const urls = simulatorUrls(bankingServicePort);
  return {
    PUBLIC_URL: publicUrl,
    NOTIFICATION_HEADER_NAME: "x-northwind-notification-key",
    NOTIFICATION_HEADER_VALUES: secret(),
    SAGE_ID_ISSUER: urls.sageIdIssuer,
    SAGE_ID_JWKS_URL: urls.jwksUrl,
    SAGE_ID_TOKEN_URL: urls.tokenUrl,
    SAGE_ID_AUDIENCE: "https://connector.northwind.example/",
    SAGE_ID_AUTHORIZED_PARTY: `banking-service-${secret(9)}`,
    SAGE_ID_CLIENT_ID: `northwind-${secret(9)}`,
    SAGE_ID_CLIENT_SECRET: secret(),
    PROVIDER_API_URL: urls.providerApiUrl,
    PROVIDER_API_KEY: secret(),
    PROVIDER_API_AUDIENCE: "https://provider-api.banking-service.example/",
    // One suffix on a label boundary: redirect.localhost is under it, as xyz.sagebankdrive.com is
    // under sagebankdrive.com.
    REDIRECT_HOSTS: `localhost:${bankingServicePort}`,
    // Browsers check every ancestor, so the product page and the common UI are both named, not only
    // the parent.
    FRAME_ANCESTORS: [urls.productOrigin, urls.uiOrigin, urls.redirectOrigin].join(" "),
  };
}

function secret(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}
