import type { ServerMetadata } from "openid-client";
import { isLoopback } from "../../net/loopback.ts";
import { OpenIdError } from "./openid-error.ts";
import type { OpenidSettings } from "./settings.ts";

const always = ["token_endpoint", "jwks_uri"] as const;
const forApp = ["backchannel_authentication_endpoint"] as const;
const forPage = ["authorization_endpoint"] as const;

/**
 * Whether a provider is what the entry needs, by what it says of itself: endpoints on configured
 * hosts only (whoever can change that document must not send people, or our key's signatures,
 * elsewhere), and with `fapi-2` what that profile wants of it (FAPI 2.0 §5.3.2).
 * @throws OpenIdError
 */
export function assertFit(
  metadata: ServerMetadata,
  { issuer, hosts, flows, profile, accounts, app }: OpenidSettings,
): void {
  const needed = [
    ...always,
    ...(flows.includes("ciba") ? forApp : []),
    ...(flows.includes("authorization_code") ? forPage : []),
    ...(accounts.from === "userinfo" ? (["userinfo_endpoint"] as const) : []),
  ];
  if (needed.some((name) => metadata[name] === undefined)) throw new OpenIdError("provider-unfit");

  const allowed = [new URL(issuer).host, ...hosts];
  for (const name of [
    ...always,
    ...forApp,
    ...forPage,
    "userinfo_endpoint",
    "pushed_authorization_request_endpoint",
    "revocation_endpoint",
  ] as const) {
    const endpoint = metadata[name];
    if (endpoint !== undefined && !isAllowed(endpoint, allowed))
      throw new OpenIdError("endpoint-elsewhere");
  }

  const deliveries = metadata.backchannel_token_delivery_modes_supported;
  if (flows.includes("ciba") && deliveries && !deliveries.includes(app.delivery))
    throw new OpenIdError("provider-unfit");
  if (profile !== "fapi-2" || !flows.includes("authorization_code")) return;
  const {
    pushed_authorization_request_endpoint: pushed,
    code_challenge_methods_supported: challenges,
    authorization_response_iss_parameter_supported: namesItself,
  } = metadata;
  if (!pushed || !challenges?.includes("S256") || namesItself !== true)
    throw new OpenIdError("provider-unfit");
}

function isAllowed(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, host, hostname, username, password } = new URL(endpoint);
  return (
    username === "" &&
    password === "" &&
    hosts.includes(host) &&
    (protocol === "https:" || (protocol === "http:" && isLoopback(hostname)))
  );
}
