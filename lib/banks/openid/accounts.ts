import { randomUUID } from "node:crypto";
import {
  type Configuration,
  type DPoPHandle,
  fetchProtectedResource,
  getDPoPHandle,
  randomDPoPKeyPair,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  WWWAuthenticateChallengeError,
} from "openid-client";
import type { BankResult } from "../bank-adapter.ts";
import { ofStatus, OpenIdError } from "./openid-error.ts";
import type { VerifySignature } from "./provider-keys.ts";
import type { OpenidSettings } from "./settings.ts";

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;
/**
 * The key that the tokens of one call are bound to; it lives as long as the call, which is all a
 * token of ours is used for.
 */
export type TokenBinding = { DPoP?: DPoPHandle };

export const tokenBinding = async (
  config: Configuration,
  { dpop }: OpenidSettings,
): Promise<TokenBinding> =>
  dpop ? { DPoP: getDPoPHandle(config, await randomDPoPKeyPair("ES256")) } : {};

/** As many as a result may have. */
const maxAccounts = 1000;
const maxId = 256;

/** Tells the log that something of a provider's answer was not taken, and where it was missing. */
export type NotTaken = (reason: string, paths?: readonly string[]) => void;

/**
 * The ends of a path through JSON; none where a member on the way is missing or null, undefined
 * where something stands that has no members. Lists on the way are gone through.
 */
export function valuesAt(
  value: unknown,
  [name, ...rest]: readonly string[],
): unknown[] | undefined {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    const found = value.map((entry) => valuesAt(entry, name === undefined ? [] : [name, ...rest]));
    return found.includes(undefined) ? undefined : found.flatMap((entry) => entry ?? []);
  }
  if (name === undefined) return [value];
  return typeof value === "object"
    ? valuesAt(
        Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
        rest,
      )
    : undefined;
}

/**
 * Reads tokens, or opens with them what tells the accounts of the person, if they were checked as
 * well as the entry asks. Somebody of whom no account is told has none: that is for the log to say,
 * since a wrong `path` looks the same. The tokens are dropped afterwards.
 */
export function createAccountsOf(
  { acrValues, accounts }: OpenidSettings,
  notTaken: NotTaken,
): (
  config: Configuration,
  tokens: Tokens,
  binding: TokenBinding,
  verify: VerifySignature,
) => Promise<BankResult> {
  const paths = [accounts.path.join(".")];
  const sourceOf = async (
    config: Configuration,
    { access_token: token }: Tokens,
    binding: TokenBinding,
    sub: string,
  ): Promise<unknown> => {
    if (accounts.from === "call") return call(config, token, binding, accounts.url);
    const said = await call(
      config,
      token,
      binding,
      config.serverMetadata().userinfo_endpoint ?? "",
    );
    // OpenID Connect Core §5.3.2: an answer about somebody else is not used.
    if ((said as { sub?: unknown } | null)?.sub !== sub)
      throw new OpenIdError("answer-unusable", { paths: ["sub"] });
    return said;
  };
  return async (config, tokens, binding, verify) => {
    const claims = tokens.claims();
    if (!claims || tokens.id_token === undefined) throw new OpenIdError("answer-unusable");
    // OpenID Connect Core §3.1.3.7 would leave it to TLS, which not always ends at the provider.
    await verify(tokens.id_token);
    // OpenID Connect Core §3.1.2.1: acr_values is a wish, so what was reached has to be looked at.
    if (acrValues.length > 0 && (typeof claims.acr !== "string" || !acrValues.includes(claims.acr)))
      return { type: "refused", reason: "not-set-up" };
    const source =
      accounts.from === "id-token" ? claims : await sourceOf(config, tokens, binding, claims.sub);
    const found = valuesAt(source, accounts.path);
    if (
      !found ||
      found.length > maxAccounts ||
      !found.every((id) => typeof id === "string" && id !== "" && id.length <= maxId)
    )
      throw new OpenIdError("accounts-missing", { paths });
    if (found.length === 0) notTaken("accounts-missing", paths);
    return {
      type: "authorised",
      accounts: found.map((externalId) => ({ externalId: String(externalId) })),
    };
  };
}

async function call(
  config: Configuration,
  accessToken: string,
  binding: TokenBinding,
  url: string,
): Promise<unknown> {
  const headers = new Headers({
    accept: "application/json",
    "x-fapi-interaction-id": randomUUID(),
  });
  const response = await fetchProtectedResource(
    config,
    accessToken,
    new URL(url),
    "GET",
    null,
    headers,
    binding,
  ).catch((error: unknown) => {
    throw error instanceof WWWAuthenticateChallengeError
      ? ofStatus(error.status, "accounts-refused")
      : error;
  });
  if (response.status !== 200) throw ofStatus(response.status, "accounts-refused");
  return response.json().catch(() => {
    throw new OpenIdError("answer-unusable");
  });
}
