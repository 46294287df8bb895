import { readFileSync } from "node:fs";
import type { z } from "zod";
import { publicFile } from "../web/assets.ts";
import { secretIn, trimmed } from "./given-value.ts";
import { isLoopback } from "../net/loopback.ts";
import type { ProxyVariables } from "../net/proxy.ts";
import { type Theme, themeOf, themeProblems } from "../web/theme.ts";
import { secrets, variables } from "./variables.ts";
import { isUnnamedPrivateHost } from "./event-settings.ts";

/**
 * Thrown when settings are missing or unsafe. `problems` names every bad variable at once, and no
 * value.
 */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly problems: readonly string[];
  /** What the file of banks is judged by, so that its problems can be named with the others. */
  readonly forBanks: ForBanks | undefined;
  constructor(problems: readonly string[], forBanks?: ForBanks) {
    super(`The settings are not right:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
    this.forBanks = forBanks;
  }
}

interface ForBanks {
  banksFile: string | undefined;
  theme: Theme;
  providerApi: { url: string };
}

/**
 * Node reads these itself, and ends with a stack, or goes on without them, where they are not
 * right.
 */
function platformProblems(env: NodeJS.ProcessEnv): string[] {
  const isProxy = (value: string) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    return (
      parsed !== undefined &&
      ["http:", "https:"].includes(parsed.protocol) &&
      /^https?:\/\//i.test(value) &&
      parsed.pathname === "/" &&
      !parsed.search &&
      !parsed.hash
    );
  };
  const proxies = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].filter(
    (name) => env[name] && !isProxy(env[name]),
  );
  const authorities = env["NODE_EXTRA_CA_CERTS"];
  return [
    ...proxies.map((name) => `${name}: is not an http:// URL such as http://proxy.example:3128`),
    ...(authorities && !canRead(authorities)
      ? ["NODE_EXTRA_CA_CERTS: names a file that cannot be read"]
      : []),
  ];
}

function canRead(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

function withSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Record<string, string | undefined> {
  const merged = { ...env };
  for (const name of secrets) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    if (env[name]) problems.push(`${name}: set both as itself and by ${name}_FILE`);
    try {
      merged[name] = secretIn(file);
    } catch {
      problems.push(`${name}_FILE: cannot be read`);
      // Named once, as a file that cannot be read, and not a second time as a missing setting.
      merged[name] = undefined;
    }
  }
  return merged;
}

/**
 * Reads and checks the settings of docs/settings.md. Values are without white space around them,
 * and an empty one counts as not set, as compose files write them.
 * @throws {SettingsError} naming all problems at once.
 */
export function readSettings(env: NodeJS.ProcessEnv) {
  const problems = platformProblems(env);
  const values = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, trimmed(value)]),
  );
  const given = withSecretFiles(values, problems);
  const parsed = variables.safeParse(given);
  if (!given["BANK_ADAPTER"] && !given["BANKS_FILE"])
    problems.push("BANK_ADAPTER: is missing, and BANKS_FILE with it");
  if (given["BANK_ADAPTER"] && given["BANKS_FILE"])
    problems.push("BANKS_FILE: set beside BANK_ADAPTER");
  if (parsed.data?.BANK_ADAPTER === "sandbox" && !sandboxAllowed(parsed.data.PROVIDER_API_URL))
    problems.push("BANK_ADAPTER: must not be sandbox with Sage's production Provider API");
  if (parsed.data?.GALLERY === "on" && !isLoopback(new URL(parsed.data.PUBLIC_URL).hostname))
    problems.push("GALLERY: must be off where others can reach PUBLIC_URL");
  problems.push(...eventProblems(given, parsed.data));
  // Measured whatever else is wrong, so that all problems are named at once.
  const theme = themeOf(given);
  if (Object.keys(theme).length > 0)
    problems.push(...themeProblems(publicFile("tokens.css"), theme));
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    if (!problems.some((problem) => problem.startsWith(`${name}_FILE:`)))
      problems.push(`${name}: ${message}`);
  }
  if (!parsed.success || problems.length > 0) {
    const providerApi =
      variables.shape.PROVIDER_API_URL.safeParse(given["PROVIDER_API_URL"]).data ??
      "https://unknown.invalid";
    throw new SettingsError([...new Set(problems)], {
      banksFile: given["BANKS_FILE"],
      theme,
      providerApi: { url: providerApi },
    });
  }
  const v = parsed.data;
  return Object.freeze({
    publicUrl: v.PUBLIC_URL,
    databaseUrl: v.DATABASE_URL,
    databasePoolSize: v.DATABASE_POOL_SIZE,
    notification: Object.freeze({
      headerName: v.NOTIFICATION_HEADER_NAME,
      headerValues: v.NOTIFICATION_HEADER_VALUES,
    }),
    sageId: Object.freeze({
      issuer: v.SAGE_ID_ISSUER,
      jwksUrl:
        v.SAGE_ID_JWKS_URL ?? new URL(".well-known/jwks.json", withSlash(v.SAGE_ID_ISSUER)).href,
      audience: v.SAGE_ID_AUDIENCE,
      authorizedParty: v.SAGE_ID_AUTHORIZED_PARTY,
      tokenUrl: v.SAGE_ID_TOKEN_URL ?? new URL("oauth/token", withSlash(v.SAGE_ID_ISSUER)).href,
      clientId: v.SAGE_ID_CLIENT_ID,
      clientSecret: v.SAGE_ID_CLIENT_SECRET,
    }),
    providerApi: Object.freeze({
      url: v.PROVIDER_API_URL,
      key: v.PROVIDER_API_KEY,
      audience: v.PROVIDER_API_AUDIENCE,
      requestsPerSecond: v.PROVIDER_API_REQUESTS_PER_SECOND,
      bankAccounts: v.PROVIDER_API_BANK_ACCOUNTS,
      failureStatus: v.PROVIDER_API_FAILURE_STATUS,
    }),
    events: Object.freeze({
      target: eventTarget(v),
      retryDays: v.EVENTS_RETRY_DAYS,
      keepDays: v.EVENTS_KEEP_DAYS,
    }),
    redirectHosts: v.REDIRECT_HOSTS,
    frameAncestors: v.FRAME_ANCESTORS,
    sealKeys: v.SEAL_KEYS,
    bankAdapter: v.BANK_ADAPTER,
    banksFile: v.BANKS_FILE,
    authorisationLifetimeSeconds: v.AUTHORISATION_LIFETIME_SECONDS,
    retentionDays: v.RETENTION_DAYS,
    auditRetentionDays: v.AUDIT_RETENTION_DAYS,
    gallery: v.GALLERY === "on",
    framesOnly: v.FRAMES_ONLY === "on",
    stopNoticeSeconds: v.STOP_NOTICE_SECONDS,
    host: v.HOST,
    port: v.PORT,
    logLevel: v.LOG_LEVEL,
    theme,
  });
}

const eventTarget = (v: EventValues) =>
  v.EVENTS_URL && v.EVENTS_SECRETS
    ? Object.freeze({
        url: v.EVENTS_URL,
        secrets: v.EVENTS_SECRETS,
        types: v.EVENTS_TYPES,
        privateHosts: v.EVENTS_PRIVATE_HOSTS,
      })
    : undefined;

/** An address and a secret belong together; a private address is called only where it is named. */
function eventProblems(
  given: Record<string, string | undefined>,
  parsed: EventValues | undefined,
): string[] {
  const { EVENTS_URL: url, EVENTS_SECRETS: secrets, EVENTS_SECRETS_FILE: file } = given;
  const host = parsed?.EVENTS_URL && new URL(parsed.EVENTS_URL).hostname;
  return [
    ...(url && !secrets && !file ? ["EVENTS_SECRETS: is missing, and EVENTS_URL is set"] : []),
    ...(secrets && !url ? ["EVENTS_URL: is missing, and EVENTS_SECRETS is set"] : []),
    ...(host && isUnnamedPrivateHost(host, parsed.EVENTS_PRIVATE_HOSTS)
      ? ["EVENTS_URL: is a private address; EVENTS_PRIVATE_HOSTS must name it"]
      : []),
  ];
}

/**
 * DATABASE_URL, or what its file holds, for commands that need no other setting.
 * @throws {SettingsError}
 */
export function readDatabaseUrl({
  DATABASE_URL,
  DATABASE_URL_FILE,
}: Record<string, string | undefined>): string {
  const problems: string[] = [];
  const given = withSecretFiles(
    { DATABASE_URL: trimmed(DATABASE_URL), DATABASE_URL_FILE: trimmed(DATABASE_URL_FILE) },
    problems,
  )["DATABASE_URL"];
  const parsed = variables.shape.DATABASE_URL.safeParse(given || undefined);
  if (problems.length === 0)
    problems.push(...(parsed.error?.issues ?? []).map(({ message }) => `DATABASE_URL: ${message}`));
  if (!parsed.success || problems.length > 0) throw new SettingsError(problems);
  return parsed.data;
}

const eventVariables = variables.pick({
  EVENTS_URL: true,
  EVENTS_SECRETS: true,
  EVENTS_TYPES: true,
  EVENTS_PRIVATE_HOSTS: true,
  BANKS_FILE: true,
});
type EventValues = Omit<z.output<typeof eventVariables>, "BANKS_FILE">;

/**
 * The settings of events, for `npm run events`, which needs no other setting.
 * @throws {SettingsError}
 */
export function readEventSettings(env: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, trimmed(value)]),
  );
  const given = withSecretFiles(values, problems);
  const parsed = eventVariables.safeParse(given);
  problems.push(
    ...eventProblems(given, parsed.data),
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])}: ${message}`),
  );
  if (!parsed.success || problems.length > 0) throw new SettingsError([...new Set(problems)]);
  return { target: eventTarget(parsed.data), banksFile: parsed.data.BANKS_FILE };
}

/**
 * The sandbox confirms nearly any account; told to the real Sage, that would open feeds nobody
 * authorised.
 */
export const sandboxAllowed = (providerApiUrl: string): boolean =>
  !new URL(providerApiUrl).hostname.endsWith(".fabric.sage.com");

const withSlash = (value: string) => (value.endsWith("/") ? value : `${value}/`);

export type Settings = ReturnType<typeof readSettings>;

let settings: Settings | undefined;

/** What decides whether a call of this process goes through a proxy. */
export const proxyVariables = (): ProxyVariables => process.env;

/** The settings of this process, read once. @throws {SettingsError} */
export function processSettings(): Settings {
  settings ??= readSettings(process.env);
  return settings;
}
