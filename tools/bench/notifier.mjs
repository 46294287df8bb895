import { randomUUID } from "node:crypto";

/**
 * Makes notifications as Banking Service sends them. One token serves many, as in reality: Sage
 * ID's live for eight hours.
 * @param {Pick<import('./stage.mjs').Connector, 'settings' | 'bankingService'>} connector
 * @returns {Promise<(authorisationId?: string) => import('./http-client.mjs').Call>}
 */
export async function createNotifier({ settings, bankingService }) {
  const headers = {
    "content-type": "application/json",
    [settings["NOTIFICATION_HEADER_NAME"] ?? ""]: settings["NOTIFICATION_HEADER_VALUES"] ?? "",
    authorization: `Bearer ${await bankingService.token()}`,
  };
  return (authorisationId = randomUUID()) => ({
    method: "POST",
    path: "/notification",
    headers,
    body: JSON.stringify({
      type: "resourceCreated",
      resource: { id: authorisationId, type: "authorisation", url: "NA" },
      additionalData: { bankId: "10aaeee6-4691-4443-8198-df39aaa8007c" },
    }),
  });
}
