import type { ShownAccount } from "../account-lookup.ts";
import { detailsIn } from "../bank-account.ts";
import { toComparable } from "../lookup-answer.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import type { AccountsAnswer } from "./xs2a-messages.ts";

/**
 * The accounts a consent opens, by the name that the bank's entry says. Closed and blocked ones
 * open nothing. Pure.
 */
export function accountsInConsent(
  { accounts }: AccountsAnswer,
  { account }: Pick<BerlinGroupSettings, "account">,
): ShownAccount[] {
  return accounts
    .filter(({ status = "enabled" }) => status !== "deleted" && status !== "blocked")
    .flatMap((shown) => {
      const name = shown[account];
      const id = name === undefined ? "" : toComparable(account, name);
      return id === "" || id.length > 256 ? [] : [{ id, details: detailsOf(shown) }];
    });
}

/** What `accountDetails` says of an account that Sage has a field for. */
const detailsOf = ({
  iban,
  bban,
  maskedPan,
  name,
  displayName,
  bic,
  cashAccountType,
}: AccountsAnswer["accounts"][number]) =>
  detailsIn({
    name: name ?? displayName,
    bankIdentifier: bic,
    branchIdentifier: undefined,
    accountIdentifier: iban === undefined ? (bban ?? maskedPan) : toComparable("iban", iban),
    type: cashAccountType,
  });
