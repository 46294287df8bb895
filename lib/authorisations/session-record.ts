import { z } from "zod";
import { expired } from "./expiry.ts";
import { sql } from "../db/db.ts";
import { sessionResults } from "./session-result.ts";

export const sessionStatusRow = z.object({
  state: z.enum(["awaiting_user", "awaiting_bank", "finished"]),
  step: z.int(),
  leaving: z.boolean(),
  time_over: z.boolean(),
  bank_overdue: z.boolean(),
  seconds_left: z.int(),
  delivery: z
    .enum(["not_required", "pending", "delivered", "probably_applied", "undeliverable"])
    .nullable(),
  /**
   * How long until the bank may be asked again how a step stands, negative when it may; null when
   * it was not asked yet.
   */
  poll_in_ms: z.int().nullable(),
});

/** Where a session stands, without what its step is about. */
export type SessionStatusRow = z.output<typeof sessionStatusRow>;

export const sessionRecord = sessionStatusRow.omit({ poll_in_ms: true }).extend({
  id: z.uuid(),
  authorisation_id: z.uuid(),
  locale: z.string(),
  sealed_step: z.string().nullable(),
  result: z.enum(sessionResults).nullable(),
  reason: z.string().nullable(),
  /** How long the bank has been asked, while it is. */
  bank_seconds: z.int().nullable(),
  /** How long until it is worth coming back, where the bank said so. */
  retry_seconds: z.int().nullable(),
  /** Whether a page of the bank's own has just sent the browser back in the frame. */
  recently_returned: z.boolean(),
  bank_id: z.string().nullable(),
  external_id: z.string(),
  bank_account: z.string().nullable(),
  redirect_uri: z.string(),
  return_state: z.string(),
});

/**
 * A session with what was frozen at its claim. Times are judged by the database's clock and come as
 * answers, not as times.
 */
export type SessionRecord = z.output<typeof sessionRecord>;

/** Columns of a {@link SessionStatusRow}, of a session `s` and its outcome `o`. */
export const statusColumns = sql`s.state::text, s.step, s.leaving_at IS NOT NULL AS leaving,
  ${expired(sql`s.expires_at`)} AS time_over, coalesce(s.bank_deadline_at <= now(),
    false) AS bank_overdue,
  greatest(0, extract(epoch FROM s.expires_at - now()))::int AS seconds_left,
    o.state::text AS delivery`;

/** What is known of the session that a handle opens or once opened, without opening it. */
export const knownSession = z.object({ over: z.boolean(), locale: z.string() });
export type KnownSession = z.output<typeof knownSession>;

/** How long a finished session answers with its result once its outcome is settled, in seconds. */
export const resultShownSeconds = 5 * 60;

/**
 * Whether a session `s` with its outcome `o` still shows something. One that ended without an
 * outcome to deliver has one that was settled at once.
 */
export const resultShown = sql`(s.state <> 'finished' OR o.state = 'pending'
  OR coalesce(o.settled_at, s.finished_at) > now() - make_interval(secs => ${resultShownSeconds}))`;
