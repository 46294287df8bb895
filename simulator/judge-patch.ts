import type { Authorisation } from "./authorisation.ts";
import type { BankingService } from "./banking-service.ts";
import type { Exchange } from "./exchange.ts";
import { isRecord } from "./is-record.ts";

/** A refusal by the Provider API. */
export type PatchRefusal = { readonly status: number; readonly message: string };

/**
 * Checks a `PATCH /v1/authorisations/{id}` in the order an API gateway does: key, token, resource,
 * body.
 *
 * @param body the parsed body; undefined when it was not JSON
 * @returns null when it takes effect
 * @see Sage’s developer pages, "PATCH /v1/authorisations/{authorisationId}"
 */
export function judgePatch(
  { settings, sageId }: BankingService,
  { request }: Exchange,
  authorisation: Authorisation | undefined,
  body: unknown,
): PatchRefusal | null {
  const {
    authorization = "",
    "x-api-key": apiKey,
    "content-type": contentType = "",
  } = request.headers;
  if (apiKey !== settings.providerApiKey) return { status: 403, message: "Forbidden" };
  const [scheme, token, ...rest] = authorization.split(" ");
  const isBearer = scheme?.toLowerCase() === "bearer" && token !== undefined && rest.length === 0;
  if (!isBearer || !sageId.accessTokens.isGood(token))
    return { status: 401, message: "Unauthorized" };
  if (!authorisation) return { status: 404, message: "No such authorisation" };
  if (!contentType.startsWith("application/json"))
    return { status: 415, message: "Send application/json" };
  if (!isOutcome(body)) return { status: 400, message: 'The body must be {"data":{"status":…}}' };
  return null;
}

/** `bankAccounts` may be there or not: Sage's pages disagree. */
function isOutcome(body: unknown): boolean {
  if (!isRecord(body) || !isRecord(body["data"])) return false;
  const { status, bankAccounts } = body["data"];
  return (
    typeof status === "string" &&
    status !== "" &&
    (bankAccounts === undefined || Array.isArray(bankAccounts))
  );
}
