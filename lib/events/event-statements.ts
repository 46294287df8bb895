import type { EventType } from "../config/event-settings.ts";
import { empty, type Sql, sql } from "../db/db.ts";
import type { EventRouting } from "./event-routing.ts";

/** A time as events write it: ISO 8601, UTC, milliseconds. */
export const isoTime = (time: Sql): Sql =>
  sql`to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a row that {@link eventFrom} reads. */
interface EventRow {
  authorisationId: Sql;
  bankId: Sql;
  /** What the event says, as jsonb. */
  data: Sql;
  raw?: Sql;
}

/**
 * The INSERT of one event for each row of `from`: a part of the statement that makes true what the
 * event tells (transactional outbox).
 */
export const eventFrom = (
  { retryDays }: EventRouting,
  type: EventType,
  { authorisationId, bankId, data, raw = sql`NULL::bytea` }: EventRow,
  from: Sql,
): Sql => sql`
  INSERT INTO outbox (destination, type, authorisation_id, bank_id, data, raw, retry_until)
  SELECT 'provider', ${type}, ${authorisationId}, ${bankId}, ${data}, ${raw},
    now() + make_interval(days => ${retryDays})
  ${from}`;

/**
 * Parts of a WITH that write one event about each authorisation of `source`, and number it: the row
 * of the authorisation is locked for it, so the sequence has no gap.
 * @param source the name of a part with a column `authorisation_id`; `data` may read it as `s`, and
 *   the authorisation as `a`.
 */
export function authorisationEvent(
  routing: EventRouting,
  type: EventType,
  source: Sql,
  data: Sql,
): Sql {
  const wanted = routing.condition(type, sql`a.bank_id`);
  if (!wanted) return empty;
  const row = {
    authorisationId: sql`id`,
    bankId: sql`bank_id`,
    data: sql`data || jsonb_build_object('authorisationId', id, 'sequence', event_sequence)`,
  };
  return sql`, numbered AS (
      UPDATE authorisations a SET event_sequence = a.event_sequence + 1
      FROM ${source} s WHERE a.id = s.authorisation_id AND ${wanted}
      RETURNING a.id, a.bank_id, a.event_sequence, ${data} AS data
    ), emitted AS (${eventFrom(routing, type, row, sql`FROM numbered`)})`;
}
