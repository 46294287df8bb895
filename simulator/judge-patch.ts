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
  const { bankAccounts = [] } = body.data;
  // `bankAccounts` may be there or not: Sage's pages disagree.
  if (!Array.isArray(bankAccounts)) return { status: 400, message: "bankAccounts must be a list" };
  const wrong = bankAccounts.findIndex((item) => !isBankAccount(item));
  return wrong < 0
    ? null
    : {
        status: 400,
        message: `bankAccounts[${wrong}] must have bankAccountExternalId, and may have ${accountFields.slice(1).join(", ")}`,
      };
}

function isOutcome(body: unknown): body is { data: { status: string; bankAccounts?: unknown } } {
  if (!isRecord(body) || !isRecord(body["data"])) return false;
  const { status } = body["data"];
  return typeof status === "string" && status !== "";
}

const accountFields = [
  "bankAccountExternalId",
  "accountName",
  "bankIdentifier",
  "branchIdentifier",
  "accountIdentifier",
] as const;

/** An item by the names of Sage’s page; another name is most likely one of these, misspelled. */
const isBankAccount = (item: unknown): boolean =>
  isRecord(item) &&
  typeof item["bankAccountExternalId"] === "string" &&
  Object.entries(item).every(
    ([name, value]) =>
      (accountFields as readonly string[]).includes(name) &&
      typeof value === "string" &&
      value !== "",
  );
