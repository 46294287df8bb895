import { z } from "zod";
import { parseDatabaseUrl } from "./database-url.ts";
import {
  address,
  frameAncestors,
  headerName,
  headerValues,
  redirectHosts,
  sealKeys,
  text,
  url,
  whole,
} from "./setting-values.ts";
import { themeVariables } from "../web/theme.ts";

const sageFrameAncestors =
  "https://*.sagebankdrive.com https://*.sage.com https://*.intacct.com https://*.sageone.com";

/** Every setting, by the name of its variable, with its default (docs/settings.md). */
export const variables = z.object({
  PUBLIC_URL: url
    .refine(
      (value) => value.pathname === "/" && value.search === "",
      "must be an origin, without a path",
    )
    .transform((value) => value.origin),
  DATABASE_URL: text.superRefine((value, context) => {
    for (const problem of parseDatabaseUrl(value).problems ?? []) context.addIssue(problem);
  }),
  DATABASE_POOL_SIZE: whole(1, 100).default(10),
  NOTIFICATION_HEADER_NAME: headerName,
  NOTIFICATION_HEADER_VALUES: headerValues,
  // The issuer is compared as a string with the token's `iss`, so it is kept exactly as written.
  SAGE_ID_ISSUER: text.refine(
    (value) => url.safeParse(value).success,
    "is not an absolute https URL",
  ),
  SAGE_ID_JWKS_URL: address.optional(),
  SAGE_ID_AUDIENCE: text,
  SAGE_ID_AUTHORIZED_PARTY: text.optional(),
  SAGE_ID_TOKEN_URL: address.optional(),
  SAGE_ID_CLIENT_ID: text,
  SAGE_ID_CLIENT_SECRET: text,
  PROVIDER_API_URL: address.transform((value) => value.replace(/\/+$/, "")),
  PROVIDER_API_KEY: text,
  PROVIDER_API_AUDIENCE: text,
  PROVIDER_API_REQUESTS_PER_SECOND: whole(1, 1000).default(10),
  PROVIDER_API_BANK_ACCOUNTS: z
    .enum(["omit", "empty", "confirmed"], { error: "must be omit, empty or confirmed" })
    .default("omit"),
  PROVIDER_API_FAILURE_STATUS: text
    .regex(/^[A-Za-z0-9_-]{1,40}$/, "is not a status word")
    .optional(),
  REDIRECT_HOSTS: redirectHosts.prefault("sagebankdrive.com,sage.com"),
  FRAME_ANCESTORS: frameAncestors.prefault(sageFrameAncestors),
  SEAL_KEYS: sealKeys,
  // One of the two; which is judged by readSettings.
  BANK_ADAPTER: z
    .enum(["sandbox"], { error: "must be sandbox; other banks are named in BANKS_FILE" })
    .optional(),
  BANKS_FILE: text.optional(),
  AUTHORISATION_LIFETIME_SECONDS: whole(1, 1200).default(1140),
  RETENTION_DAYS: whole(1, 3650).default(30),
  AUDIT_RETENTION_DAYS: whole(1, 3650).default(365),
  GALLERY: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  STOP_NOTICE_SECONDS: whole(0, 60).default(3),
  FRAMES_ONLY: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  HOST: text.optional(),
  PORT: whole(0, 65535).default(3000),
  ...themeVariables,
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "is not a log level",
    })
    .default("info"),
});
