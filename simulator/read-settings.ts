import { trimmed } from "../lib/config/given-value.ts";
import { simulatorUrls, type SimulatorUrls } from "./simulator-urls.ts";

/** An environment, as `process.env` or the result of `simulatorSettings` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the simulator needs to know of the connector in front of it. */
export type BankingServiceSettings = {
  readonly urls: SimulatorUrls;
  readonly connectorOrigin: string;
  readonly notificationHeaderName: string;
  readonly notificationHeaderValue: string;
  readonly notificationAudience: string;
  readonly authorizedParty: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly providerApiKey: string;
  readonly providerApiAudience: string;
  /**
   * The account that authorisations are about when nobody says; another one each time where this is
   * undefined.
   */
  readonly externalId: string | undefined;
};

/**
 * Reads the simulator's settings from the variables the connector reads, plus
 * `BANKING_SERVICE_PORT` and, for a bank that knows its own accounts alone,
 * `BANKING_SERVICE_EXTERNAL_ID`.
 *
 * Of two live notification secrets the first is sent, as the first of a rotation is the current
 * one. The addresses follow from the port alone: a test may point its connector at another issuer
 * and the simulator stays what it is.
 *
 * @throws Error that names every missing or bad variable at once, and no value
 */
export function readSettings(env: Environment): BankingServiceSettings {
  const problems: string[] = [];
  const required = (name: string): string => {
    const value = trimmed(env[name]);
    if (!value) problems.push(name);
    return value ?? "";
  };
  const port = Number(required("BANKING_SERVICE_PORT"));
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    problems.push("BANKING_SERVICE_PORT (a port from 1 to 65535)");
  const publicUrl = required("PUBLIC_URL");
  if (publicUrl && !URL.canParse(publicUrl)) problems.push("PUBLIC_URL (an absolute URL)");

  const settings = {
    notificationHeaderName: required("NOTIFICATION_HEADER_NAME").toLowerCase(),
    notificationHeaderValue: required("NOTIFICATION_HEADER_VALUES").split(",")[0]?.trim() ?? "",
    notificationAudience: required("SAGE_ID_AUDIENCE"),
    authorizedParty: trimmed(env["SAGE_ID_AUTHORIZED_PARTY"]) ?? "banking-service",
    clientId: required("SAGE_ID_CLIENT_ID"),
    clientSecret: required("SAGE_ID_CLIENT_SECRET"),
    providerApiKey: required("PROVIDER_API_KEY"),
    providerApiAudience: required("PROVIDER_API_AUDIENCE"),
    externalId: trimmed(env["BANKING_SERVICE_EXTERNAL_ID"]),
  };
  if (problems.length > 0)
    throw new Error(`Banking Service simulator: missing or bad settings: ${problems.join(", ")}`);
  return {
    ...settings,
    urls: simulatorUrls(port),
    connectorOrigin: new URL(publicUrl).origin,
  };
}
