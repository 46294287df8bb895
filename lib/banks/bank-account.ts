import { z } from "zod";
import { optionalBankText, textUpTo } from "../challenges/form-text.ts";
import type { BankAccount } from "../sage/bank-account.ts";

/** As many accounts as one answer of a bank may list. */
export const maxAccounts = 1000;

/** The provider's id for an account, as Sage knows it. */
export const externalIdText = textUpTo(256).min(1);

const details = {
  name: optionalBankText(140).describe("What the customer calls it."),
  bankIdentifier: optionalBankText(64).describe("A sort code, a routing number, a BIC."),
  branchIdentifier: optionalBankText(64).describe("The branch, where it is no part of the others."),
  accountIdentifier: optionalBankText(64).describe("The account number, or the IBAN."),
  type: optionalBankText(64).describe("What sort of account it is, such as `CACC` of ISO 20022."),
};
export type AccountDetails = { [Name in keyof typeof details]?: string | undefined };

/** An account that a person has access to, and what the bank says of it. */
export const bankAccountSchema = z.strictObject({
  externalId: externalIdText,
  ...details,
}) satisfies z.ZodType<BankAccount>;

/**
 * An account of the same connection that the bank did not show, as far as a person needs to know
 * it: its name, or the last characters of its number.
 */
export const uncoveredAccountSchema = z.strictObject({
  name: details.name,
  ending: optionalBankText(4).describe("The last characters of its number."),
});
export type UncoveredAccount = z.output<typeof uncoveredAccountSchema>;

/**
 * What another system says of an account, taken where it fits: a text that is too long, or no text,
 * says nothing.
 */
export function detailsIn(said: Readonly<Record<keyof AccountDetails, unknown>>): AccountDetails {
  const taken = Object.entries(details).flatMap(([name, schema]) => {
    const { data } = schema.safeParse(said[name as keyof AccountDetails]);
    return data === undefined ? [] : [[name, data] as const];
  });
  return Object.fromEntries(taken);
}
