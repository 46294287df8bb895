import { MASK } from "./mask.ts";
import type { BankingServiceSettings } from "./read-settings.ts";

const JWT = /eyJ[\w-]*\.[\w-]*\.[\w-]*/g;

/**
 * Makes the function that takes secrets out of a text before it is stored on the wire log.
 *
 * A second line of defence: callers already choose what they show. It masks the notification
 * secret, the API key, the client secret and anything shaped like a JWT, wherever they turn up.
 */
export function maskSecrets(settings: BankingServiceSettings): (text: string) => string {
  const secrets = [
    settings.notificationHeaderValue,
    settings.providerApiKey,
    settings.clientSecret,
  ];
  return (text) =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text).replaceAll(JWT, MASK);
}
