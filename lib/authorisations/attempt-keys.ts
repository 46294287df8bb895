import type { Seals } from "../crypto/seal.ts";
import { pairMark } from "./attempt-limit.ts";
import { nameForCounting } from "./normalised-name.ts";

/**
 * Who an answer says it is: a name, or several that only together name a person, such as a company
 * and its user.
 */
export type PersonName = string | readonly string[];

/**
 * What stands for an account in the database: `account` in the audit trail, `keys` where answers
 * are counted; `named` where they are a person's, too.
 */
export interface AttemptKeys {
  account: string;
  keys: string[];
  /** Those of the keys that are the account's alone. */
  ofAccount: string[];
  hasIdentifier: boolean;
}

const purpose = "account";

/**
 * Keyed hashes: an account's id and a user name are short enough to be guessed from a plain one.
 * There is a key for each of the ring, so that replicas in the middle of a rotation count the same
 * answers.
 * @param person who the answer says it is, where the bank adapter knows; counted beside the
 *   account, so that nobody guesses at one person through several accounts, and together with it.
 */
export function accountKeys(
  seals: Seals,
  {
    bankId,
    externalId,
    person = "",
  }: { bankId: string | null; externalId: string; person?: PersonName | undefined },
): AttemptKeys {
  const text = (kind: string, ...ids: string[]) => JSON.stringify([kind, bankId, ...ids]);
  const account = text("account", externalId);
  // Each part by itself: the second one may have a leading zero, too.
  const names = [person].flat().map(nameForCounting);
  const hasIdentifier = names.some((name) => name !== "");
  const ofAccount = seals.allMacs(purpose, account);
  const ofPerson = hasIdentifier ? seals.allMacs(purpose, text("person", ...names)) : [];
  const ofPair = hasIdentifier
    ? seals.allMacs(purpose, text("pair", externalId, ...names)).map((mac) => `${pairMark}${mac}`)
    : [];
  return {
    account: seals.mac(purpose, account),
    keys: [...ofAccount, ...ofPerson, ...ofPair],
    ofAccount,
    hasIdentifier,
  };
}

/** Whose count it is that a key stands for. */
export const countOf = (
  key: string,
  { ofAccount }: Pick<AttemptKeys, "ofAccount">,
): "account" | "person" | "pair" =>
  key.startsWith(pairMark) ? "pair" : ofAccount.includes(key) ? "account" : "person";
