import {
  type ClientAuth,
  ClientSecretPost,
  type CustomFetch,
  modifyAssertion,
  PrivateKeyJwt,
  type ServerMetadata,
  TlsClientAuth,
} from "openid-client";
import { z } from "zod";
import { secretFile, text } from "../config/setting-values.ts";
import { goodSigningKey, signingKey } from "./signing-key.ts";

/** How an entry says that the connector signs an assertion. */
export const byAssertion = z.strictObject({
  method: z.literal("private_key_jwt"),
  /** Kept as it was read: whoever compares two entries sees a new key. */
  keyFile: secretFile.superRefine((content, context) => {
    const read = signingKey(content);
    if (typeof read === "string") context.addIssue(read);
  }),
  keyId: text.max(256).optional(),
  /**
   * What the assertion names as its audience: FAPI 2.0 §5.3.3 wants the issuer, RFC 7523 §3 allows
   * the token endpoint, and some providers want the endpoint that is called.
   */
  audience: z
    .enum(["issuer", "token-endpoint", "endpoint"], {
      error: "must be issuer, token-endpoint or endpoint",
    })
    .default("issuer"),
});
/** How an entry says that the connector shows a secret. */
export const bySecret = z.strictObject({
  method: z.enum(["client_secret_basic", "client_secret_post"]),
  secretFile,
});
/** The certificate of the connection (RFC 8705 §2.1). */
export const byCertificate = z.strictObject({ method: z.literal("tls_client_auth") });

type Authentication =
  z.output<typeof byAssertion> | z.output<typeof bySecret> | z.output<typeof byCertificate>;

/** The endpoints of a provider at which the connector authenticates itself. */
export type ClientEndpoint =
  | "pushed_authorization_request_endpoint"
  | "backchannel_authentication_endpoint"
  | "token_endpoint"
  | "revocation_endpoint";

/**
 * How the connector authenticates itself.
 * @returns what authenticates a call of one endpoint: an assertion may have to name it as its
 *   audience (RFC 7523 §3).
 */
export function createClientAuthentication({
  authentication,
  clientId,
}: {
  authentication: Authentication;
  clientId: string;
}): (metadata: ServerMetadata, at: ClientEndpoint) => ClientAuth {
  if (authentication.method === "private_key_jwt") {
    const { keyFile, keyId, audience } = authentication;
    const key = {
      key: goodSigningKey(keyFile).key,
      ...(keyId === undefined ? {} : { kid: keyId }),
    };
    return (metadata, at) => {
      const named = {
        issuer: metadata.issuer,
        "token-endpoint": metadata.token_endpoint,
        endpoint: metadata[at],
      }[audience];
      return PrivateKeyJwt(key, {
        [modifyAssertion]: (_header, payload) => void (payload.aud = named ?? metadata.issuer),
      });
    };
  }
  if (authentication.method === "tls_client_auth") return () => TlsClientAuth();
  const { method, secretFile } = authentication;
  const basic: ClientAuth = (_as, _client, _body, headers) =>
    headers.set("authorization", basicCredentials(clientId, secretFile));
  const shown = method === "client_secret_basic" ? basic : ClientSecretPost(secretFile);
  return () => shown;
}

/**
 * RFC 6749 §2.3.1. `openid-client` escapes unreserved characters, too, such as the hyphens of a
 * UUID, and providers refuse that.
 */
export function basicCredentials(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString("base64")}`;
}

/** RFC 6749 Appendix B; the unreserved characters of RFC 3986 §2.3 stay as they are. */
const formEncoded = (text: string) => percentEncoded(text).replaceAll("%20", "+");

/**
 * RFC 3986 §2.1; `encodeURIComponent` leaves some reserved characters as they are.
 * @throws URIError for half of a surrogate pair
 */
export const percentEncoded = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * What is wrong with a request of ours is in the body; where there is one, `openid-client` would
 * read the challenge that a 401 has to have (RFC 6749 §5.2) instead.
 */
export const withErrorInBody =
  (endpoint: string | undefined, ask: CustomFetch): CustomFetch =>
  async (url, options) => {
    const response = await ask(url, options);
    if (endpoint !== undefined && url === new URL(endpoint).href && response.body)
      response.headers.delete("www-authenticate");
    return response;
  };
