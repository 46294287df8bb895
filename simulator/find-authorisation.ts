import type { Authorisation } from "./authorisation.ts";
import type { BankingService } from "./banking-service.ts";
import { RequestError } from "./request-error.ts";

/**
 * The authorisation named in a path.
 *
 * @throws RequestError 404 when there is none
 */
export function findAuthorisation(
  { book }: BankingService,
  authorisationId: string | undefined,
): Authorisation {
  const authorisation = book.find(authorisationId ?? "");
  if (!authorisation) throw new RequestError(404, "Banking Service knows no such authorisation.");
  return authorisation;
}
