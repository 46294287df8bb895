import { createHash } from "node:crypto";
import { empty, type Sql, sql } from "../db/db.ts";
import { eventFrom } from "../events/event-statements.ts";
import type { EventRouting } from "../events/event-routing.ts";
import type { Notification } from "./notification.ts";

/** For so long the same body again is a repeat: Banking Service sends what was not acknowledged. */
const repeatWithin = "1 hour";

/** What the statement that records a notification gains to write its event with it. */
interface NotificationEvent {
  columns: Sql;
  values: Sql;
  updates: Sql;
  /** How many events there are of an authorisation that it creates. */
  first: Sql;
  /** Parts of the WITH; they read `recorded` and, for an authorisation, `created`. */
  parts: Sql;
}

const nothing = {
  columns: empty,
  values: empty,
  updates: empty,
  first: sql`0`,
  parts: empty,
};

/**
 * The event `sage.notification.received`. A repeat, the same resource and the same body within the
 * hour, makes no second one; anything else does, such as an account that is removed twice.
 * @param raw the body as it came; the provider gets these bytes.
 */
export function notificationEvent(
  events: EventRouting,
  notification: Notification,
  raw: Uint8Array,
): NotificationEvent {
  const { type, resource, bankId, externalId, requestedStartDate } = notification;
  if (!events.wants("sage.notification.received", bankId)) return nothing;
  const digest = createHash("sha256").update(raw).digest("base64url");
  const now = sql`extract(epoch FROM now())::float8`;
  const recent = sql`jsonb_build_object(${digest}::text, ${now})`;
  const stillRecent = sql`${now} - extract(epoch FROM ${repeatWithin}::interval)::float8`;
  const isRepeat = sql`coalesce(
    (notifications.recent_bodies ->> ${digest})::float8 > ${stillRecent}, false)`;
  const data = {
    notificationType: type,
    resourceType: resource.type,
    resourceId: resource.id,
    bankId,
    externalId,
    requestedStartDate,
  };
  const written = (row: { authorisationId: Sql; sequence: Sql }, from: Sql) =>
    eventFrom(
      events,
      "sage.notification.received",
      {
        authorisationId: row.authorisationId,
        bankId: sql`${bankId}`,
        data: sql`${JSON.stringify(data)}::jsonb ${row.sequence}`,
        raw: sql`${raw}`,
      },
      from,
    );

  return {
    columns: sql`, recent_bodies, is_repeat`,
    values: sql`, ${recent}, false`,
    updates: sql`, is_repeat = ${isRepeat},
      recent_bodies = CASE WHEN ${isRepeat} THEN notifications.recent_bodies ELSE ${recent} || (
        SELECT coalesce(jsonb_object_agg(key, value), '{}')
        FROM jsonb_each(notifications.recent_bodies) WHERE value::float8 > ${stillRecent}) END`,
    first: sql`1`,
    parts: notification.authorisationId
      ? numbered(notification.authorisationId, notification.announcesAuthorisation, written)
      : sql`, emitted AS (${written(
          { authorisationId: sql`NULL::uuid`, sequence: empty },
          sql`FROM recorded WHERE NOT is_repeat`,
        )})`,
  };
}

/** Numbered as the next event of its authorisation, which may have been created just now. */
function numbered(
  authorisationId: string,
  creates: boolean,
  written: (row: { authorisationId: Sql; sequence: Sql }, from: Sql) => Sql,
): Sql {
  const isNew = creates ? sql`AND NOT EXISTS (SELECT FROM created)` : empty;
  return sql`, numbered AS (
      UPDATE authorisations SET event_sequence = event_sequence + 1
      WHERE id = ${authorisationId}::uuid ${isNew}
        AND EXISTS (SELECT FROM recorded WHERE NOT is_repeat)
      RETURNING event_sequence
    ), emitted AS (${written(
      {
        authorisationId: sql`${authorisationId}::uuid`,
        sequence: sql`|| jsonb_build_object('sequence',
          coalesce((SELECT event_sequence FROM numbered), 1))`,
      },
      sql`FROM recorded WHERE NOT is_repeat`,
    )})`;
}
