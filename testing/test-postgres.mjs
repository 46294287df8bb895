// The PostgreSQL of the tests: the one of DATABASE_URL, or an embedded one; with a migrated
// database in it that every test database is copied from.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { withDatabase } from "../lib/config/database-url.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.mjs";
import { runQuietly } from "./progress.mjs";
import { asRole, createDatabase, dropDatabase, onServer } from "./test-database.ts";
import { root } from "./toolchain.mjs";

/**
 * Starts it and tells test-database.ts about it through the environment, so that workers know, too.
 * @returns {Promise<() => Promise<void>>} what stops it and removes all it made
 */
export async function startTestPostgres() {
  const { url, stop } = process.env["DATABASE_URL"]
    ? { url: process.env["DATABASE_URL"], stop: async () => undefined }
    : await startThrowAway();
  const template = `connector_template_${randomBytes(6).toString("hex")}`;
  const templateUrl = withDatabase(url, template);
  try {
    await createDatabase(url, template, "template0");
    await onServer(templateUrl, readFileSync(path.join(root, "prisma/roles.sql"), "utf8"));
    // A process of its own: whoever migrates keeps connections, and a database that somebody is
    // connected to cannot be copied.
    await runQuietly(process.execPath, [path.join(root, "server/migrate.ts")], {
      env: { ...process.env, DATABASE_URL: asRole(templateUrl, "connector_owner") },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  Object.assign(process.env, { TEST_POSTGRES_URL: url, TEST_DATABASE_TEMPLATE: template });
  return async () => {
    await dropDatabase(url, template);
    await stop();
  };
}

/** An embedded PostgreSQL whose data is worth nothing. */
export async function startThrowAway() {
  const folder = mkdtempSync(path.join(tmpdir(), "connector-test-"));
  // A zone that nobody takes for UTC: nothing may depend on the server's.
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, "postgres"),
    persistent: false,
    durable: false,
    settings: ["timezone=Asia/Kathmandu"],
  });
  const stop = async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: postgres.url("postgres"), stop };
}
