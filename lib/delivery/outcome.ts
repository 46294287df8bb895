import type { SessionResult } from "../authorisations/session.ts";
import type { Settings } from "../config/env.ts";
import { type BankAccount, type SageBankAccount, toSageBankAccount } from "../sage/bank-account.ts";

type OutcomeSettings = Pick<Settings["providerApi"], "bankAccounts" | "failureStatus">;

/**
 * The PATCH body, which tells Sage the outcome; see Sage’s developer pages, "PATCH
 * /v1/authorisations/{authorisationId}".
 */
export interface OutcomeBody {
  data: { status: string; bankAccounts?: SageBankAccount[] };
}

/** The end of a session, as far as Sage is told of it. */
interface Ended {
  result: SessionResult;
  /** The account that Sage asked about. */
  externalId: string;
  /** What the bank confirmed. */
  accounts?: readonly BankAccount[] | undefined;
}

/**
 * What is to be told to Sage at the end of a session, or null for nothing: no failure status is
 * published, so by default only success is told. Source: Sage's pages disagree about
 * `bankAccounts`, hence the setting.
 */
export function outcomeBody(
  { result, externalId, accounts = [] }: Ended,
  { bankAccounts, failureStatus }: OutcomeSettings,
): OutcomeBody | null {
  if (result !== "authorised")
    return failureStatus === undefined ? null : { data: { status: failureStatus } };
  if (bankAccounts === "omit") return { data: { status: "success" } };
  const told = {
    empty: () => [],
    confirmed: () => accounts.filter((account) => account.externalId === externalId).slice(0, 1),
    all: () => eachOnce(accounts),
  }[bankAccounts]();
  return { data: { status: "success", bankAccounts: told.map(toSageBankAccount) } };
}

const eachOnce = (accounts: readonly BankAccount[]): BankAccount[] =>
  [
    ...new Map(accounts.toReversed().map((account) => [account.externalId, account])).values(),
  ].toReversed();
