import type { BankingService } from "./banking-service.ts";
import type { NotificationAnswer, NotificationOptions } from "./control-api.ts";
import { notificationBody } from "./notification-body.ts";
import { sendRequest } from "./send-request.ts";

/**
 * Sends one notification to the connector, and puts it on the wire log and the answer to the
 * authorisation it is about.
 *
 * @returns the answer; a connector that gives none is an answer too, with status null
 */
export async function sendNotification(
  service: BankingService,
  options: NotificationOptions,
): Promise<NotificationAnswer> {
  const { settings, stopping } = service;
  const path = options.path ?? "/notification";
  const method = options.method ?? "POST";
  const body = notificationBody(options);
  const headers = await notificationHeaders(service, options);
  const startedAt = Date.now();
  service.counts.notifications++;

  const answer = await sendRequest(`${settings.connectorOrigin}${path}`, {
    method,
    headers,
    body,
    stopping,
  }).then(
    (received): NotificationAnswer => ({ ...received, error: null }),
    (error: unknown): NotificationAnswer => ({
      status: null,
      headers: {},
      body: "",
      error: (error as Error).message,
    }),
  );
  service.wire.add({
    at: new Date(startedAt).toISOString(),
    milliseconds: Date.now() - startedAt,
    from: "Banking Service",
    to: "connector",
    method,
    path,
    status: answer.status,
    request: [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), body].join(
      "\n",
    ),
    response: answer.error ?? answer.body,
    authorisationId: options.authorisationId ?? null,
  });
  const authorisation = service.book.find(options.authorisationId ?? "");
  if (authorisation) authorisation.notification = answer;
  return answer;
}

/**
 * The header the provider chose and the Sage ID token: a connector must check both (Sage’s
 * developer pages).
 */
async function notificationHeaders(
  { settings, sageId }: BankingService,
  options: NotificationOptions,
): Promise<Record<string, string>> {
  const {
    headerName = settings.notificationHeaderName,
    headerValue = settings.notificationHeaderValue,
  } = options;
  const { contentType = "application/json", token = {} } = options;
  const bearer =
    token === null || typeof token === "string" ? token : await sageId.notificationToken(token);
  return {
    ...(contentType === null ? {} : { "content-type": contentType }),
    ...(headerValue === null ? {} : { [headerName]: headerValue }),
    ...(bearer === null ? {} : { authorization: options.bareToken ? bearer : `Bearer ${bearer}` }),
    ...options.headers,
  };
}
