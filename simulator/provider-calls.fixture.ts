import type { SimulatorSettings } from "./settings.ts";

/** The token request a connector makes, with fields of the test's own laid over it. */
export function requestToken(
  settings: SimulatorSettings,
  overrides: Record<string, string> = {},
): Promise<Response> {
  const form = {
    grant_type: "client_credentials",
    client_id: settings.SAGE_ID_CLIENT_ID,
    client_secret: settings.SAGE_ID_CLIENT_SECRET,
    audience: settings.PROVIDER_API_AUDIENCE,
    ...overrides,
  };
  return fetch(settings.SAGE_ID_TOKEN_URL, { method: "POST", body: new URLSearchParams(form) });
}

/** An access token the Provider API takes. */
export async function goodAccessToken(settings: SimulatorSettings): Promise<string> {
  const { access_token } = (await (await requestToken(settings)).json()) as {
    access_token: string;
  };
  return access_token;
}

/** The PATCH a connector sends, with headers and body of the test's own laid over it. */
export function sendPatch(
  settings: SimulatorSettings,
  authorisationId: string,
  accessToken: string,
  {
    headers = {},
    body = '{"data":{"status":"success"}}',
  }: { headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  return fetch(`${settings.PROVIDER_API_URL}/authorisations/${authorisationId}`, {
    method: "PATCH",
    headers: {
      "x-api-key": settings.PROVIDER_API_KEY,
      authorization: `Bearer ${accessToken}`,
      "content-type": "application/json",
      ...headers,
    },
    body,
  });
}
