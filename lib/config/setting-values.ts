// What the value of a setting may be; what is wrong with one is said without the value.
import { z } from "zod";
import { secretIn } from "./given-value.ts";
import { isLoopback } from "../net/loopback.ts";
import { isPrivateAddress } from "../net/private-address.ts";
import { eventTypeNames, isEventType, webhookSecret } from "./event-settings.ts";

export const text = z.string({ error: "is missing" }).min(1, "is missing");

export const url = text.transform((value, context) => {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !["https:", "http:"].includes(parsed.protocol)) {
    context.addIssue("is not an absolute https URL");
    return z.NEVER;
  }
  if (parsed.protocol === "http:" && !isLoopback(parsed.hostname))
    context.addIssue("must be https (http is for loopback hosts only)");
  if (parsed.username || parsed.password || parsed.hash)
    context.addIssue("must not carry user info or a fragment");
  return parsed;
});

/**
 * Somebody else's service. An address of a private network would make the connector a way into it
 * (CWE-918); names are judged when they are called (http.ts).
 */
export const address = url.transform((value, context) => {
  const host = value.hostname.replace(/^\[|\]$/g, "");
  if (!isLoopback(value.hostname) && isPrivateAddress(host))
    context.addIssue("must not be a private address");
  return value.href;
});

/**
 * A secret in a file of its own, like the `NAME_FILE` of a setting: what is written is the path,
 * what is read is the content.
 */
export const secretFile = text.transform((path, context) => {
  try {
    const content = secretIn(path);
    if (content !== undefined) return content;
    context.addIssue("names an empty file");
  } catch {
    context.addIssue("names a file that cannot be read");
  }
  return z.NEVER;
});

const list = text.transform((value) =>
  value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ""),
);

export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, "is not a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be between ${min} and ${max}`);

/**
 * A host suffix of REDIRECT_HOSTS. `port` is set only where the entry names one; http is then
 * accepted if the host is a loopback one.
 */
export interface RedirectHost {
  host: string;
  port: string | undefined;
}

const hostPattern =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?$/;

export const redirectHosts = list.transform((entries, context) =>
  entries.map((entry): RedirectHost => {
    const [host = "", port] = entry.toLowerCase().split(":");
    const tooWide = !host.includes(".") && !isLoopback(host);
    if (!hostPattern.test(entry.toLowerCase()) || tooWide)
      context.addIssue("must list host suffixes such as sage.com or localhost:4000");
    return { host, port };
  }),
);

// A source of frame-ancestors: scheme, host, optional port. A bare `*`, a scheme alone or a quote
// would open the frame to everyone or break the header.
export const frameAncestors = text.transform((value, context) => {
  const sources = value.split(/[\s,]+/).filter((source) => source !== "");
  for (const source of sources) {
    const [, scheme = "", host = ""] =
      /^(https?):\/\/((?:\*\.)?[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(source) ?? [];
    // `https://*.com` is everyone, too.
    const tooWide = /^\*\.[^.]+$/.test(host) && !isLoopback(host.replace("*.", ""));
    if (tooWide || !scheme || (scheme === "http" && !isLoopback(host.replace("*.", ""))))
      context.addIssue("must list sources such as https://*.sage.com");
  }
  return sources;
});

export const headerName = text
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, "is not a header name")
  .transform((value) => value.toLowerCase())
  .refine(
    (value) =>
      !["authorization", "content-type", "content-length", "host", "cookie", "origin"].includes(
        value,
      ),
    "names a header that has a meaning of its own",
  )
  // Our server drops these before Next sees them (server/request-filter.ts).
  .refine(
    (value) =>
      !/^(rsc$|next-|x-(next|nextjs|middleware|invoke|now|vercel|prerender)-|x-matched-path$)/.test(
        value,
      ),
    "names a header of the framework",
  );

export const headerValues = list.refine(
  (values) =>
    values.length >= 1 &&
    values.length <= 2 &&
    values.every((value) => /^[\x21-\x7e]{32,1000}$/.test(value)),
  "must hold one or two values of at least 32 printable ASCII characters",
);

export const sealKeys = list.transform((entries, context) => {
  const keys = entries.map((entry) => Buffer.from(entry, "base64url"));
  const wellFormed = keys.every(
    (key, index) =>
      key.length === 32 && key.toString("base64url") === entries[index]?.replace(/=+$/, ""),
  );
  const guessable = keys.some((key) => new Set(key).size < 8);
  if (keys.length === 0 || !wellFormed || guessable)
    context.addIssue("must hold base64url keys of 32 random bytes");
  return keys.map((key) => new Uint8Array(key));
});

/** Exact host names. */
export const hostNames = list.refine(
  (entries) => entries.every((entry) => /^[a-z0-9.:[\]-]{1,253}$/.test(entry)),
  "must list host names",
);

/** Types of events. */
export const eventTypes = list.transform((entries, context) => {
  if (entries.length === 0 || !entries.every(isEventType))
    context.addIssue(`must list types of events: ${eventTypeNames.join(", ")}`);
  return entries.filter(isEventType);
});

/** One or two secrets that events are signed with (Standard Webhooks). */
export const eventSecrets = list.transform((entries, context) => {
  const keys = entries.map(webhookSecret).filter((key) => key !== undefined);
  if (keys.length !== entries.length || keys.length < 1 || keys.length > 2)
    context.addIssue("must hold one or two secrets: whsec_ and base64 of 24 to 64 random bytes");
  else if (keys[1] && Buffer.compare(keys[0] ?? keys[1], keys[1]) === 0)
    context.addIssue("must not hold the same secret twice");
  return keys;
});
