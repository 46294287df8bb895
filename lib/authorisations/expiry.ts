import { sql } from "../db/db.ts";

/**
 * Whether the row, of an authorisation or of its session, has not expired, by the database's clock.
 * A difference and no comparison with the column, on purpose: PostgreSQL would otherwise find one
 * row by the index of expiries where its tables make that look cheaper, and so walk over every
 * journey under way instead of going to the key.
 */
export const notExpired = sql`(expires_at - now() > interval '0')`;
