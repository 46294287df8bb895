import { type DestinationStream, pino } from "pino";
import { z } from "zod";
import { CodedError } from "./coded-error.ts";
import { pathsOf } from "./issue-paths.ts";
import { type LogEvent, logEvents } from "./log-events.ts";

/**
 * The log fields. What may be written to a log line: closed codes, ids, counts and durations. Never
 * an answer, a token, a handle, a redirect address or a bank's own text; the type keeps them out by
 * name, so that a new field is a decision somebody reviews.
 */
export interface LogFields {
  authorisationId?: string;
  notificationType?: string;
  /** The `webhook-id` of an event to the provider, or the id of what is to be undone at a bank. */
  eventId?: string;
  /** The type of an event to the provider. */
  eventType?: string;
  reason?: string;
  /**
   * The bank an operator has to look at: the id that Sage named, where no bank here has it, or that
   * of an entry.
   */
  bankId?: string;
  /** What is wrong with the file of banks, and where; our own words, without any value. */
  problem?: string;
  /**
   * Where what another system sent is not as it should be: names of members as our schemas have
   * them, never what they hold (foreign-json.ts).
   */
  paths?: readonly string[];
  /**
   * Claims of a notification token whose signature is good, so that an operator sees what to
   * configure.
   */
  issuer?: string;
  audience?: string | readonly string[];
  authorisedParty?: string;
  state?: string;
  attempt?: number;
  /** Which screen of a session. */
  step?: number;
  status?: number;
  durationMs?: number;
  count?: number;
  port?: number | undefined;
  errorName?: string;
  errorCode?: string;
  /** Where in our own code a bug was thrown; file and line only. */
  at?: string;
}

export interface Log {
  debug: (event: LogEvent, fields?: LogFields) => void;
  info: (event: LogEvent, fields?: LogFields) => void;
  warn: (event: LogEvent, fields?: LogFields) => void;
  error: (event: LogEvent, fields?: LogFields) => void;
}

// The types keep other fields out of our code; this keeps out what a cast, a spread or plain
// JavaScript let through.
const allowed: Readonly<Record<keyof LogFields, true>> = {
  authorisationId: true,
  notificationType: true,
  eventId: true,
  eventType: true,
  reason: true,
  bankId: true,
  problem: true,
  paths: true,
  issuer: true,
  audience: true,
  authorisedParty: true,
  state: true,
  attempt: true,
  step: true,
  status: true,
  durationMs: true,
  count: true,
  port: true,
  errorName: true,
  errorCode: true,
  at: true,
};
const events: ReadonlySet<string> = new Set(logEvents);

const maxText = 300;
// Tokens, keys, handles and digests: nothing else we log is so long without a separator.
const secretLooking = /[A-Za-z0-9_-]{40,}/g;
// Whatever a terminal or a viewer might take for more than text: C0 and C1 controls, line and
// paragraph separators, marks that turn the direction of writing.
const controls =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function cleanText(text: string): string {
  return text
    .slice(0, maxText)
    .replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(secretLooking, "[redacted]");
}

function clean(fields: LogFields): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name]) => Object.hasOwn(allowed, name));
  return Object.fromEntries(
    kept.map(([name, value]: [string, unknown]): [string, unknown] => {
      if (typeof value === "string") return [name, cleanText(value)];
      if (Array.isArray(value))
        return [name, value.slice(0, 10).map((entry) => cleanText(String(entry)))];
      return [name, typeof value === "number" ? value : undefined];
    }),
  );
}

/**
 * One JSON line per event on standard output, in UTC, `event` being a phrase of a closed list. Of
 * the fields only those that are named above are written; their texts are cut, their control
 * characters spelled out, and what looks like a secret is left out.
 * @param destination for tests.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const out = pino(
    { level, base: null, messageKey: "event", timestamp: pino.stdTimeFunctions.isoTime },
    ...(destination ? [destination] : []),
  );
  const write =
    (severity: "debug" | "info" | "warn" | "error") =>
    (event: LogEvent, fields: LogFields = {}) =>
      out[severity](clean(fields), events.has(event) ? event : "request failed");
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/**
 * Log fields for an unexpected error: its name, the code of its innermost cause that has one, where
 * it was thrown, and where in another system's answer the fault is. Its message may quote input, so
 * it is left out.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const { stack = "", message } = error;
  // Frames come after the message, which may have lines of its own that look like one.
  const frame = stack
    .slice(stack.indexOf(message) + message.length)
    .split("\n")
    .find((line) => line.startsWith("    at "))
    ?.trim();
  const code = innermostCode(error);
  const paths =
    error instanceof CodedError
      ? error.paths
      : error instanceof z.core.$ZodError
        ? pathsOf(error)
        : [];
  return {
    errorName: error.name,
    ...(code ? { errorCode: code } : {}),
    ...(paths.length > 0 ? { paths } : {}),
    ...(frame ? { at: frame } : {}),
  };
}

/**
 * An SQLSTATE or a system's error code; Prisma keeps the database's own in
 * `meta.driverAdapterError` (its `kind` where there is no code).
 */
function innermostCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, kind, originalCode, cause, meta } = error as Record<
    "code" | "kind" | "originalCode" | "cause",
    unknown
  > & { meta?: { driverAdapterError?: unknown } };
  const own = [originalCode, code, kind].find(
    (value) => typeof value === "string" && /^[\w-]{1,60}$/.test(value),
  ) as string | undefined;
  return innermostCode(meta?.driverAdapterError) ?? innermostCode(cause) ?? own;
}
