import { z } from "zod";
import { expiryAfter } from "../authorisations/expiry.ts";
import { type Db, empty, sql } from "../db/db.ts";
import { type EventRouting, noEvents } from "../events/event-routing.ts";
import type { Notification } from "./notification.ts";
import { notificationEvent } from "./notification-event.ts";

export interface NotificationStore {
  /**
   * Records a notification and, if it announces an authorisation, creates that; one statement, so
   * both or neither. A repeat counts up and changes nothing else: the first receipt fixes the
   * expiry, by the database's clock. What the provider is told of it is written with it.
   * @param raw the body as it came.
   * @returns how often this notification has come, this time included.
   */
  record: (notification: Notification, raw?: Uint8Array) => Promise<number>;
}

const row = z.object({ receipts: z.int() });

export function createNotificationStore(
  db: Db,
  { lifetimeSeconds, events = noEvents }: { lifetimeSeconds: number; events?: EventRouting },
): NotificationStore {
  return {
    async record(notification, raw = new Uint8Array()) {
      const { type, resource, bankId, externalId, announcesAuthorisation } = notification;
      const event = notificationEvent(events, notification, raw);
      const created = announcesAuthorisation
        ? sql`, created AS (
            INSERT INTO authorisations (id, bank_id, expires_at, event_sequence)
            SELECT ${resource.id}::uuid, ${bankId},
              ${expiryAfter(lifetimeSeconds)}, ${event.first}
            -- Only the first receipt creates it: a late repeat must not bring back one that was
            -- purged.
            FROM recorded WHERE receipts = 1
            ON CONFLICT (id) DO NOTHING
            RETURNING id
          )`
        : empty;
      const [recorded] = await db.rows(
        row,
        sql`WITH recorded AS (
            INSERT INTO notifications (type, resource_type, resource_id, resource_url, bank_id,
              external_id${event.columns})
            VALUES (${type}, ${resource.type}, ${resource.id}, ${resource.url ?? null},
              ${bankId}, ${externalId}${event.values})
            ON CONFLICT (type, resource_type, resource_id)
            DO UPDATE SET receipts = notifications.receipts + 1,
              last_received_at = greatest(notifications.last_received_at, now())${event.updates}
            RETURNING receipts${event.columns}
          )${created}${event.parts}
          SELECT receipts FROM recorded`,
      );
      if (!recorded) throw new Error("the notification was not recorded");
      return recorded.receipts;
    },
  };
}
