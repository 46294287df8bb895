import type { BankingServiceSettings } from "./read-settings.ts";

/** An OAuth error answer (RFC 6749 §5.2). */
export type TokenRefusal = { readonly status: number; readonly error: string };

/**
 * Checks a client-credentials token request, which the mock server library lets pass unchecked.
 *
 * @param contentType the request's `Content-Type`
 * @param body the parsed form; a field given twice is an array, and refused
 * @returns null when the token may be given
 * @see Sage’s developer pages, "Sage ID token (client credentials)"
 */
export function judgeTokenRequest(
  settings: BankingServiceSettings,
  contentType: string | undefined,
  body: Readonly<Record<string, unknown>>,
): TokenRefusal | null {
  if (!contentType?.startsWith("application/x-www-form-urlencoded"))
    return { status: 400, error: "invalid_request" };
  if (body["grant_type"] !== "client_credentials")
    return { status: 400, error: "unsupported_grant_type" };
  if (body["client_id"] !== settings.clientId || body["client_secret"] !== settings.clientSecret) {
    return { status: 401, error: "invalid_client" };
  }
  if (body["audience"] !== settings.providerApiAudience)
    return { status: 403, error: "access_denied" };
  return null;
}
