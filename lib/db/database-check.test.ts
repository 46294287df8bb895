import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { databaseProblems, plainFailure, problemsIn, runtimeRights } from "./database-check.ts";
import { databaseTarget } from "../config/database-url.ts";

const grants = readFileSync(path.resolve(import.meta.dirname, "../../prisma/grants.sql"), "utf8");
const good = {
  version: 130_000,
  encoding: "UTF8",
  read_only: false,
  older: false,
  missing: [],
  lacking: [],
};

test("prisma/grants.sql gives the rights that readiness asks for, and no others", () => {
  const given = [
    ...grants.matchAll(/^GRANT (.+) ON (?:SEQUENCE )?(\w+) TO connector_runtime;$/gm),
  ].map(([, rights = "", name = ""]) => [name, rights.split(", ")]);
  expect(Object.fromEntries(given)).toEqual(runtimeRights);
  expect(given).toHaveLength(grants.match(/^GRANT /gm)?.length ?? 0);
});

describe("a database", () => {
  test("of the oldest server, encoding and rights that do has no problem", () =>
    expect(problemsIn(good)).toEqual([]));
  test("has all its problems named at once", () => {
    const problems = problemsIn({
      version: 120_015,
      encoding: "LATIN1",
      read_only: true,
      older: false,
      missing: ["sessions"],
      lacking: ["DELETE on notifications"],
    });
    expect(problems.map(({ text }) => text)).toEqual([
      "PostgreSQL 12 is too old: 13 or newer is needed",
      expect.stringContaining("encoding is LATIN1, and has to be UTF8"),
      expect.stringContaining("standby"),
      expect.stringContaining("missing: sessions"),
      expect.stringContaining("DELETE on notifications"),
    ]);
    // What ends by itself, or by a migration, does not keep the connector from starting.
    expect(problems.map(({ permanent }) => permanent)).toEqual([true, true, false, false, true]);
  });
});

test("of a database of a version that was never released nothing is named but that", () => {
  const missing = ["former_handles"];
  expect(problemsIn({ ...good, older: true, missing, lacking: ["SELECT on sessions"] })).toEqual([
    { text: expect.stringMatching(/before 0\.2\.0.*make a new database/), permanent: true },
  ]);
});

describe("why a database cannot be asked is said", () => {
  test.each<[unknown, RegExp]>([
    [
      { code: "28P01", message: 'password authentication failed for user "ada"' },
      /password is refused \(28P01\)/,
    ],
    [{ code: "3D000", message: 'database "secret" does not exist' }, /no such database/],
    [
      { code: "ECONNREFUSED", message: "connect ECONNREFUSED 10.0.0.1:5432" },
      /nobody listens there/,
    ],
    [
      new AggregateError([{ code: "ECONNREFUSED", message: "connect ECONNREFUSED ::1:5432" }]),
      /nobody listens there/,
    ],
    [{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, /certificate is not trusted/],
    [
      {
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
        message: "Host: secret. is not in the cert's altnames",
      },
      /certificate is for another name/,
    ],
    [{ code: "CERT_HAS_EXPIRED" }, /certificate has ended/],
    [{ message: "The server does not support SSL connections" }, /does not offer TLS/],
    [{ message: "timeout expired" }, /no answer/],
    [
      {
        code: "28000",
        message:
          'no pg_hba.conf entry for host "10.0.0.1", user "ada", database "secret", no encryption',
      },
      /wants TLS/,
    ],
    [undefined, /the connection failed/],
  ])("%o", (error, expected) => {
    expect(plainFailure(error)).toMatch(expected);
    expect(plainFailure(error)).not.toMatch(/ada|secret|10\.0/);
  });
});

test("a pooler that takes the connection and answers nothing, since there is no server behind it, does not hold up the start", async () => {
  const signedIn = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", "latin1");
  const closed: Promise<void>[] = [];
  const pooler = createServer((socket) => {
    closed.push(new Promise((resolve) => void socket.once("close", () => resolve())));
    socket.once("data", () => socket.write(signedIn)).resume();
  });
  await new Promise<void>((resolve) => pooler.listen(0, "127.0.0.1", resolve));
  const { port } = pooler.address() as AddressInfo;
  expect(
    await databaseProblems(databaseTarget(`postgresql://ada@127.0.0.1:${port}/connector`)),
  ).toEqual([{ text: "cannot be reached: no answer", permanent: false }]);
  // Nothing of it is left open.
  await Promise.all(closed);
  pooler.close();
});
