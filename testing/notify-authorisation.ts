import { randomUUID } from "node:crypto";
import type { Db } from "../lib/db/db.ts";
import { createNotificationStore } from "../lib/notifications/notification-store.ts";

/**
 * Records the notification of a new authorisation, as Banking Service would send it.
 * @param lifetimeSeconds how long the authorisation lives from now on.
 * @returns the id of the authorisation.
 */
export async function notifyAuthorisation(
  db: Db,
  {
    id = randomUUID(),
    bankId = null,
    lifetimeSeconds = 600,
  }: { id?: string; bankId?: string | null; lifetimeSeconds?: number } = {},
): Promise<string> {
  await createNotificationStore(db, { lifetimeSeconds }).record({
    type: "resourceCreated",
    resource: { id, type: "authorisation", url: "NA" },
    bankId,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: id,
  });
  return id;
}
