import type { SessionResult } from "../authorisations/session.ts";
import type { Settings } from "../config/env.ts";

type OutcomeSettings = Pick<Settings["providerApi"], "bankAccounts" | "failureStatus">;

/**
 * The PATCH body, which tells Sage the outcome; see Sage’s developer pages, "PATCH
 * /v1/authorisations/{authorisationId}".
 */
export interface OutcomeBody {
  data: { status: string; bankAccounts?: { externalId: string }[] };
}

/**
 * What is to be told to Sage at the end of a session, or null for nothing: no failure status is
 * published, so by default only success is told. Source: Sage's pages disagree about
 * `bankAccounts`, hence the setting.
 */
export function outcomeBody(
  result: SessionResult,
  externalId: string,
  { bankAccounts, failureStatus }: OutcomeSettings,
): OutcomeBody | null {
  if (result !== "authorised")
    return failureStatus === undefined ? null : { data: { status: failureStatus } };
  const accounts = {
    omit: {},
    empty: { bankAccounts: [] },
    confirmed: { bankAccounts: [{ externalId }] },
  }[bankAccounts];
  return { data: { status: "success", ...accounts } };
}
