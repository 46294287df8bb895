import { type Sql, sql } from "../db/db.ts";
import type { EventRouting } from "./event-routing.ts";
import { authorisationEvent, isoTime } from "./event-statements.ts";

/** What the provider is told of the end of a session, beside what the database knows of it. */
export interface FinishedEvent {
  /** The accounts that the bank confirmed. */
  accounts: readonly unknown[];
  /** What the bank granted, encrypted to the provider's public key (compact JWE). */
  grant?: string | undefined;
}

/**
 * Parts of a WITH that write `reauthorisation.finished` for each session that ended.
 * @param ended the name of a part with `authorisation_id`, `result`, `reason` and `finished_at`.
 */
export const finishedEvent = (
  events: EventRouting,
  { accounts, grant }: FinishedEvent,
  ended: Sql,
): Sql =>
  authorisationEvent(
    events,
    "reauthorisation.finished",
    ended,
    sql`jsonb_build_object('bankId', a.bank_id, 'externalId', a.external_id,
      'result', s.result::text, 'reason', s.reason, 'accounts', ${JSON.stringify(accounts)}::jsonb,
      'finishedAt', ${isoTime(sql`s.finished_at`)})
      || ${JSON.stringify(grant === undefined ? {} : { grant })}::jsonb`,
  );

/**
 * Parts of a WITH that write `reauthorisation.reported` for each outcome that was settled.
 * @param settled the name of a part with `authorisation_id`, `state` and `settled_at`, null while
 *   there is more to come; `lastStatus` may read it as `s`.
 */
export const reportedEvent = (events: EventRouting, settled: Sql, lastStatus: Sql): Sql =>
  authorisationEvent(
    events,
    "reauthorisation.reported",
    settled,
    sql`jsonb_build_object('state', s.state::text, 'lastStatus', ${lastStatus},
      'settledAt', ${isoTime(sql`s.settled_at`)})`,
  );
