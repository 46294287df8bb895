import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { ClientConfig } from "pg";

/** A server: by name, by address, or by the folder of its Unix socket. */
export interface DatabaseHost {
  host: string;
  port: number;
}

/** What DATABASE_URL says. */
export interface DatabaseTarget {
  /**
   * Tried in this order; the first that can be written to is used (libpq, "Specifying Multiple
   * Hosts").
   */
  hosts: readonly [DatabaseHost, ...DatabaseHost[]];
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
  /** Undefined where the address does not say. */
  ssl: ClientConfig["ssl"] | undefined;
  applicationName: string | undefined;
  options: string | undefined;
  /** `pgbouncer=true`: connections are shared by transactions, whatever they look like. */
  pooler: boolean;
}

export type ParsedDatabaseUrl =
  { target: DatabaseTarget; problems?: undefined } | { problems: readonly string[] };

// libpq's grammar, "Connection URIs". A password may hold an @ as it is; no other character of the
// grammar.
const grammar = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#@]*))?(?:\?([^#]*))?$/;
const hostGrammar = /^(\[[0-9a-f:.]+\]|[^:[\]\s]*)(?::(\d{0,5}))?$/i;
const encodeHint =
  "characters such as : / ? # % in a user name or password are written percent-encoded";

const honoured = [
  "host",
  "port",
  "user",
  "password",
  "dbname",
  "sslmode",
  "ssl",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "application_name",
  "options",
  "pgbouncer",
  "target_session_attrs",
  "schema",
  "client_encoding",
];

/**
 * The longest that somebody wants to wait, as libpq and Prisma have it in their usual addresses:
 * kept, since the connector's own bounds are two to three seconds.
 */
const bounds = [
  "connect_timeout",
  "pool_timeout",
  "socket_timeout",
  "keepalives",
  "keepalives_idle",
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
];

/**
 * Parameters of libpq and Prisma that would change nothing here, or promise what is not kept. Named
 * so that a problem can name them; any other name may be part of a password.
 */
const refused: Readonly<Record<string, string>> = {
  connection_limit: "set DATABASE_POOL_SIZE instead",
  statement_cache_size: "use pgbouncer=true behind a pooler that cannot be seen, or remove it",
  channel_binding: "remove it (sslmode=require verifies the server's certificate)",
  ...Object.fromEntries(
    [
      "sslaccept",
      "sslidentity",
      "sslpassword",
      "sslcrl",
      "sslcrldir",
      "sslcompression",
      "sslsni",
      "sslnegotiation",
      "ssl_min_protocol_version",
      "ssl_max_protocol_version",
      "uselibpqcompat",
      "require_auth",
      "gssencmode",
      "gsslib",
      "krbsrvname",
    ].map((name) => [name, "use sslmode, sslrootcert, sslcert and sslkey, or remove it"]),
  ),
  ...Object.fromEntries(
    [
      "hostaddr",
      "service",
      "passfile",
      "replication",
      "fallback_application_name",
      "load_balance_hosts",
      "requirepeer",
    ].map((name) => [name, "remove it"]),
  ),
};

/**
 * Reads a PostgreSQL connection URI, for everything that opens a connection. Each form and
 * parameter is honoured or is a problem; problems hold no value.
 * @param value `postgresql://user:password@host:5432/database?…`, also with several hosts, with
 *   `?host=/socket/folder`, or with a socket folder percent-encoded as host
 */
export function parseDatabaseUrl(value: string): ParsedDatabaseUrl {
  const [whole, userInfo = "", hostList = "", name = "", query = ""] = grammar.exec(value) ?? [];
  if (whole === undefined) return { problems: [`is not a postgresql:// URL; ${encodeHint}`] };
  const problems: string[] = [];
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      problems.push(`has a % that two hexadecimal digits do not follow; ${encodeHint}`);
      return "";
    }
  };
  const [user = "", ...password] = userInfo.split(":");
  const given = new Map<string, string>();
  for (const parameter of query.split("&").filter(Boolean)) {
    const [key = "", ...rest] = parameter.split("=");
    if (honoured.includes(key)) given.set(key, decode(rest.join("=")));
    else if (bounds.includes(key) && /^\d*$/.test(rest.join("="))) continue;
    else if (bounds.includes(key)) problems.push(`${key} must be a whole number`);
    else
      problems.push(
        Object.hasOwn(refused, key)
          ? `${key} is not supported: ${refused[key]}`
          : "has a parameter that is not supported (docs/settings.md lists those that are)",
      );
  }
  const oneOf = (key: string, values: readonly string[], advice: string) => {
    const said = given.get(key);
    if (said !== undefined && !values.includes(said))
      problems.push(`${key} must be ${values.join(" or ")}${advice}`);
    return said;
  };
  const hosts = hostsOf(hostList, given, decode, problems);
  const pooler = oneOf("pgbouncer", ["true", "false"], "") === "true";
  oneOf("target_session_attrs", ["read-write", "primary"], ": the connector writes");
  oneOf(
    "schema",
    ["public"],
    ": give the connector a database of its own, or its role a search_path (ALTER ROLE … " +
      "SET search_path = …)",
  );
  oneOf("client_encoding", ["UTF8", "utf8", "UTF-8", "utf-8"], "");
  const ssl = sslOf(given, oneOf, problems);
  const [first, ...others] = hosts;
  if (problems.length > 0 || !first) return { problems: [...new Set(problems)] };
  const target: DatabaseTarget = {
    hosts: [first, ...others],
    user: given.get("user") || decode(user) || undefined,
    password: given.get("password") || decode(password.join(":")) || undefined,
    database: given.get("dbname") || decode(name) || undefined,
    ssl,
    applicationName: given.get("application_name") || undefined,
    options: given.get("options") || undefined,
    pooler,
  };
  return problems.length > 0 ? { problems: [...new Set(problems)] } : { target };
}

/**
 * The same of an address that has been judged.
 * @throws {TypeError} saying what is wrong, without the address
 */
export function databaseTarget(value: string): DatabaseTarget {
  const parsed = parseDatabaseUrl(value);
  if (parsed.problems) throw new TypeError(`the database's address ${parsed.problems.join("; ")}`);
  return parsed.target;
}

/** What `pg` takes, for one of the hosts. */
export function clientConfig(
  { hosts, user, password, database, ssl, applicationName, options }: DatabaseTarget,
  { host, port }: DatabaseHost = hosts[0],
): ClientConfig {
  return {
    host,
    port,
    user,
    password,
    database,
    ...(ssl === undefined ? {} : { ssl }),
    ...(applicationName ? { application_name: applicationName } : {}),
    ...(options ? { options } : {}),
  };
}

/** The address of another database of the same server. */
export function withDatabase(value: string, name: string): string {
  const [, userInfo, hostList = "", , query = ""] = grammar.exec(value) ?? [];
  const parameters = query
    .split("&")
    .filter((parameter) => parameter !== "" && !parameter.startsWith("dbname="));
  return `postgresql://${userInfo === undefined ? "" : `${userInfo}@`}${hostList}/${encodeURIComponent(name)}${parameters.length > 0 ? `?${parameters.join("&")}` : ""}`;
}

function hostsOf(
  hostList: string,
  given: ReadonlyMap<string, string>,
  decode: (text: string) => string,
  problems: string[],
): DatabaseHost[] {
  const fromList = hostList.split(",").map((entry) => {
    const [matched, host = "", port] = hostGrammar.exec(entry) ?? [];
    if (matched === undefined)
      problems.push(`names a host or port that cannot be read; ${encodeHint}`);
    return { host: decode(host), port };
  });
  const names = given.get("host")?.split(",") ?? fromList.map(({ host }) => host);
  const ports =
    given.get("port")?.split(",") ??
    (given.has("host")
      ? [hostList === "" ? undefined : fromList[0]?.port]
      : fromList.map(({ port }) => port));
  if (ports.length !== 1 && ports.length !== names.length)
    problems.push("has as many ports as hosts, or one for all of them: these are neither");
  return names.map((name, index) => {
    const port = (ports.length === 1 ? ports[0] : ports[index]) || "5432";
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535)
      problems.push("has a port that is not between 1 and 65535");
    if (names.length > 1 && name === "") problems.push("has a comma with no host beside it");
    return { host: name.replace(/^\[|\]$/g, "") || "localhost", port: Number(port) };
  });
}

/**
 * `require` and `verify-ca` verify as `verify-full` does: TLS that trusts anybody protects from
 * nobody who is in between.
 */
function sslOf(
  given: ReadonlyMap<string, string>,
  oneOf: (key: string, values: readonly string[], advice: string) => string | undefined,
  problems: string[],
): ClientConfig["ssl"] | undefined {
  const mode = oneOf(
    "sslmode",
    ["disable", "require", "verify-ca", "verify-full", "no-verify"],
    ": with another one, whoever is in between decides whether there is TLS",
  );
  const flag = oneOf("ssl", ["true", "1", "false", "0"], "");
  const files: { ca?: string; cert?: string; key?: string } = {};
  for (const [parameter, name] of [
    ["sslrootcert", "ca"],
    ["sslcert", "cert"],
    ["sslkey", "key"],
  ] as const) {
    const file = given.get(parameter);
    // libpq's word for the system's own authorities, which are ours already.
    if (file === undefined || (parameter === "sslrootcert" && file === "system")) continue;
    try {
      files[name] = readFileSync(file, "utf8");
    } catch {
      problems.push(`${parameter} names a file that cannot be read`);
    }
  }
  try {
    createSecureContext(files);
  } catch {
    problems.push(
      "sslcert or sslkey names a file that holds no certificate with its key, as PEM " +
        "without a password",
    );
  }
  if (mode === "disable" || (mode === undefined && (flag === "false" || flag === "0")))
    return false;
  if (
    mode === undefined &&
    flag === undefined &&
    given.get("sslrootcert") === undefined &&
    Object.keys(files).length === 0
  )
    return undefined;
  return { ...files, ...(mode === "no-verify" ? { rejectUnauthorized: false } : {}) };
}
