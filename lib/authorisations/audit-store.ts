import { z } from "zod";
import { type Db, sql } from "../db/db.ts";

/**
 * Decisions made before there is a session; what a session does is written by the database itself
 * (triggers in the migrations).
 */
type CountedEvent =
  | "notification-trusted"
  | "notification-refused"
  | "authrefresh-refused"
  | "form-refused"
  | "inbound-request-trusted"
  | "inbound-request-refused";

export interface AuditStore {
  /**
   * Counts a decision. Anybody can make us refuse things as fast as they like, so these are added
   * up in memory and written together: one row for each event and reason, however many there were.
   * @param reason a closed code, never anything that was sent.
   */
  increment: (event: CountedEvent, reason?: string) => void;
  /**
   * Writes what was counted since the last time; keeps it when the database is away.
   * @throws DatabaseUnavailable
   */
  flush: () => Promise<void>;
}

const idRow = z.object({ id: z.coerce.string() });

/** Decisions about no session yet, on their way to the audit trail. */
export function createAuditStore(db: Db): AuditStore {
  let counts = new Map<string, number>();
  return {
    increment(event, reason = "") {
      const key = `${event} ${reason}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    async flush() {
      if (counts.size === 0) return;
      const written = counts;
      counts = new Map();
      const rows = [...written].map(([key, count]) => ({
        event: key.split(" ")[0],
        reason: key.split(" ")[1] || null,
        count,
      }));
      try {
        await db.rows(
          idRow,
          sql`INSERT INTO audit_events (event, reason, count) SELECT event, reason, count
            FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS t(event text, reason text,
              count int) RETURNING id`,
        );
      } catch (error) {
        for (const [key, count] of written) counts.set(key, (counts.get(key) ?? 0) + count);
        throw error;
      }
    },
  };
}
