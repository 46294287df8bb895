import { z } from "zod";
import { optionalBankText, textUpTo } from "../challenges/form-text.ts";
import { externalIdText, maxAccounts } from "./bank-account.ts";

/** The bank's names for an account, as NextGenPSD2 has them; the first one is shown, masked. */
export const accountIdentifiers = ["iban", "bban", "maskedPan", "msisdn", "resourceId"] as const;
export type AccountIdentifier = (typeof accountIdentifiers)[number];

/** An account of a connection: what Sage calls it, and what the bank does. */
export interface LinkedAccount {
  externalId: string;
  /** The bank's id, as {@link toComparable} has it; undefined where the bank has none of that kind. */
  id: string | undefined;
  name?: string | undefined;
  /** Any number of it, of which a person may see the end. */
  number?: string | undefined;
}

export interface Connection {
  asked: LinkedAccount;
  /** All of them, the one asked about first. */
  accounts: readonly LinkedAccount[];
}

/** An id as it can be compared: printed IBANs have spaces, and are the same (ISO 13616). */
export const toComparable = (kind: AccountIdentifier, id: string): string =>
  kind === "iban" ? id.replace(/\s+/g, "").toUpperCase() : id;

const identifier = textUpTo(256).min(1).optional();
const account = z.object({
  iban: identifier.transform((iban) => iban && toComparable("iban", iban)),
  bban: identifier,
  maskedPan: identifier,
  msisdn: identifier,
  resourceId: identifier,
  name: optionalBankText(140),
});

/**
 * What a look-up answers: the bank's names for the account asked about, and for every account of
 * the same connection. One that contradicts itself is of no use: an account may stand for one id
 * only, or the wrong person's could be confirmed.
 */
export const lookupAnswer = (by: AccountIdentifier, externalId: string): z.ZodType<Connection> =>
  z
    .object({
      asked: account,
      connection: z
        .array(account.extend({ externalId: externalIdText }))
        .max(maxAccounts)
        .default([]),
    })
    .superRefine(({ asked, connection }, context) => {
      const wrong = (path: (string | number)[]) => context.addIssue({ code: "custom", path });
      if (asked[by] === undefined) wrong(["asked", by]);
      const ids = new Set<string>();
      const externalIds = new Set<string>();
      connection.forEach(({ externalId: own, ...linked }, index) => {
        if (externalIds.has(own)) wrong(["connection", index, "externalId"]);
        externalIds.add(own);
        const id = linked[by];
        if (id === undefined) return;
        if (ids.has(id) || (own === externalId) !== (id === asked[by]))
          wrong(["connection", index, by]);
        ids.add(id);
      });
    })
    .transform(({ asked, connection }): Connection => {
      const named = connection.find((one) => one.externalId === externalId);
      const linked = [
        { ...named, ...asked, externalId },
        ...connection.filter((one) => one !== named),
      ].map((one) => ({
        externalId: one.externalId,
        id: one[by],
        name: one.name ?? (one.externalId === externalId ? named?.name : undefined),
        number: accountIdentifiers.map((name) => one[name]).find((value) => value !== undefined),
      }));
      const [first = { externalId, id: undefined }] = linked;
      return { asked: first, accounts: linked };
    });
