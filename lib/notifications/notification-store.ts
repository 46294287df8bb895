import { z } from "zod";
import { expiryAfter } from "../authorisations/expiry.ts";
import { type Db, empty, sql } from "../db/db.ts";
import type { Notification } from "./notification.ts";

export interface NotificationStore {
  /**
   * Records a notification and, if it announces an authorisation, creates that; one statement, so
   * both or neither. A repeat counts up and changes nothing else: the first receipt fixes the
   * expiry, by the database's clock.
   * @returns how often this notification has come, this time included.
   */
  record: (notification: Notification) => Promise<number>;
}

const row = z.object({ receipts: z.int() });

export function createNotificationStore(
  db: Db,
  { lifetimeSeconds }: { lifetimeSeconds: number },
): NotificationStore {
  return {
    async record({ type, resource, bankId, externalId, announcesAuthorisation }) {
      const created = announcesAuthorisation
        ? sql`, created AS (
            INSERT INTO authorisations (id, bank_id, expires_at)
            SELECT ${resource.id}::uuid, ${bankId},
              ${expiryAfter(lifetimeSeconds)}
            -- Only the first receipt creates it: a late repeat must not bring back one that was
            -- purged.
            FROM recorded WHERE receipts = 1
            ON CONFLICT (id) DO NOTHING
          )`
        : empty;
      const [recorded] = await db.rows(
        row,
        sql`WITH recorded AS (
            INSERT INTO notifications (type, resource_type, resource_id, resource_url, bank_id,
              external_id)
            VALUES (${type}, ${resource.type}, ${resource.id}, ${resource.url ?? null},
              ${bankId}, ${externalId})
            ON CONFLICT (type, resource_type, resource_id)
            DO UPDATE SET receipts = notifications.receipts + 1,
              last_received_at = greatest(notifications.last_received_at, now())
            RETURNING receipts
          )${created}
          SELECT receipts FROM recorded`,
      );
      if (!recorded) throw new Error("the notification was not recorded");
      return recorded.receipts;
    },
  };
}
