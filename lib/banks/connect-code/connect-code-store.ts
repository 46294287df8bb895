import { z } from "zod";
import { type Db, sql } from "../../db/db.ts";

/** Wrong codes for an account after which the codes that open it are worth nothing any more. */
const maxFailedCodes = 5;
interface NewCode {
  /** Keyed hashes: of the code, of each account it opens, and of the person it was made for. */
  codeKey: string;
  accountKeys: readonly string[];
  personKey: string | null;
  /** The person's keys by every key of the ring: their older codes end, whichever made them. */
  personKeys: readonly string[];
  sealedAccounts: string;
  validSeconds: number;
}

/** `used`: it was right, once. `over`: there was such a code. */
type Taken = { type: "used"; sealedAccounts: string } | { type: "over" | "unknown" };

export interface ConnectCodeStore {
  /** Keeps a code; undefined where there is one of this key, and another has to be made. */
  keep: (code: NewCode) => Promise<{ endsAt: Date } | undefined>;
  /**
   * Uses a code up. A code that is none is counted against those that open the account that is
   * asked about.
   * @throws DatabaseUnavailable
   */
  take: (codeKeys: readonly string[], askedKeys: readonly string[]) => Promise<Taken>;
}

// As a count of milliseconds: written as text, a time is in the zone of whatever session it comes
// out of.
const keptRow = z.object({ ends_at_ms: z.number() });
const takenRow = z.object({ sealed_accounts: z.string().nullable(), known: z.boolean() });

/**
 * One statement each, by the database's clock: of any number of requests with one code exactly one
 * uses it.
 */
export function createConnectCodeStore(db: Db): ConnectCodeStore {
  return {
    async keep({ codeKey, accountKeys, personKey, personKeys, sealedAccounts, validSeconds }) {
      const [kept] = await db.rows(
        keptRow,
        sql`WITH replaced AS (
              UPDATE connect_codes SET ends_at = now()
                WHERE person_key = ANY(${personKeys}::text[]) AND ends_at > now()
            )
            INSERT INTO connect_codes (code_key, account_keys, person_key, sealed_accounts, ends_at)
            VALUES (${codeKey}, ${accountKeys}::text[], ${personKey}, ${sealedAccounts},
              now() + make_interval(secs => ${validSeconds}))
            ON CONFLICT (code_key) DO NOTHING
            RETURNING (extract(epoch FROM ends_at) * 1000)::float8 AS ends_at_ms`,
      );
      return kept && { endsAt: new Date(kept.ends_at_ms) };
    },

    async take(codeKeys, askedKeys) {
      const [row] = await db.rows(
        takenRow,
        sql`WITH used AS (
              UPDATE connect_codes SET used_at = now()
              WHERE code_key = ANY(${codeKeys}::text[]) AND used_at IS NULL AND ends_at > now()
                AND failed < ${maxFailedCodes}
              RETURNING sealed_accounts
            ), known AS (
              SELECT EXISTS (SELECT FROM connect_codes
                WHERE code_key = ANY(${codeKeys}::text[])) AS known
            ), opening AS (
              -- In one order, so that two wrong codes for the same accounts wait for each other and
              -- never in a circle.
              SELECT code_key FROM connect_codes
              WHERE account_keys && ${askedKeys}::text[] AND used_at IS NULL AND ends_at > now()
                AND failed < ${maxFailedCodes} AND NOT (SELECT known FROM known)
              ORDER BY code_key FOR UPDATE
            ), missed AS (
              UPDATE connect_codes SET failed = failed + 1
                WHERE code_key = ANY(ARRAY(SELECT code_key
                  FROM opening)) AND failed < ${maxFailedCodes}
            )
            SELECT (SELECT sealed_accounts FROM used LIMIT 1) AS sealed_accounts, known FROM known`,
      );
      if (row?.sealed_accounts) return { type: "used", sealedAccounts: row.sealed_accounts };
      return { type: row?.known ? "over" : "unknown" };
    },
  };
}
