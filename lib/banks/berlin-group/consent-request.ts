import type { BankRequest } from "../bank-adapter.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import type { Person } from "./state.ts";

const dayMs = 24 * 3600 * 1000;

/**
 * The body of a consent request: what is asked for, and for how long. Pure.
 * @param ids of the accounts that a consent of `asked` covers.
 */
export function consentBody(
  {
    consent: { access, validDays, perDay },
    account,
  }: Pick<BerlinGroupSettings, "consent" | "account">,
  ids: readonly string[],
  now: Date,
) {
  const asked = ids.map((id) => ({ [account]: id }));
  const recurring = access !== "list";
  return {
    access: {
      asked: { accounts: asked, balances: asked, transactions: asked },
      offered: { accounts: [], balances: [], transactions: [] },
      all: { allPsd2: "allAccounts" },
      list: { availableAccounts: "allAccounts" },
    }[access],
    recurringIndicator: recurring,
    validUntil: new Date(now.getTime() + validDays * dayMs).toISOString().slice(0, 10),
    frequencyPerDay: recurring ? perDay : 1,
    combinedServiceIndicator: false,
  };
}

const preferences = {
  embedded: { "tpp-redirect-preferred": "false", "tpp-decoupled-preferred": "false" },
  decoupled: { "tpp-redirect-preferred": "false", "tpp-decoupled-preferred": "true" },
  redirect: { "tpp-redirect-preferred": "true" },
} as const;

/** Who the person is. */
export const personHeaders = (
  { psuIdType, corporateIdType }: Pick<BerlinGroupSettings, "psuIdType" | "corporateIdType">,
  { psu, corporate }: Person,
): Record<string, string> => ({
  ...(psu === null
    ? {}
    : { "psu-id": psu, ...(psuIdType === undefined ? {} : { "psu-id-type": psuIdType }) }),
  ...(corporate === null
    ? {}
    : {
        "psu-corporate-id": corporate,
        ...(corporateIdType === undefined ? {} : { "psu-corporate-id-type": corporateIdType }),
      }),
});

/**
 * The headers of a request that begins something: who, where a page of the bank's sends back to,
 * and what we would rather have.
 */
export const beginningHeaders = (
  settings: BerlinGroupSettings,
  person: Person,
  { returnAddress }: Pick<BankRequest, "returnAddress">,
): Record<string, string> => ({
  ...personHeaders(settings, person),
  "tpp-redirect-uri": returnAddress,
  "tpp-nok-redirect-uri": returnAddress,
  ...(settings.prefers ? preferences[settings.prefers] : {}),
  ...(settings.explicitStart === undefined
    ? {}
    : { "tpp-explicit-authorisation-preferred": String(settings.explicitStart) }),
});
