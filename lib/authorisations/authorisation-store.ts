import { z } from "zod";
import { type Db, sql } from "../db/db.ts";
import { notExpired } from "./expiry.ts";
import { type Parameters, parametersDigest } from "./parameters.ts";

/**
 * What a parameter set finds: the bank of an authorisation that can still be started with it, one
 * that cannot, or no authorisation (yet). Refused because it was started with this very set and
 * goes on, or is over; or because its time is over, or it belongs to another set.
 */
export type MatchResult =
  | { type: "open"; bankId: string | null; secondsLeft: number }
  | { type: "refused"; reason: "started" | "over" | "expired-or-other" }
  | { type: "unknown" };

export interface AuthorisationStore {
  /**
   * Matches a parameter set against the notified authorisation. With `fix`, the first set to come
   * is the only one from then on: one conditional UPDATE, so of two different sets that come at
   * once one wins. An identical repeat is matched alike and writes nothing.
   */
  match: (parameters: Parameters, options: { bind: boolean }) => Promise<MatchResult>;
  /** Which of these ids have been announced. */
  announced: (authorisationIds: readonly string[]) => Promise<ReadonlySet<string>>;
}

const openRow = z.object({ bank_id: z.string().nullable(), seconds_left: z.int() });
const knownRow = openRow.extend({
  open: z.boolean(),
  fixed: z.boolean(),
  session: z.enum(["running", "finished"]).nullable(),
});
const idRow = z.object({ id: z.uuid() });
const secondsLeft = sql`greatest(0, extract(epoch FROM expires_at - now()))::int AS seconds_left`;

export function createAuthorisationStore(db: Db): AuthorisationStore {
  return {
    async match(parameters, { bind }) {
      const digest = parametersDigest(parameters);
      if (bind) {
        const [fixed] = await db.rows(
          openRow,
          sql`UPDATE authorisations SET parameters_digest = ${digest}, parameters_fixed_at = now()
              WHERE id = ${parameters.authorisationId}::uuid AND parameters_digest IS NULL
                AND claimed_at IS NULL AND ${notExpired}
              RETURNING bank_id, ${secondsLeft}`,
        );
        if (fixed) return { type: "open", bankId: fixed.bank_id, secondsLeft: fixed.seconds_left };
      }
      const [known] = await db.rows(
        knownRow,
        sql`SELECT bank_id, ${secondsLeft},
              claimed_at IS NULL AND ${notExpired}
                AND coalesce(parameters_digest = ${digest}, true) AS open,
              parameters_digest IS NOT NULL AS fixed,
              (SELECT CASE WHEN s.state <> 'finished' AND ${notExpired} THEN 'running'
                ELSE 'finished' END FROM sessions s WHERE s.authorisation_id = a.id
                  AND a.parameters_digest = ${digest}) AS session
            FROM authorisations a WHERE id = ${parameters.authorisationId}::uuid`,
      );
      // Announced between the two statements, so not fixed yet: to be matched again, as one that is
      // announced later.
      if (!known || (bind && known.open && !known.fixed)) return { type: "unknown" };
      if (known.open)
        return { type: "open", bankId: known.bank_id, secondsLeft: known.seconds_left };
      return {
        type: "refused",
        reason:
          known.session === null
            ? "expired-or-other"
            : known.session === "running"
              ? "started"
              : "over",
      };
    },
    async announced(ids) {
      const found = await db.rows(
        idRow,
        sql`SELECT id FROM authorisations WHERE id = ANY(${ids}::uuid[])`,
      );
      return new Set(found.map(({ id }) => id));
    },
  };
}
