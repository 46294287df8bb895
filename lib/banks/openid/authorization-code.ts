import { createHash } from "node:crypto";
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
} from "openid-client";
import type { z } from "zod";
import type { Clock } from "../../clock/clock.ts";
import type { BankRequest, BankResult, bankResultSchema, CallOptions } from "../bank-adapter.ts";
import { type NotTaken, tokenBinding } from "./accounts.ts";
import { OpenIdError, OAuthErrorResponse } from "./openid-error.ts";
import { loginHint } from "./login-hint.ts";
import type { Provider } from "./provider.ts";
import { createRequestParameters } from "./request-parameters.ts";
import type { OpenidSettings } from "./settings.ts";
import type { AuthorizationCodeState } from "./state.ts";
import type { TokenUse } from "./use-tokens.ts";

type Asked = z.input<typeof bankResultSchema>;

/** So often somebody may be sent to the page and come back without having confirmed. */
const maxAsks = 10;

/**
 * Confirming on a page of the bank's own: authorization code with PKCE, pushed where the provider
 * takes that.
 */
export function createAskPage(
  settings: OpenidSettings,
  {
    provider,
    tokens: { use },
    clock,
    notTaken,
  }: { provider: Provider; tokens: TokenUse; clock: Clock; notTaken: NotTaken },
) {
  const {
    issuer,
    page,
    flows,
    scope,
    acrValues,
    claims,
    profile,
    lang,
    loginHint: template = "{username}",
  } = settings;
  const parametersOf = createRequestParameters(settings, clock);

  /**
   * The way there, with secrets of its own each time it is offered: what came of the last one is
   * worth nothing any more.
   */
  const ask = (
    { hint, asked, app }: Pick<AuthorizationCodeState, "hint" | "asked" | "app">,
    request: BankRequest,
    heard: string | null = null,
  ): Asked => {
    if (asked > maxAsks) return { type: "refused", reason: "not-approved" };
    return result(
      {
        type: "authorization_code",
        hint,
        verifier: randomPKCECodeVerifier(),
        nonce: randomNonce(),
        asked,
        app,
        heard,
      },
      request,
    );
  };

  const result = (
    state: AuthorizationCodeState,
    { redirectUrl }: BankRequest,
  ): Extract<Asked, { type: "challenge" }> => {
    if (!page || redirectUrl === undefined) throw new TypeError("there is no page to go to");
    return {
      type: "challenge",
      challenge: { kind: "redirect", prompt: { url: redirectUrl, opens: page.opens } },
      state,
      otherWay: flows.includes("ciba") && state.hint !== null,
      lang,
    };
  };

  const finish = (
    state: AuthorizationCodeState,
    back: URL,
    request: BankRequest,
    options: CallOptions,
  ): Promise<BankResult> =>
    provider.use("token_endpoint", options.signal, async (config, verify) => {
      const binding = await tokenBinding(config, settings);
      // `state` was judged before the query came here: it opened to the very session this is
      // (lib/wizard/return-from-bank.ts).
      const tokens = await authorizationCodeGrant(
        config,
        back,
        { pkceCodeVerifier: state.verifier, expectedNonce: state.nonce, idTokenExpected: true },
        undefined,
        binding,
      );
      return use({ request, ...options }, config, tokens, binding, verify);
    });

  const push = (
    { hint, verifier, nonce }: AuthorizationCodeState,
    { returnAddress, locale }: BankRequest,
    signal: AbortSignal,
  ): Promise<{ url: string }> =>
    provider.use("pushed_authorization_request_endpoint", signal, async (config) => {
      const { origin, pathname, searchParams } = new URL(returnAddress);
      const given = {
        response_type: "code",
        redirect_uri: `${origin}${pathname}`,
        scope,
        state: searchParams.get("state") ?? undefined,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        acr_values: acrValues.join(" ") || undefined,
        login_hint: hint === null ? undefined : loginHint(template, hint),
        ui_locales: locale,
        claims: claims && JSON.stringify(claims),
      };
      const parameters = await parametersOf(given);
      const pushed =
        profile === "fapi-2" ||
        config.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      return {
        url: (pushed
          ? await buildAuthorizationUrlWithPAR(config, parameters)
          : buildAuthorizationUrl(config, parameters)
        ).href,
      };
    });

  return {
    ask,

    /**
     * Where the page is now. A pushed request lasts for seconds (RFC 9126 §2.2), so it is pushed
     * when the person goes.
     */
    async redirectToBank(
      state: AuthorizationCodeState,
      request: BankRequest,
      signal: AbortSignal,
    ): Promise<{ url: string }> {
      try {
        return await push(state, request, signal);
      } catch (error) {
        if (!(error instanceof OAuthErrorResponse)) throw error;
        if (error.code !== "unknown_user_id" || state.hint === null)
          throw new OpenIdError("request-refused");
        // Its page asks who they are.
        notTaken("unknown-person");
        return push({ ...state, hint: null }, request, signal);
      }
    },

    /**
     * What came back. Nothing in it is believed: its code is worth what the provider gives for it,
     * and only with the secrets of this step. No problem of it is `wrong`, which would be counted
     * as a guess at this account: whoever saw the address could have it locked.
     */
    async back(
      query: string,
      state: AuthorizationCodeState,
      request: BankRequest,
      options: CallOptions,
    ): Promise<Asked> {
      const heard = createHash("sha256").update(query).digest("base64url");
      const again = (problem: "expired" | "denied", reason: string): Asked => {
        notTaken(reason);
        const next = ask({ ...state, asked: state.asked + 1 }, request, heard);
        return next.type === "challenge" ? { ...next, problem } : next;
      };
      /** Nobody answered anything, so that the way there that is still open stays good. */
      const still = (reason: string): Asked => {
        notTaken(reason);
        return result(state, request);
      };
      if (heard === state.heard) return still("heard-before");
      const back = new URL(request.returnAddress);
      back.search = query;
      if (!back.searchParams.has("code") && !back.searchParams.has("error"))
        return still("no-code");
      // RFC 9207 §2.4, before anything else of it is read: the answer of another provider must not
      // be taken to this one (mix-up).
      const from = back.searchParams.getAll("iss");
      if (from.some((name) => name !== issuer) || (profile === "fapi-2" && from.length !== 1))
        return again("expired", "other-issuer");
      try {
        return await finish(state, back, request, options);
      } catch (error) {
        if (error instanceof OAuthErrorResponse)
          return error.code === "access_denied"
            ? again("denied", "denied")
            : error.code === "invalid_grant"
              ? again("expired", "code-refused")
              : again("expired", "not-signed-in");
        if (error instanceof OpenIdError && error.code.startsWith("token-"))
          return again("expired", error.code);
        throw error;
      }
    },
  };
}
