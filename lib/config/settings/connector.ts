import { z } from "zod";
import { parseDatabaseUrl } from "../database-url.ts";
import { sealKeys, text, url, whole } from "../setting-values.ts";
import type { Setting } from "./setting.ts";

/** Settings of the connector itself. */
export const connectorSettings = {
  PUBLIC_URL: {
    schema: url
      .refine(
        (value) => value.pathname === "/" && value.search === "",
        "must be an origin, without a path",
      )
      .transform((value) => value.origin),
    meaning: "The origin browsers reach the connector by: `https://connect.bank.example`.",
    example: "https://connect.bank.example",
    whenWrong:
      "Refused: a path or a query, http but for loopback. The wrong origin: links lead " +
      "elsewhere, and every form is answered 403, “We could not accept that”.",
  },
  DATABASE_URL: {
    schema: text.superRefine((value, context) => {
      for (const problem of parseDatabaseUrl(value).problems ?? []) context.addIssue(problem);
    }),
    meaning:
      "PostgreSQL, 13 or newer, encoding UTF8: " +
      "`postgresql://user:password@host:5432/connector?sslmode=verify-full`; [what it may " +
      "hold](#database_url).",
    secret: true,
    whenWrong:
      "Refused: a form or parameter that is not honoured; a database of another encoding, an " +
      "older server, a role without [its rights](deployment.md#roles-of-the-database). The " +
      "wrong place, or not migrated: the connector starts, `GET /health/ready` answers 503 " +
      "`database-away`, and the log says why: `database not ready`.",
  },
  DATABASE_POOL_SIZE: {
    schema: whole(1, 100).default(10),
    meaning:
      "Connections to PostgreSQL that one process holds at most; 1 to 100. All replicas " +
      "together must stay below the server's `max_connections`.",
    whenWrong:
      "Refused: out of range. Too small: answers 503 under load, log `database away` with " +
      "`queue-full` or `queue-slow`. Too large for the server: the same line with `53300`.",
  },
  // One of the next two; which is judged by readSettings.
  BANKS_FILE: {
    schema: text.optional(),
    meaning: "[The file that names the banks](#the-file-of-banks).",
    unset: "required, unless `BANK_ADAPTER` is set",
    whenWrong:
      "Refused: every problem of the file, by its place. After a change while it runs: the " +
      "log says `banks file refused`, and the banks stay as they were.",
  },
  BANK_ADAPTER: {
    schema: z
      .enum(["sandbox"], { error: "must be sandbox; other banks are named in BANKS_FILE" })
      .optional(),
    meaning: "One adapter for every bank: only `sandbox`.",
    unset: "required, unless `BANKS_FILE` is set",
    whenWrong:
      "Refused: any other name; both settings together. `sandbox` with a Provider API under " +
      "`fabric.sage.com`, since **it confirms nearly every account: never in production**.",
  },
  SEAL_KEYS: {
    schema: sealKeys,
    meaning:
      "[Keys for handles and forms](#seal_keys): comma-separated, base64url, 32 random bytes " +
      "each, the first one current.",
    secret: true,
    whenWrong: "Refused: another length or alphabet, fewer than 8 different bytes.",
  },
  AUTHORISATION_LIFETIME_SECONDS: {
    schema: whole(1, 1200).default(1140),
    meaning:
      "How long a re-authorisation may take from its first notification, by the database's " +
      "clock; 1 to 1200.",
    whenWrong:
      "Refused: out of range. Longer than Sage's own limit: people finish, and the outcome " +
      "comes too late.",
  },
  RETENTION_DAYS: {
    schema: whole(1, 3650).default(30),
    meaning:
      "How long finished authorisations stay in the database, without answers or secrets, " +
      "and their notifications two days longer; so long after a sign-in its pair of account " +
      "and person is known ([065](decisions/065-a-count-for-the-pair.md)); 1 to 3650.",
    whenWrong: "Refused: out of range.",
  },
  AUDIT_RETENTION_DAYS: {
    schema: whole(1, 3650).default(365),
    meaning:
      "How long the audit trail stays in the database " +
      "([operations.md](operations.md#audit-trail)); 1 to 3650.",
    whenWrong: "Refused: out of range. Shorter than your auditor asks for: nothing says so.",
  },
  GALLERY: {
    schema: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
    meaning:
      "`on` shows every screen in every state, with made-up data, at `/gallery`, for " +
      "development. Otherwise that answers 404.",
    whenWrong: "Refused: `on` while `PUBLIC_URL` is not a loopback host; any other word.",
  },
  STOP_NOTICE_SECONDS: {
    schema: whole(0, 60).default(3),
    meaning:
      "How long the process, once it is told to stop, says `stopping` at `/health/ready` and " +
      "goes on taking requests, until load balancers have seen it; 0 to 60. Two probes of " +
      "your balancer and a second.",
    whenWrong:
      "Refused: out of range. Too short: a balancer sends into a process that has gone. " +
      "SIGKILL must not come before this and 47 s more.",
  },
  FRAMES_ONLY: {
    schema: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
    meaning:
      "`on`: screens open only inside a frame. A browser that says that a window of its own " +
      "is to show one (`Sec-Fetch-Dest: document`) is sent back to Sage in words, with 403. " +
      "Set it where Sage always frames you: an address that somebody was sent then opens " +
      "nothing.",
    whenWrong: "Refused: any other word.",
  },
  HOST: {
    schema: text.optional(),
    meaning: "Address to listen on: `127.0.0.1`.",
    unset: "all interfaces",
    whenWrong: "The start ends with “cannot listen”.",
  },
  PORT: {
    schema: whole(0, 65535).default(3000),
    meaning: "Port to listen on; 0 takes a free one, which the log names.",
    whenWrong: "Refused: not 0 to 65535. Taken: the start ends with “cannot listen”.",
  },
  LOG_LEVEL: {
    schema: z
      .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
        error: "is not a log level",
      })
      .default("info"),
    meaning: "What is logged: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.",
    whenWrong:
      "Refused: any other word. At `error` and above, refused notifications and entries are " +
      "not seen.",
  },
} satisfies Record<string, Setting>;
