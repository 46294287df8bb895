import { randomInt } from "node:crypto";
import { z } from "zod";
import { readField } from "../../challenges/credentials/read-field.ts";
import { identifierField } from "../../challenges/one-time-code/prompt.ts";
import type { Seals } from "../../crypto/seal.ts";
import { bankAccountSchema } from "../bank-account.ts";
import type { ConnectCodeStore } from "./connect-code-store.ts";
import type { ConnectCodeSettings } from "./settings.ts";

/** What a bank says when it wants a code for somebody who is signed in to its app. */
export function codeRequest(settings: Pick<ConnectCodeSettings, "identifier">) {
  const field = identifierField(settings);
  const asked = z.strictObject({
    accounts: z.array(bankAccountSchema).min(1).max(200),
    /** The bank's own name for the person: a newer code ends the older ones. */
    person: z.string().min(1).max(200).optional(),
  });
  // Held to the same rules as what is typed: one that nobody can type would make a code that never
  // works.
  return field ? asked.extend({ identifier: readField(field) }) : asked;
}
export type CodeRequest = z.output<ReturnType<typeof codeRequest>> & {
  identifier?: string | undefined;
};

/** What is typed: the code, and what goes with it where the bank wants that. */
export interface TypedCode {
  code: string;
  identifier?: string | undefined;
}

export interface MadeCode {
  code: string;
  endsAt: Date;
}

export type ConnectCodes = ReturnType<typeof createConnectCodes>;

const purpose = "connect-code";
const sealedAccounts = z.array(bankAccountSchema).max(200);

/**
 * Makes codes, and takes them once. Of a code, an account and a person only keyed hashes are
 * stored; the accounts are sealed.
 */
export function createConnectCodes({
  settings,
  store,
  seals,
}: {
  settings: ConnectCodeSettings;
  store: ConnectCodeStore;
  seals: Seals;
}) {
  // One entry may stand for many banks (`*`), whose accounts may have the same names: each key is
  // one bank's.
  const keysOf = (bankId: string | null) => (kind: "code" | "account" | "person", value: string) =>
    seals.allMacs(purpose, JSON.stringify([kind, bankId, value]));

  /**
   * One hash of the code together with its identifier. A code with another identifier is then as
   * unknown as a made-up one: one try, one look-up by a keyed hash, and nothing in its time or
   * answer that says which of the two was wrong.
   */
  const secretOf = ({ code, identifier }: TypedCode) =>
    settings.identifier
      ? JSON.stringify([
          code,
          (identifier ?? "").normalize("NFKC").replace(/\s+/g, " ").toLowerCase(),
        ])
      : code;

  return {
    /** @throws DatabaseUnavailable */
    async make(
      bankId: string | null,
      { accounts, person, identifier }: CodeRequest,
    ): Promise<MadeCode> {
      const macs = keysOf(bankId);
      const current = (...of: Parameters<typeof macs>) => macs(...of)[0] ?? "";
      const sealed = await seals.seal(purpose, accounts);
      for (;;) {
        const code = String(randomInt(10 ** settings.digits)).padStart(settings.digits, "0");
        const kept = await store.keep({
          codeKey: current("code", secretOf({ code, identifier })),
          accountKeys: accounts.map(({ externalId }) => current("account", externalId)),
          personKey: person === undefined ? null : current("person", person),
          personKeys: person === undefined ? [] : macs("person", person),
          sealedAccounts: sealed,
          validSeconds: settings.validMinutes * 60,
        });
        // Of 10^8 codes hardly any two are alike; where they are, the older one stays.
        if (kept) return { code, endsAt: kept.endsAt };
      }
    },

    /** The accounts a code of this bank opens. @throws DatabaseUnavailable */
    async take(
      bankId: string | null,
      typed: TypedCode,
      externalId: string,
    ): Promise<
      { type: "used"; accounts: z.output<typeof sealedAccounts> } | { type: "over" | "unknown" }
    > {
      const macs = keysOf(bankId);
      const taken = await store.take(macs("code", secretOf(typed)), macs("account", externalId));
      if (taken.type !== "used") return taken;
      const accounts = sealedAccounts.safeParse(await seals.open(purpose, taken.sealedAccounts));
      // Its key has been taken out of the ring meanwhile.
      return accounts.success ? { type: "used", accounts: accounts.data } : { type: "over" };
    },
  };
}
