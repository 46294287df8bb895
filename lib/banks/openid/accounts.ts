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
import type { AccountLookup, AccountRequest, ShownAccount } from "../account-lookup.ts";
import { detailsIn, maxAccounts } from "../bank-account.ts";
import type { JourneyResult } from "../bank-adapter.ts";
import { ofStatus, OpenIdError } from "./openid-error.ts";
import type { VerifySignature } from "./provider-keys.ts";
import type { OpenidSettings } from "./settings.ts";

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;
/**
 * The key that the tokens of one call are bound to. Here it lives as long as the call; with a grant
 * it goes to the provider's feed.
 */
export type TokenBinding = { DPoP?: DPoPHandle; keyPair?: CryptoKeyPair };

export const tokenBinding = async (
  config: Configuration,
  { dpop }: OpenidSettings,
): Promise<TokenBinding> => {
  if (!dpop) return {};
  const keyPair = await randomDPoPKeyPair("ES256", { extractable: true });
  return { DPoP: getDPoPHandle(config, keyPair), keyPair };
};

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
 * since a wrong `path` looks the same.
 */
export function createAccountsOf(
  { acrValues, accounts }: OpenidSettings,
  { notTaken, lookup }: { notTaken: NotTaken; lookup: AccountLookup },
): (
  call: { request: AccountRequest; signal: AbortSignal },
  config: Configuration,
  tokens: Tokens,
  binding: TokenBinding,
  verify: VerifySignature,
) => Promise<Exclude<JourneyResult, { type: "challenge" }>> {
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
  return async ({ request, signal }, config, tokens, binding, verify) => {
    const claims = tokens.claims();
    if (!claims || tokens.id_token === undefined) throw new OpenIdError("answer-unusable");
    // OpenID Connect Core §3.1.3.7 would leave it to TLS, which not always ends at the provider.
    await verify(tokens.id_token);
    // OpenID Connect Core §3.1.2.1: acr_values is a wish, so what was reached has to be looked at.
    if (acrValues.length > 0 && (typeof claims.acr !== "string" || !acrValues.includes(claims.acr)))
      return { type: "refused", reason: "not-set-up" };
    const source =
      accounts.from === "id-token" ? claims : await sourceOf(config, tokens, binding, claims.sub);
    const found = accountsAt(source, accounts);
    if (!found || found.length > maxAccounts) throw new OpenIdError("accounts-missing", { paths });
    if (found.length === 0) notTaken("accounts-missing", paths);
    return lookup.confirm(request, found, signal);
  };
}

/** The accounts in an answer; undefined where it is not as the entry says. Pure. */
function accountsAt(
  source: unknown,
  { path, details }: Pick<OpenidSettings["accounts"], "path" | "details">,
): ShownAccount[] | undefined {
  const found = valuesAt(source, path.slice(0, -1))?.map((holder) => {
    const ids = valuesAt(holder, path.slice(-1));
    if (!ids?.every((id) => typeof id === "string" && id !== "" && id.length <= maxId))
      return undefined;
    // What stands beside a list of ids is about none of them.
    const about = ids.length === 1 ? detailsOf(holder, details) : {};
    return ids.map((id): ShownAccount => ({ id: String(id), details: about }));
  });
  return found && everyKnown(found)?.flat();
}

const everyKnown = <Value>(values: readonly (Value | undefined)[]): readonly Value[] | undefined =>
  values.every((value) => value !== undefined) ? values : undefined;

const detailsOf = (holder: unknown, paths: OpenidSettings["accounts"]["details"]) => {
  const said = (path: readonly string[] | undefined) => {
    const values = path && valuesAt(holder, path);
    return values?.length === 1 ? values[0] : undefined;
  };
  return detailsIn({
    name: said(paths.name),
    bankIdentifier: said(paths.bankIdentifier),
    branchIdentifier: said(paths.branchIdentifier),
    accountIdentifier: said(paths.accountIdentifier),
    type: said(paths.type),
  });
};

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
