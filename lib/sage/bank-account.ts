/** An account that a bank confirmed, as far as Sage's `bankAccounts` has fields for it. */
export interface BankAccount {
  /** The provider's own id for it, as Sage knows it. */
  externalId: string;
  name?: string | undefined;
  bankIdentifier?: string | undefined;
  branchIdentifier?: string | undefined;
  accountIdentifier?: string | undefined;
  /** What sort of account it is, in the bank's words; Sage has no field for it. */
  type?: string | undefined;
}

/** An item of `bankAccounts`; what is not known is left out. */
export interface SageBankAccount {
  bankAccountExternalId: string;
  accountName?: string;
  bankIdentifier?: string;
  branchIdentifier?: string;
  accountIdentifier?: string;
}

/**
 * An account by Sage's names for it. Source: Sage’s developer pages, "PATCH
 * /v1/authorisations/{authorisationId}".
 */
export const toSageBankAccount = ({
  externalId,
  name,
  bankIdentifier,
  branchIdentifier,
  accountIdentifier,
}: BankAccount): SageBankAccount => ({
  bankAccountExternalId: externalId,
  ...(name === undefined ? {} : { accountName: name }),
  ...(bankIdentifier === undefined ? {} : { bankIdentifier }),
  ...(branchIdentifier === undefined ? {} : { branchIdentifier }),
  ...(accountIdentifier === undefined ? {} : { accountIdentifier }),
});
