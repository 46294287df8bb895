import { Client, type QueryConfig } from "pg";
import { z } from "zod";
import { clientConfig, type DatabaseTarget } from "../config/database-url.ts";

/**
 * The rights the connector needs when it runs: no more and no less than prisma/grants.sql gives,
 * and every table it knows.
 */
export const runtimeRights: Readonly<Record<string, readonly string[]>> = {
  notifications: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  authorisations: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  sessions: ["SELECT", "INSERT", "UPDATE"],
  former_handles: ["SELECT", "INSERT"],
  outcomes: ["SELECT", "INSERT", "UPDATE"],
  outbox: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  attempts: ["SELECT", "INSERT", "UPDATE"],
  provider_api_pace: ["SELECT", "UPDATE"],
  answer_counts: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  known_pairs: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  // UPDATE of the id alone: a row is locked before it is purged, and its content stays as it was
  // written.
  audit_events: ["SELECT", "INSERT", "UPDATE (id)", "DELETE"],
  audit_events_id_seq: ["USAGE"],
  connect_codes: ["SELECT", "INSERT", "UPDATE", "DELETE"],
};

const oldestServer = 13;

/**
 * The comment that the first migration leaves on the table of authorisations; anybody may read it.
 */
const mark = "Re-authorisation connector, 0.2.0";

/** Of a database with tables from before the first migration there is now. */
export const olderDatabase =
  "was made by a version before 0.2.0, which was never released, and cannot be " +
  'migrated: make a new database (CREATE DATABASE) and run "npm run migrate" in it';

/**
 * `lasting`: nobody but an administrator ends it, so a start refuses. The others may end by
 * themselves, or by `npm run migrate`.
 */
export interface DatabaseProblem {
  text: string;
  permanent: boolean;
}

const needed = Object.entries(runtimeRights).flatMap(([name, rights]) =>
  rights.map((right) => `('${name}', '${right.split(" ")[0]}')`),
);

/** Reads what {@link problemsIn} judges: one row, from the catalogue alone. Nothing is written. */
export const checkStatement = `
  WITH needed AS (SELECT name, privilege, to_regclass(name) AS found
    FROM (VALUES ${needed.join(", ")}) AS needed(name, privilege)),
    lacking AS (
      SELECT name, privilege FROM needed WHERE found IS NOT NULL AND NOT CASE privilege
        WHEN 'USAGE' THEN has_sequence_privilege(found, privilege) WHEN 'DELETE'
          THEN has_table_privilege(found, privilege)
            ELSE has_any_column_privilege(found, privilege) END
    )
  SELECT current_setting('server_version_num')::int AS version,
    current_setting('server_encoding') AS encoding,
      current_setting('transaction_read_only') = 'on' AS read_only,
    to_regclass('authorisations') IS NOT NULL AND obj_description(to_regclass('authorisations'),
      'pg_class') IS DISTINCT FROM '${mark}' AS older,
    ARRAY(SELECT DISTINCT name FROM needed WHERE found IS NULL ORDER BY name) AS missing,
    ARRAY(SELECT privilege || ' on ' || name FROM lacking ORDER BY name, privilege) AS lacking`;

export const checkRow = z.object({
  version: z.int(),
  encoding: z.string(),
  read_only: z.boolean(),
  older: z.boolean(),
  missing: z.array(z.string()),
  lacking: z.array(z.string()),
});

/** What keeps the connector from working with the database, all of it at once. */
export function problemsIn({
  version,
  encoding,
  read_only: readOnly,
  older,
  missing,
  lacking,
}: z.output<typeof checkRow>): DatabaseProblem[] {
  return [
    ...unsuitable(version, encoding),
    ...(readOnly ? [{ text: standby, permanent: false }] : []),
    ...(older ? [{ text: olderDatabase, permanent: true }] : []),
    ...(missing.length > 0 && !older
      ? [
          {
            text:
              `not migrated (run "npm run migrate"), or its role may not use the schema; ` +
              `missing: ${missing.join(", ")}`,
            permanent: false,
          },
        ]
      : []),
    ...(lacking.length > 0 && !older
      ? [
          {
            text: `its role lacks rights that prisma/grants.sql gives: ${lacking.join(", ")}`,
            permanent: true,
          },
        ]
      : []),
  ];
}

/** Of a hot standby, or where `default_transaction_read_only` is set. */
export const standby = "the server is a standby, or read-only: nothing can be written to it";

/** What is wrong with a server or database of whatever content. */
export function unsuitable(version: number, encoding: string): DatabaseProblem[] {
  return [
    ...(version < oldestServer * 10_000
      ? [
          {
            text:
              `PostgreSQL ${Math.floor(version / 10_000)} is too old: ${oldestServer} or newer ` +
              `is needed`,
            permanent: true,
          },
        ]
      : []),
    ...(encoding === "UTF8"
      ? []
      : [
          {
            text:
              `the database's encoding is ${encoding}, and has to be UTF8: CREATE DATABASE … ` +
              `ENCODING 'UTF8' TEMPLATE template0`,
            permanent: true,
          },
        ]),
  ];
}

const connectMs = 2000;
/**
 * For a look at the server: a pooler takes connections also while there is no server behind it, and
 * lets statements wait for minutes.
 */
const lookMs = 3000;

/**
 * Connects to the first host that takes connections and can be written to, or to the last one that
 * answers.
 * @throws the error of the last host when none answers
 */
export async function connectTo(target: DatabaseTarget): Promise<Client> {
  let readOnly: Client | undefined;
  let failure: unknown;
  for (const host of target.hosts) {
    const client = new Client({
      ...clientConfig(target, host),
      connectionTimeoutMillis: connectMs,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ read_only: boolean }>(
        look("SELECT current_setting('transaction_read_only') = 'on' AS read_only"),
      );
      if (!rows[0]?.read_only) {
        await readOnly?.end();
        return client;
      }
      await readOnly?.end();
      readOnly = client;
    } catch (error) {
      failure = error;
      await client.end().catch(() => undefined);
    }
  }
  if (readOnly) return readOnly;
  throw failure;
}

const look = (text: string): QueryConfig => ({ text, query_timeout: lookMs }) as QueryConfig;

/** The same of a database that is asked now; one that cannot be asked has one problem. */
export async function databaseProblems(target: DatabaseTarget): Promise<DatabaseProblem[]> {
  try {
    const client = await connectTo(target);
    const { rows } = await client
      .query(look(checkStatement))
      .finally(() => client.end().catch(() => undefined));
    return problemsIn(checkRow.parse(rows[0]));
  } catch (error) {
    return [{ text: plainFailure(error), permanent: false }];
  }
}

const refusals: Readonly<Record<string, string>> = {
  "28P01": "the password is refused",
  "28000": "the user is refused from here (pg_hba.conf)",
  "3D000": "there is no such database",
  "53300": "the server has no connection left",
  "57P03": "the server starts or stops",
  "08P01": "the server or a pooler in front of it refuses how the connection begins",
  "42501": "the role lacks a right",
  "25006": standby,
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host, for now",
  ENOENT: "no socket there",
  EACCES: "the socket may not be used",
  ECONNREFUSED: "nobody listens there",
  // The adapter's words for these.
  DatabaseNotReachable: "no such host, or nobody listens there",
  ConnectionClosed: "the connection was cut",
  SocketTimeout: "no answer",
  "queue-full": "too many wait for a connection",
  "queue-slow": "no connection was free in time",
  ECONNRESET: "the connection was cut",
  ETIMEDOUT: "no answer",
};

/** Why a database could not be asked, without a name, an address or a value. */
export function plainFailure(error: unknown): string {
  const cause: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { code = "", message = "" } = (cause ?? {}) as { code?: string; message?: string };
  if (/does not support SSL|SSL connection/.test(message))
    return "cannot be reached: the server does not offer TLS (sslmode=disable does without)";
  if (/no encryption/.test(message)) return "the server wants TLS (sslmode=verify-full)";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return (
      `cannot be reached: its certificate is for another name (${code}); verify-ca and ` +
      `require look at the name, too`
    );
  if (/EXPIRED|NOT_YET_VALID/.test(code))
    return `cannot be reached: its certificate has ended, or does not hold yet (${code})`;
  if (/CERT|SIGNATURE|ISSUER|CRL|ERR_TLS|Tls/.test(code))
    return (
      `cannot be reached: its certificate is not trusted (${code}); sslrootcert names ` +
      `the authority`
    );
  const reason = refusals[code];
  if (reason && /^[0-9A-Z]{5}$/.test(code)) return `${reason} (${code})`;
  const known =
    reason ?? (/time|terminated/i.test(message) ? "no answer" : "the connection failed");
  return `cannot be reached: ${known}${/^\w{2,40}$/.test(code) ? ` (${code})` : ""}`;
}
