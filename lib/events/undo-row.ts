import { empty, type Sql, sql } from "../db/db.ts";

/** What is needed to undo something at a bank, sealed; `key` is the same for the same thing. */
export interface StoredUndo {
  key: Uint8Array;
  sealed: string;
}

/** How long it is tried, in days: as long as a bank's own outage may last. */
const retryDays = 3;

/** The result that a session goes on with knows best what undoes it, and whether it succeeded. */
const improve = sql`DO UPDATE SET sealed_undo = excluded.sealed_undo,
    is_success = outbox.is_success OR excluded.is_success,
    due_at = least(outbox.due_at, excluded.due_at)
  WHERE outbox.state = 'pending'`;
const keep = sql`DO NOTHING`;

/**
 * The INSERT of what may have to be undone at the bank, for each authorisation of `source`. Two
 * answers about one thing have one row, and it belongs to the success if one of them does.
 * @param source the name of a part with a column `authorisation_id`; `dueAt` may read it as `s`.
 */
const undoRow = (
  { key, sealed }: StoredUndo,
  { isSuccess, dueAt, again }: { isSuccess: boolean; dueAt: Sql; again: Sql },
  source: Sql,
): Sql => sql`
  INSERT INTO outbox (destination, type, authorisation_id, bank_id, data, undo_key, sealed_undo,
    is_success, due_at, retry_until)
  SELECT 'bank', 'undo', a.id, a.bank_id, jsonb_build_object('externalId', a.external_id), ${key},
    ${sealed}, ${isSuccess}, ${dueAt}, ${dueAt} + make_interval(days => ${retryDays})
  FROM ${source} s JOIN authorisations a ON a.id = s.authorisation_id
  ON CONFLICT (authorisation_id, undo_key) WHERE undo_key IS NOT NULL ${again} RETURNING 1`;

/** A part of a WITH that keeps it while the session runs; `moved` has its `expires_at`. */
export const undoKept = (undo: StoredUndo | undefined): Sql =>
  undo
    ? sql`, undo AS (${undoRow(undo, { isSuccess: false, dueAt: sql`s.expires_at`, again: improve }, sql`moved`)})`
    : empty;

/**
 * Parts of a WITH for the end of a session, `ended`: everything else that was kept is undone now;
 * what belongs to the answer it ends with waits for its outcome. A success that names nothing has
 * what the session's own questions named; they are due when it expires, and late answers at once.
 */
export const undoAtEnd = (undo: StoredUndo | undefined, isSuccess: boolean): Sql => sql`
  , undone AS (
    UPDATE outbox SET due_at = now()
      ${isSuccess && !undo ? sql`, is_success = due_at > now()` : empty} FROM ended
    WHERE outbox.authorisation_id = ended.authorisation_id AND undo_key IS NOT NULL
      AND state = 'pending' ${undo ? sql`AND undo_key <> ${undo.key}` : empty}
  )${undo ? sql`, undo AS (${undoRow(undo, { isSuccess, dueAt: sql`now()`, again: improve }, sql`ended`)})` : empty}`;

/** The statement that keeps what belongs to an answer that came too late to be stored. */
export const lateUndo = (authorisationId: string, undo: StoredUndo): Sql => sql`
  WITH late AS (SELECT ${authorisationId}::uuid AS authorisation_id)
  ${undoRow(undo, { isSuccess: false, dueAt: sql`now()`, again: keep }, sql`late`)}`;
