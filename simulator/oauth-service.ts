import type { IncomingMessage } from "node:http";

import {
  Events,
  OAuth2Issuer,
  OAuth2Service,
  type MutableResponse,
  type MutableToken,
} from "oauth2-mock-server";

import type { AccessTokens } from "./access-tokens.ts";
import { judgeTokenRequest } from "./judge-token-request.ts";
import { newId } from "./new-id.ts";
import type { BankingServiceSettings } from "./read-settings.ts";

/** One generation of Sage ID: a key, its issuer, and the service that publishes it. */
export type OAuthService = {
  readonly issuer: OAuth2Issuer;
  readonly service: OAuth2Service;
  readonly kid: string;
};

type TokenRequest = IncomingMessage & { readonly body: Readonly<Record<string, unknown>> };

/**
 * Sets up oauth2-mock-server as Sage ID with a new RS256 key, and adds what it does not do: the
 * check of the client, Sage's claims and lifetime, and a record of the tokens given out.
 *
 * @param accessTokens learns every access token given out
 * @param lifetimeOf how long the token of a request lives, in seconds
 */
export async function createOAuthService(
  settings: BankingServiceSettings,
  accessTokens: AccessTokens,
  lifetimeOf: (request: IncomingMessage) => number,
): Promise<OAuthService> {
  const { sageIdIssuer, jwksUrl, tokenUrl } = settings.urls;
  const pathOf = (url: string) => `/${url.slice(sageIdIssuer.length)}`;
  const issuer = new OAuth2Issuer();
  issuer.url = sageIdIssuer;
  const { kid } = await issuer.keys.generate("RS256", { kid: newId() });
  const service = new OAuth2Service(issuer, { jwks: pathOf(jwksUrl), token: pathOf(tokenUrl) });

  service.on(Events.BeforeTokenSigning, ({ payload }: MutableToken, request: TokenRequest) => {
    const { audience, client_id: client } = request.body;
    // Without jti two tokens of one second would be the same text, and could not be told apart.
    Object.assign(payload, {
      aud: audience,
      azp: client,
      sub: `${String(client)}@clients`,
      jti: newId(),
    });
    payload.exp = payload.iat + lifetimeOf(request);
  });
  service.on(Events.BeforeResponse, (answer: MutableResponse, request: TokenRequest) => {
    const refusal = judgeTokenRequest(settings, request.headers["content-type"], request.body);
    if (refusal) {
      Object.assign(answer, { statusCode: refusal.status, body: { error: refusal.error } });
      return;
    }
    const { access_token, token_type } = answer.body as {
      access_token: string;
      token_type: string;
    };
    const expires_in = lifetimeOf(request);
    accessTokens.issue(access_token, expires_in);
    answer.body = { access_token, token_type, expires_in };
  });
  return { issuer, service, kid };
}
