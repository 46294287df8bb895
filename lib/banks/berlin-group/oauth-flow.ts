import { createHash } from "node:crypto";
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from "openid-client";
import type { Clock } from "../../clock/clock.ts";
import type { BankRequest } from "../bank-adapter.ts";
import type { GivenToken } from "./grant.ts";
import { OAuthRefusal } from "./oauth-fault.ts";
import type { OAuthServer } from "./oauth-server.ts";
import type { OAuthState, Running } from "./state.ts";

/**
 * What came back from the bank's page: a token; that it was no answer, or an old one; or why there
 * is none.
 */
export type OAuthReturn =
  | { type: "token"; token: GivenToken }
  | { type: "nothing" }
  | { type: "expired" | "denied"; heard: string };

/**
 * OAuth as SCA (Implementation Guidelines, “OAuth2 SCA Approach: Authorization Code Flow”): the
 * consent is there, and a token for it is given on the bank's page.
 */
export function createOAuthFlow(server: OAuthServer, clock: Pick<Clock, "now">) {
  return {
    /** @param before what is known of the flow that this one takes the place of. */
    async begin(
      link: unknown,
      before: Partial<Pick<OAuthState, "asked" | "heard">>,
      signal: AbortSignal,
    ): Promise<OAuthState> {
      const url = server.urlIn(link);
      await server.check(url, signal);
      return {
        server: url,
        verifier: randomPKCECodeVerifier(),
        asked: before.asked ?? 1,
        heard: before.heard ?? null,
      };
    },

    /** Where the page is now: a pushed request lasts for seconds (RFC 9126 §2.2). */
    async redirectToBank(
      { consent }: Running,
      { server: url, verifier }: OAuthState,
      { returnAddress }: BankRequest,
      signal: AbortSignal,
    ): Promise<{ url: string }> {
      const { origin, pathname, searchParams } = new URL(returnAddress);
      const parameters = {
        response_type: "code",
        redirect_uri: `${origin}${pathname}`,
        scope: `AIS:${consent}`,
        state: searchParams.get("state") ?? "",
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
      };
      return { url: await server.pageOf(url, parameters, signal) };
    },

    /**
     * Nothing in the query is believed: its code is worth what the server gives for it, and only
     * with the secret of this step.
     */
    async back(
      query: string,
      { server: url, verifier, heard: before }: OAuthState,
      { returnAddress }: BankRequest,
      signal: AbortSignal,
    ): Promise<OAuthReturn> {
      const heard = createHash("sha256").update(query).digest("base64url");
      const back = new URL(returnAddress);
      back.search = query;
      if (heard === before || !(back.searchParams.has("code") || back.searchParams.has("error")))
        return { type: "nothing" };
      try {
        const tokens = await server.tokenFor(url, back, verifier, signal);
        if (tokens === "other-issuer") return { type: "expired", heard };
        const {
          access_token: accessToken,
          refresh_token: refreshToken,
          expires_in: seconds,
        } = tokens;
        return {
          type: "token",
          token: {
            accessToken,
            tokenType: "bearer",
            ...(refreshToken === undefined ? {} : { refreshToken }),
            ...(seconds === undefined
              ? {}
              : { expiresAt: new Date(clock.now().getTime() + seconds * 1000).toISOString() }),
          },
        };
      } catch (error) {
        if (error instanceof OAuthRefusal) return { type: error.code, heard };
        throw error;
      }
    },
  };
}
export type OAuthFlow = ReturnType<typeof createOAuthFlow>;
