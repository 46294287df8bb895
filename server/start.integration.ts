import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { expect, test } from "vitest";
import { simulatorSettings } from "../simulator/settings.ts";
import { useTestDb } from "../testing/test-db.ts";
import { createTestDatabase, dropDatabase, onServer } from "../testing/test-database.ts";

const real = useTestDb();

/** What the connector says when it refuses to start. */
function refusal(more: Record<string, string>) {
  const settings = {
    ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: 4000 }),
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    BANK_ADAPTER: "sandbox",
    PORT: "0",
  };
  const { status, stderr } = spawnSync(process.execPath, ["server/start.ts"], {
    cwd: path.resolve(import.meta.dirname, ".."),
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...settings, ...more } as unknown as NodeJS.ProcessEnv,
  });
  return { status, problems: stderr.split("\n").filter((line) => line.startsWith("  ")), stderr };
}

test("a database of another encoding stops the start, beside whatever else is wrong", async () => {
  const name = `connector_test_${randomBytes(8).toString("hex")}`;
  await onServer(
    real.url,
    `CREATE DATABASE ${name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
  );
  try {
    const { status, problems, stderr } = refusal({
      DATABASE_URL: real.url.replace(/\/connector_test_\w+/, `/${name}`),
      HTTPS_PROXY: "host:3128",
      SAGE_ID_AUDIENCE: "",
    });
    expect(status).toBe(1);
    expect(problems).toEqual([
      "  HTTPS_PROXY: is not an http:// URL such as http://proxy.example:3128",
      "  SAGE_ID_AUDIENCE: is missing",
      "  DATABASE_URL: the database's encoding is LATIN1, and has to be UTF8: CREATE " +
        "DATABASE … ENCODING 'UTF8' TEMPLATE template0",
    ]);
    expect(stderr).not.toMatch(/^\s+at /m);
  } finally {
    await dropDatabase(real.url, name);
  }
});

test("a database of a version that was never released stops the start, and says what to do", async () => {
  const older = await createTestDatabase();
  try {
    await onServer(older.url, "COMMENT ON TABLE authorisations IS NULL");
    const { status, problems } = refusal({ DATABASE_URL: older.runtimeUrl });
    expect(status).toBe(1);
    expect(problems).toEqual([
      expect.stringMatching(/^ {2}DATABASE_URL: was made by .* make a new database/),
    ]);
  } finally {
    await older.drop();
  }
});

test("a role without its rights stops the start, and each of them is named", async () => {
  await onServer(real.url, "REVOKE DELETE ON notifications, authorisations FROM connector_runtime");
  const { status, problems } = refusal({ DATABASE_URL: real.runtimeUrl });
  expect(status).toBe(1);
  expect(problems).toEqual([
    "  DATABASE_URL: its role lacks rights that prisma/grants.sql gives: DELETE on " +
      "authorisations, DELETE on notifications",
  ]);
});
