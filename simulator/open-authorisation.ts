import { setTimeout } from "node:timers/promises";

import type { Authorisation } from "./authorisation.ts";
import type { BankingService } from "./banking-service.ts";
import type { AuthorisationOptions } from "./control-api.ts";
import { sendNotification } from "./send-notification.ts";

/**
 * Creates an authorisation and tells the connector of it: steps 1 and 2 of the flow (Sage’s
 * developer pages).
 *
 * @returns the authorisation, after the connector's answer; with a delayed notification, at once
 */
export async function openAuthorisation(
  service: BankingService,
  options: AuthorisationOptions,
): Promise<Authorisation> {
  const authorisation = service.book.create(options);
  const { authorisationId, bankaccount: bankId } = authorisation;
  const notify = () => sendNotification(service, { authorisationId, bankId });
  const when = options.notify ?? true;
  if (when === true) await notify();
  else if (when !== false) notifyLate(when.delayMs, notify, service.stopping);
  return authorisation;
}

function notifyLate(delayMs: number, notify: () => Promise<unknown>, signal: AbortSignal): void {
  // Closing the simulator cuts the wait short; there is nobody left to tell.
  setTimeout(delayMs, undefined, { signal, ref: false }).then(notify, () => undefined);
}
