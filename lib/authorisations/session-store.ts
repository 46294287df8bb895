import { z } from "zod";
import { type Db, empty, sql } from "../db/db.ts";
import { type EventRouting, noEvents } from "../events/event-routing.ts";
import { startedEvent } from "../events/started-event.ts";
import { lateUndo, type StoredUndo, undoKept } from "../events/undo-row.ts";
import type { AttemptKeys } from "./attempt-keys.ts";
import {
  countAnswer,
  countedRow,
  countedSelect,
  maxFailed,
  pairMark,
  ownCounts,
  selectCounts,
  releaseCounts,
  withoutStep,
} from "./attempt-limit.ts";
import {
  type ClaimResult,
  type AttemptCounts,
  type Counting,
  createAttemptCounts,
} from "./attempt-counts.ts";
import { notExpired } from "./expiry.ts";
import { type Parameters, parametersDigest } from "./parameters.ts";
import {
  knownSession,
  type KnownSession,
  resultShown,
  sessionRecord,
  type SessionRecord,
  sessionStatusRow,
  statusColumns,
  type SessionStatusRow,
} from "./session-record.ts";

/** A state to be stored, its content sealed. */
export interface StoredStep {
  state: "awaiting_user" | "awaiting_bank";
  step: number;
  sealedStep: string;
}

/**
 * What an answer came to; for the audit trail, and whether it stays counted. `asked`: the bank asks
 * in its app, which may be somebody else's, and so counts until it is approved.
 */
export type AnswerVerdict =
  "accepted" | "wrong" | "asked" | "expired" | "denied" | "away" | "overdue";
export const staysCounted = (verdict: AnswerVerdict | undefined): boolean =>
  verdict === undefined || verdict === "wrong" || verdict === "asked" || verdict === "overdue";

/** The handle that an answer gives a session, and the one it had before, by their digests. */
interface HandleChange {
  from: Uint8Array;
  to: Uint8Array;
}

/** How long a claimed step waits for its bank before it comes back with a problem, in seconds. */
export const bankDeadlineSeconds = 35;

export interface SessionStore {
  /**
   * The session whose handle this is; a finished one only until its result was there for {@link
   * resultShownSeconds}, however long it is kept.
   */
  find: (handleDigest: Uint8Array) => Promise<SessionRecord | undefined>;
  /** What became of the session that this is, or was, the handle of. */
  findKnownSession: (handleDigest: Uint8Array) => Promise<KnownSession | undefined>;
  /** The same as `find` without the step, which may be large. */
  getStatus: (handleDigest: Uint8Array) => Promise<SessionStatusRow | undefined>;
  /**
   * The single use: of any number of claims for one authorisation exactly one is made. Freezes the
   * parameters, creates the session and, where it is claimed with an answer, counts that, in the
   * same statement.
   */
  claim: (
    parameters: Parameters,
    session: StoredStep & { id: string; handleDigest: Uint8Array; locale: string },
    counting?: Counting,
  ) => Promise<ClaimResult>;
  /**
   * Moves a running session by compare-and-set; false when another request moved it first, or its
   * time is over. Without a verdict, or with one that is `wrong`, `asked` or `overdue`, the answer
   * stays counted. `elsewhere`: it went on at a page of the bank's own, where it need not be the
   * person who was named here; nobody is named any more.
   */
  advance: (
    id: string,
    from: { state: StoredStep["state"]; step: number },
    to: StoredStep,
    options?: {
      when?: "bank-overdue" | undefined;
      verdict?: AnswerVerdict | undefined;
      elsewhere?: boolean;
      /** What of this step may have to be undone at the bank. */
      undo?: StoredUndo | undefined;
    },
  ) => Promise<boolean>;
  /**
   * Claims a step for an answer, and counts the answer, in one statement and before anybody asks
   * the bank. One that names a person is counted for that person only: whoever is named later, and
   * signs in, must not end the counts of somebody guessed at before. One that does not, such as a
   * code, is counted like the one before.
   * @param handles the session's new handle, where the answer gives it one: in the same statement,
   *   so that whoever knew the address before sees nothing of what follows (session fixation).
   */
  answer: (
    id: string,
    from: { step: number },
    to: StoredStep,
    counting: Pick<AttemptKeys, "keys" | "hasIdentifier">,
    handles?: HandleChange,
  ) => Promise<ClaimResult>;
  /**
   * Keeps what may have to be undone of an answer that is not stored: it came too late, or another
   * one was first.
   */
  keepUndo: (authorisationId: string, undo: StoredUndo) => Promise<void>;
  /** @see AttemptCounts */
  releaseAttempts: AttemptCounts["releaseAttempts"];
  /** The person chose not to wait, for the PATCH or for the bank. */
  leave: (id: string) => Promise<void>;
  /** A page of the bank's own sent the browser back in the frame. */
  markReturned: (id: string) => Promise<void>;
  /**
   * The person chose another language; of several at once the last one counts. With a step its
   * content is stored anew, too; false when that step is not open any more. Nothing else moves.
   */
  setLocale: (id: string, locale: string, step?: StoredStep) => Promise<boolean>;
  /**
   * Takes the right to ask the bank how a step stands; false while another request has it, or
   * before it is time again. It passes on when its holder dies.
   */
  claimPoll: (id: string, step: number) => Promise<boolean>;
  /**
   * Gives the right back, to be taken again in so many seconds, or at once where `pollNow` came
   * meanwhile.
   */
  pollAgain: (id: string, step: number, inSeconds: number) => Promise<void>;
  /**
   * Makes it time to ask the bank, whatever time was set. Whoever asks at this moment, and may have
   * come too early, keeps the right until the bank has answered: two polls at once would take one
   * grant twice.
   */
  pollNow: (handleDigest: Uint8Array) => Promise<void>;
}

const idRow = z.object({ id: z.uuid() });
const withoutPairs = sql`, counted_keys = ARRAY(
  SELECT key FROM unnest(counted_keys) AS key WHERE NOT starts_with(key, ${pairMark}))`;
const deadline = ({ state }: StoredStep) =>
  state === "awaiting_bank"
    ? sql`now() + make_interval(secs => ${bankDeadlineSeconds})`
    : sql`NULL`;

export function createSessionStore(db: Db, events: EventRouting = noEvents): SessionStore {
  const { judge, releaseAttempts } = createAttemptCounts(db);

  return {
    async find(handleDigest) {
      const [found] = await db.rows(
        sessionRecord,
        sql`SELECT ${statusColumns}, s.id, s.authorisation_id, s.locale, s.sealed_step,
          s.result::text, s.reason,
              ${bankDeadlineSeconds} - ceil(extract(epoch
                FROM s.bank_deadline_at - now()))::int AS bank_seconds,
              greatest(0, ceil(extract(epoch FROM s.retry_at - now())))::int AS retry_seconds,
              coalesce(s.returned_at > now() - interval '1 minute', false) AS recently_returned,
              a.bank_id, a.external_id, a.bank_account, a.redirect_uri, a.state AS return_state
            FROM sessions s JOIN authorisations a ON a.id = s.authorisation_id LEFT
              JOIN outcomes o ON o.authorisation_id = a.id
            WHERE s.handle_digest = ${handleDigest} AND ${resultShown}`,
      );
      return found;
    },

    async findKnownSession(handleDigest) {
      const [known] = await db.rows(
        knownSession,
        sql`SELECT s.state = 'finished' OR NOT ${notExpired} AS over, s.locale FROM sessions s
            WHERE s.id IN (SELECT session_id FROM former_handles
              WHERE handle_digest = ${handleDigest} UNION ALL SELECT id FROM sessions
                WHERE handle_digest = ${handleDigest})`,
      );
      return known;
    },

    async getStatus(handleDigest) {
      const [found] = await db.rows(
        sessionStatusRow,
        sql`SELECT ${statusColumns}, ceil(extract(epoch
          FROM greatest(s.poll_due_at, s.poll_lease_until) - now()) * 1000)::int AS poll_in_ms
            FROM sessions s LEFT JOIN outcomes o ON o.authorisation_id = s.authorisation_id
              WHERE s.handle_digest = ${handleDigest} AND ${resultShown}`,
      );
      return found;
    },

    async claim(parameters, session, counting = { account: null, keys: [] }) {
      const digest = parametersDigest(parameters);
      const keys = session.state === "awaiting_bank" ? counting.keys : [];
      const started = startedEvent(events);
      const [claimed] = await db.rows(
        countedRow,
        sql`WITH ready AS (
              SELECT id FROM authorisations
              WHERE id = ${parameters.authorisationId}::uuid AND claimed_at IS NULL
                AND ${notExpired}
                AND coalesce(parameters_digest = ${digest}, true)
              FOR UPDATE
            ), keys AS (
              SELECT DISTINCT key FROM ready, unnest(${keys}::text[]) AS key
            ), ${countAnswer}, claimed AS (
              UPDATE authorisations
              SET claimed_at = now(), parameters_digest = ${digest},
                parameters_fixed_at = coalesce(parameters_fixed_at, now()),
                bank_account = ${parameters.bankAccount}, external_id = ${parameters.externalId},
                redirect_uri = ${parameters.redirectUri}, state = ${parameters.state}
                ${started.counted}
              WHERE id IN (SELECT id FROM ready) AND (SELECT allowed FROM allowed)
              RETURNING id, expires_at, bank_id, external_id, event_sequence
            ), moved AS (
              INSERT INTO sessions (id, authorisation_id, handle_digest, state, step, locale,
                sealed_step, bank_deadline_at, expires_at, account, counted_keys, standing,
                  failed_answers)
              SELECT ${session.id}::uuid, id, ${session.handleDigest},
                ${session.state}::session_state, ${session.step}, ${session.locale},
                ${session.sealedStep}, ${deadline(session)}, expires_at, ${counting.account},
                  ${counting.keys}::text[], ${ownCounts(session.step)},
                    ${keys.length === 0 ? 0 : 1}
              FROM claimed
              RETURNING id, failed_answers
            ), refused AS (
              -- Who was refused is known by the authorisation: docs/operations.md says how to
              -- unlock them.
              UPDATE authorisations SET refused_keys = ${keys}::text[] WHERE id IN (SELECT id
                FROM ready) AND NOT EXISTS (SELECT FROM claimed)
            )${started.written} ${countedSelect(sql`0`)}`,
      );
      return judge(claimed);
    },

    async advance(id, from, to, { when, verdict, elsewhere = false, undo } = {}) {
      const back = !staysCounted(verdict);
      const moved = await db.rows(
        idRow,
        sql`WITH ready AS (
              SELECT id, standing AS own_counts FROM sessions
              WHERE id = ${id}::uuid AND state = ${from.state}::session_state
                AND step = ${from.step} AND ${notExpired}
                ${when === "bank-overdue" ? sql`AND bank_deadline_at <= now()` : empty}
              FOR UPDATE
            ), moved AS (
              UPDATE sessions
              SET state = ${to.state}::session_state, step = ${to.step},
                sealed_step = ${to.sealedStep}, bank_deadline_at = ${deadline(to)},
                  poll_due_at = NULL, poll_lease_until = NULL,
                verdict = ${verdict ?? null}, failed_answers = greatest(0,
                  failed_answers - ${back ? 1 : 0})
                ${back ? sql`, standing = ${withoutStep(sql`standing`, from.step)}` : empty}
                ${elsewhere ? withoutPairs : empty}
              WHERE id IN (SELECT id FROM ready)
              RETURNING id, authorisation_id, expires_at
            )${undoKept(undo)} ${
              back
                ? sql`, uncounted AS
              (${releaseCounts(sql`SELECT own.key, own.ends_at
              FROM ready, LATERAL (${selectCounts(
                sql`ready.own_counts`,
                sql`e.step =
                ${from.step}::int`,
              )}) AS own`)})`
                : empty
            }
            SELECT id FROM moved`,
      );
      return moved.length === 1;
    },

    async answer(id, from, to, { keys, hasIdentifier }, handles) {
      const earlierKeys = hasIdentifier ? empty : sql`counted_keys ||`;
      const renamed = handles ? sql`, handle_digest = ${handles.to}` : empty;
      const former = handles
        ? sql`, former AS (INSERT INTO former_handles (handle_digest,
          session_id) SELECT ${handles.from}, id FROM moved RETURNING session_id)`
        : empty;
      const [moved] = await db.rows(
        countedRow,
        sql`WITH ready AS (
              SELECT id, authorisation_id, counted_keys, failed_answers FROM sessions
              WHERE id = ${id}::uuid AND state = 'awaiting_user' AND step = ${from.step}
                AND ${notExpired}
              FOR UPDATE
            ), keys AS (
              SELECT DISTINCT key FROM ready,
                unnest(${earlierKeys} ${keys}::text[]) AS key
            ), ${countAnswer}, moved AS (
              UPDATE sessions
              SET state = 'awaiting_bank', step = ${to.step}, sealed_step = ${to.sealedStep},
                bank_deadline_at = ${deadline(to)}, poll_due_at = NULL, poll_lease_until = NULL,
                  verdict = NULL,
                failed_answers = failed_answers + 1, counted_keys = ARRAY(SELECT key FROM keys),
                standing = CASE WHEN counted_keys @> ${keys}::text[] THEN standing
                  ELSE '[]' END || ${ownCounts(from.step)}${renamed}
              WHERE id IN (SELECT id FROM ready) AND failed_answers < ${maxFailed}
                AND (SELECT allowed FROM allowed)
              RETURNING id, failed_answers
            )${former}, refused AS (
              UPDATE authorisations SET refused_keys = ARRAY(SELECT key FROM keys)
                WHERE id IN (SELECT authorisation_id FROM ready) AND NOT EXISTS (SELECT FROM moved)
            ) ${countedSelect(sql`(SELECT failed_answers FROM ready)`)}`,
      );
      return judge(moved);
    },

    releaseAttempts,

    async keepUndo(authorisationId, undo) {
      await db.rows(z.unknown(), lateUndo(authorisationId, undo));
    },

    async leave(id) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET leaving_at = coalesce(leaving_at, now())
          WHERE id = ${id}::uuid AND state <> 'awaiting_user' RETURNING id`,
      );
    },

    async markReturned(id) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET returned_at = now() WHERE id = ${id}::uuid RETURNING id`,
      );
    },

    async setLocale(id, locale, step) {
      const content = step ? sql`, sealed_step = ${step.sealedStep}` : empty;
      const open = step
        ? sql`AND state = ${step.state}::session_state AND step = ${step.step} AND ${notExpired}`
        : empty;
      return (
        (
          await db.rows(
            idRow,
            sql`UPDATE sessions SET locale = ${locale}${content} WHERE id = ${id}::uuid ${open}
              RETURNING id`,
          )
        ).length === 1
      );
    },

    async claimPoll(id, step) {
      const claimed = await db.rows(
        idRow,
        sql`UPDATE sessions SET poll_due_at = now() + make_interval(secs =>
          ${bankDeadlineSeconds}), poll_lease_until = now() + make_interval(secs =>
            ${bankDeadlineSeconds})
            WHERE id = ${id}::uuid AND state = 'awaiting_user' AND step = ${step} AND ${notExpired}
              AND (poll_due_at IS NULL OR greatest(poll_due_at, poll_lease_until) <= now())
            RETURNING id`,
      );
      return claimed.length === 1;
    },

    async pollAgain(id, step, inSeconds) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET poll_lease_until = NULL, poll_due_at = CASE
          WHEN poll_due_at <= now() THEN poll_due_at
            ELSE now() + make_interval(secs => ${inSeconds}) END
            WHERE id = ${id}::uuid AND state = 'awaiting_user' AND step = ${step} RETURNING id`,
      );
    },

    async pollNow(handleDigest) {
      await db.rows(
        idRow,
        sql`UPDATE sessions SET poll_due_at = now() WHERE handle_digest = ${handleDigest}
          AND state = 'awaiting_user' AND ${notExpired} RETURNING id`,
      );
    },
  };
}
