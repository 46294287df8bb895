import type { BerlinGroupSettings } from "./settings.ts";
import type { AccountsAnswer } from "./xs2a-messages.ts";

/**
 * The accounts a consent opens, by the bank's name that is Sage's `externalId`. Closed and blocked
 * ones open nothing. Pure.
 */
export function accountsInConsent(
  { accounts }: AccountsAnswer,
  { account }: Pick<BerlinGroupSettings, "account">,
): { externalId: string }[] {
  return accounts
    .filter(({ status = "enabled" }) => status !== "deleted" && status !== "blocked")
    .flatMap((details) => {
      // Printed IBANs have spaces; two spellings are one account (ISO 13616).
      const name =
        account === "iban" ? details.iban?.replace(/\s+/g, "").toUpperCase() : details[account];
      return name === undefined || name === "" || name.length > 256 ? [] : [{ externalId: name }];
    });
}
