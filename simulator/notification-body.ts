import { randomUUID } from "node:crypto";

import { EXAMPLE_BANK_ID } from "./authorisation-book.ts";
import type { NotificationOptions } from "./control-api.ts";

/**
 * The text of a notification's body: one of the three documented shapes, or what the test wants in
 * its place.
 *
 * @see Sage’s developer pages, "POST notification"
 */
export function notificationBody(options: NotificationOptions): string {
  if (options.rawBody !== undefined) return options.rawBody;
  return JSON.stringify(options.body === undefined ? documentedBody(options) : options.body);
}

function documentedBody({
  kind,
  authorisationId,
  bankId = EXAMPLE_BANK_ID,
  externalId,
}: NotificationOptions): unknown {
  const id = authorisationId ?? randomUUID();
  const account = { externalId: externalId ?? `${randomUUID()}:${randomUUID()}`, bankId };
  switch (kind ?? "authorisationCreated") {
    case "authorisationCreated":
      return {
        type: "resourceCreated",
        resource: { id, type: "authorisation", url: "NA" },
        additionalData: { bankId },
      };
    case "bankAccountCreated":
      return {
        type: "resourceCreated",
        resource: {
          id,
          type: "bankAccount",
          url: `https://provider-api.banking-service.example/v1/bankAccounts/${id}`,
        },
        additionalData: { ...account, requestedStartDate: "2026-01-01" },
      };
    case "bankAccountDeleted":
      return {
        type: "resourceDeleted",
        resource: { id, type: "bankAccount", url: "NA" },
        additionalData: account,
      };
  }
}
