import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { clientConfig, databaseTarget, parseDatabaseUrl, withDatabase } from "./database-url.ts";

const folder = mkdtempSync(path.join(tmpdir(), "database-url-"));
afterAll(() => rmSync(folder, { recursive: true }));
const authority = path.join(folder, "ca.pem");
writeFileSync(authority, "an authority");

describe("an address is honoured", () => {
  test.each<[string, string, object]>([
    [
      "in full",
      "postgresql://ada:word@db.internal:6432/connector?application_name=connector&options=-c%20search_path%3Dx",
      {
        host: "db.internal",
        port: 6432,
        user: "ada",
        password: "word",
        database: "connector",
        application_name: "connector",
        options: "-c search_path=x",
      },
    ],
    [
      "with the other scheme and the usual port",
      "postgres://ada@db/connector",
      { host: "db", port: 5432, user: "ada", password: undefined, database: "connector" },
    ],
    [
      "with a password of any characters",
      "postgresql://ada:p%40%2F%3A%25%23:@db/connector",
      { password: "p@/:%#:" },
    ],
    [
      "with an @ in the password as it is",
      "postgresql://ada:p@ss@db/connector",
      { host: "db", password: "p@ss" },
    ],
    ["with an IPv6 address", "postgresql://ada@[::1]:6432/connector", { host: "::1", port: 6432 }],
    [
      "with the folder of a socket",
      "postgresql://ada@/connector?host=/run/postgresql",
      { host: "/run/postgresql", port: 5432, user: "ada", database: "connector" },
    ],
    [
      "with the folder of a socket, and no user",
      "postgresql:///connector?host=/run/postgresql&port=6432",
      { host: "/run/postgresql", port: 6432, database: "connector" },
    ],
    [
      "with the folder of a socket as its host",
      "postgresql://ada@%2Frun%2Fpostgresql/connector",
      { host: "/run/postgresql", database: "connector" },
    ],
    [
      "with everything in parameters",
      "postgresql://?host=db&port=1&user=ada&password=word&dbname=connector",
      { host: "db", port: 1, user: "ada", password: "word", database: "connector" },
    ],
    ["without TLS", "postgresql://ada@db/connector?sslmode=disable", { ssl: false }],
    ["with TLS that is verified", "postgresql://ada@db/connector?sslmode=require", { ssl: {} }],
    [
      "with an authority",
      `postgresql://ada@db/connector?sslmode=verify-full&sslrootcert=${authority}`,
      { ssl: { ca: "an authority" } },
    ],
    [
      "with an authority alone",
      `postgresql://ada@db/connector?sslrootcert=${authority}`,
      { ssl: { ca: "an authority" } },
    ],
    [
      "with the system's authorities",
      "postgresql://ada@db/connector?sslrootcert=system",
      { ssl: {} },
    ],
    [
      "with the bounds of usual addresses, which ours keep",
      "postgresql://ada@db/connector?sslmode=require&connect_timeout=10&pool_timeout=2&socket_timeout=30&keepalives=1&keepalives_idle=30",
      { host: "db", database: "connector", ssl: {} },
    ],
    ["with a colon and no port", "postgresql://ada@db:/connector", { host: "db", port: 5432 }],
    [
      "with the schema that there is",
      "postgresql://ada@db/connector?schema=public",
      { database: "connector" },
    ],
  ])("%s", (_, url, config) => expect(clientConfig(databaseTarget(url))).toMatchObject(config));

  test.each<[string, [string, number][]]>([
    [
      "postgresql://ada@one:5432,two:5433/connector",
      [
        ["one", 5432],
        ["two", 5433],
      ],
    ],
    [
      "postgresql://ada@one,two:5433/connector?target_session_attrs=read-write",
      [
        ["one", 5432],
        ["two", 5433],
      ],
    ],
    [
      "postgresql://ada@/connector?host=one,two&port=6432",
      [
        ["one", 6432],
        ["two", 6432],
      ],
    ],
    [
      "postgresql://ada@[::1]:1,[::2]:2/connector",
      [
        ["::1", 1],
        ["::2", 2],
      ],
    ],
  ])("with several hosts: %s", (url, hosts) =>
    expect(databaseTarget(url).hosts.map(({ host, port }) => [host, port])).toEqual(hosts),
  );

  test("and says whether it is a pooler", () => {
    expect(
      ["", "?pgbouncer=false", "?pgbouncer=true"].map(
        (search) => databaseTarget(`postgresql://ada@db/connector${search}`).pooler,
      ),
    ).toEqual([false, false, true]);
  });
  test.each([
    ["postgresql://ada:w%20d@db/connector", "postgresql://ada:w%20d@db/other"],
    [
      "postgresql://ada@one,two:1/connector?sslmode=disable",
      "postgresql://ada@one,two:1/other?sslmode=disable",
    ],
    ["postgresql:///connector?host=/run&dbname=x", "postgresql:///other?host=/run"],
  ])("%s, also for another database of the server", (url, other) =>
    expect(withDatabase(url, "other")).toBe(other),
  );
});

describe("an address is refused", () => {
  test.each<[string, string, RegExp]>([
    ["of another kind", "mysql://ada:hunter2@db/connector", /is not a postgresql/],
    [
      "with a password that ends it early",
      "postgresql://ada:hunter2/x@db/connector",
      /percent-encoded/,
    ],
    [
      "with a word as its port",
      "postgresql://ada@db:hunter2/connector",
      /host or port that cannot be read; characters such as/,
    ],
    [
      "with a password that looks like a port and ends it early",
      "postgresql://ada:2024/hunter2@db/connector",
      /percent-encoded/,
    ],
    [
      "with a password that begins with a slash",
      "postgresql://ada:/hunter2@db/connector",
      /percent-encoded/,
    ],
    ["with a fragment", "postgresql://ada:hunter2#x@db/connector", /percent-encoded/],
    ["with a % of its own", "postgresql://ada:hunter2%@db/connector", /two hexadecimal digits/],
    [
      "with a port that is none",
      "postgresql://ada:hunter2@db:70000/connector",
      /between 1 and 65535/,
    ],
    ["with an empty host among several", "postgresql://ada:hunter2@one,,two/connector", /comma/],
    [
      "with more ports than hosts",
      "postgresql://ada:hunter2@/connector?host=one,two,three&port=1,2",
      /as many ports/,
    ],
    [
      "with a schema",
      "postgresql://ada:hunter2@db/connector?schema=hunter2",
      /schema must be public.*search_path/,
    ],
    [
      "with a standby asked for",
      "postgresql://ada:hunter2@db/connector?target_session_attrs=any",
      /target_session_attrs must be read-write/,
    ],
    [
      "with TLS that may be left out",
      "postgresql://ada:hunter2@db/connector?sslmode=prefer",
      /sslmode must be disable or require .* whoever is in between/,
    ],
    [
      "with an authority that is not there",
      "postgresql://ada:hunter2@db/connector?sslrootcert=/nowhere/hunter2",
      /sslrootcert names a file that cannot be read/,
    ],
    [
      "with a size of the pool",
      "postgresql://ada:hunter2@db/connector?connection_limit=5",
      /connection_limit is not supported: set DATABASE_POOL_SIZE instead/,
    ],
    [
      "with a bound that is none",
      "postgresql://ada:hunter2@db/connector?connect_timeout=hunter2",
      /connect_timeout must be a whole number/,
    ],
    [
      "with channel binding",
      "postgresql://ada:hunter2@db/connector?sslmode=require&channel_binding=require",
      /channel_binding is not supported: remove it/,
    ],
    [
      "with a certificate that is none",
      `postgresql://ada:hunter2@db/connector?sslmode=require&sslcert=${authority}&sslkey=${authority}`,
      /sslcert or sslkey names a file that holds no certificate/,
    ],
    [
      "with what nobody knows",
      "postgresql://ada:hunter2@db/connector?hunter2=5",
      /has a parameter that is not supported/,
    ],
    [
      "with what is a property of every object",
      "postgresql://ada:hunter2@db/connector?constructor=hunter2",
      /has a parameter that is not supported/,
    ],
  ])("%s, in words that hold no value", (_, url, expected) => {
    const problems = parseDatabaseUrl(url).problems?.join("\n") ?? "";
    expect(problems).toMatch(expected);
    expect(problems).not.toMatch(/hunter2|\bada\b/);
    expect(() => databaseTarget(url)).toThrow(expected);
  });
  test("with all its problems at once", () => {
    expect(
      parseDatabaseUrl("postgresql://ada@db:0/connector?schema=x&connection_limit=1&sslmode=allow")
        .problems,
    ).toHaveLength(4);
  });
});
