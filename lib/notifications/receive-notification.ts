import type { AuditStore } from "../authorisations/audit-store.ts";
import { readForeign } from "../http/foreign-json.ts";
import type { Log } from "../log/log.ts";
import type { BodyRead } from "../http/request-body.ts";
import type { SenderVerdict } from "../sage/verify-sender.ts";
import { notificationSchema } from "./notification.ts";
import type { NotificationStore } from "./notification-store.ts";

/**
 * How a notification, Sage's webhook, was received; the route turns each into the answer of the
 * contract.
 */
export type Receipt =
  | "recorded"
  | "untrusted"
  | "sender-unverifiable"
  | "not-json"
  | "too-large"
  | "too-slow"
  | "malformed";

export interface PostedNotification {
  headers: Headers;
  /** Reads the body; called only once the sender is trusted. */
  readJson: () => Promise<BodyRead>;
}

/**
 * Takes in one notification: first whether the sender is Banking Service, then what was sent, in
 * the order the contract gives. 'recorded' is answered only after the commit, so an acknowledged
 * notification is never lost.
 * @throws DatabaseUnavailable
 */
export function createReceiveNotification(deps: {
  verifySender: (headers: Headers) => Promise<SenderVerdict>;
  notifications: NotificationStore;
  audit: Pick<AuditStore, "increment">;
  log: Log;
}): (posted: PostedNotification) => Promise<Receipt> {
  const { verifySender, notifications, audit, log } = deps;
  return async ({ headers, readJson }) => {
    const verdict = await verifySender(headers);
    if (verdict.type === "refused") {
      audit.increment("notification-refused", verdict.reason);
      log.warn("notification refused", { reason: verdict.reason });
      return verdict.reason === "keys-unavailable" ? "sender-unverifiable" : "untrusted";
    }
    audit.increment("notification-trusted");
    const read = await readJson();
    if (!read.ok) {
      const reason = read.reason === "wrong-type" ? "not-json" : read.reason;
      log.warn("notification refused", { reason });
      return reason;
    }
    const parsed = readForeign(notificationSchema, read.text);
    if (!parsed.ok) {
      log.warn("notification refused", { reason: "malformed", paths: parsed.paths });
      return "malformed";
    }
    const { type, resource, announcesAuthorisation } = parsed.value;
    const receipts = await notifications.record(parsed.value, read.bytes);
    log.info("notification recorded", {
      notificationType: `${type}/${resource.type}`.slice(0, 80),
      count: receipts,
      ...(announcesAuthorisation ? { authorisationId: resource.id } : {}),
    });
    return "recorded";
  };
}
