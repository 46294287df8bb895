import { empty, type Sql, sql } from "../db/db.ts";
import type { EventRouting } from "./event-routing.ts";
import { eventFrom } from "./event-statements.ts";

const type = "reauthorisation.started";

/**
 * What the claim of an authorisation gains to write `reauthorisation.started` with it.
 * @returns `counted` for the SET of the claim; `written`, a part that reads `claimed`.
 */
export function startedEvent(events: EventRouting): { counted: Sql; written: Sql } {
  const wanted = events.condition(type, sql`bank_id`);
  if (!wanted) return { counted: empty, written: empty };
  const data = sql`jsonb_build_object('authorisationId', id, 'bankId', bank_id,
    'externalId', external_id, 'sequence', event_sequence)`;
  const row = { authorisationId: sql`id`, bankId: sql`bank_id`, data };
  return {
    counted: sql`, event_sequence = event_sequence + CASE WHEN ${wanted} THEN 1 ELSE 0 END`,
    written: sql`, emitted AS (
      ${eventFrom(events, type, row, sql`FROM claimed WHERE ${wanted}`)})`,
  };
}
