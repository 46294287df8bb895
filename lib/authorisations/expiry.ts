import { type Sql, sql } from "../db/db.ts";

// How long an authorisation lives: how its expiry is set and how it is judged, always by the
// database's clock. The session of an authorisation has the same `expires_at`.

/**
 * Whether the row, of an authorisation or of its session, has not expired, by the database's clock.
 * A difference and no comparison with the column, on purpose: PostgreSQL would otherwise find one
 * row by the index of expiries where its tables make that look cheaper, and so walk over every
 * journey under way instead of going to the key.
 */
export const notExpired = sql`(expires_at - now() > interval '0')`;

/** Whether it has expired, for those who look for many such rows by their index. */
export const expired = (column: Sql = sql`expires_at`) => sql`${column} <= now()`;

/** When an authorisation expires that is announced now: `AUTHORISATION_LIFETIME_SECONDS` later. */
export const expiryAfter = (lifetimeSeconds: number) =>
  sql`now() + make_interval(secs => ${lifetimeSeconds})`;
