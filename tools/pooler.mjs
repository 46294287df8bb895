// `npm run pooler`: the journeys of the integration tests through a real PgBouncer, by session and
// by transaction. `npm test` runs some of them where PgBouncer is installed.
import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PlainError, runMain, runShown } from "../testing/progress.mjs";
import { ensureToolchain } from "../testing/toolchain.mjs";

/**
 * What is run when no test files are named: what serves, stores and delivers. What a session of its
 * own is needed for is tested elsewhere.
 */
const usual = [
  "lib/authorisations",
  "lib/banks/connect-code",
  "lib/notifications",
  "lib/delivery/deliver",
  "e2e/integration/journey",
];

await runMain(async () => {
  await ensureToolchain();
  const { pgbouncer } = await import("../testing/pgbouncer.mjs");
  const program = pgbouncer();
  if (!program)
    throw new PlainError("PgBouncer is not installed: on Debian, apt-get install pgbouncer.");
  const { freePorts } = await import("../testing/free-port.mjs");
  const { postgresAccount } = await import("../testing/postgres-files.mjs");
  const { startSupervised } = await import("../testing/supervised.mjs");
  const { onServer } = await import("../testing/test-database.ts");
  const { startThrowAway } = await import("../testing/test-postgres.mjs");
  const { waitUntil } = await import("../testing/wait-until.mjs");
  const { databaseTarget } = await import("../lib/config/database-url.ts");

  const postgres = await startThrowAway();
  const folder = mkdtempSync(path.join(tmpdir(), "connector-pooler-"));
  const account = postgresAccount(folder);
  if (account) chownSync(folder, account.uid, account.gid);
  try {
    const { hosts, user = "", password = "" } = databaseTarget(postgres.url);
    const runtime = randomBytes(18).toString("base64url");
    await onServer(postgres.url, `CREATE ROLE connector_runtime LOGIN PASSWORD '${runtime}'`);
    writeFileSync(
      path.join(folder, "users"),
      `"${user}" "${password}"\n"connector_runtime" "${runtime}"\n`,
    );
    const files = process.argv.slice(2);
    for (const mode of ["session", "transaction"]) {
      const [port = 0] = await freePorts(1);
      const lines = [
        "[databases]",
        `* = host=${hosts[0].host} port=${hosts[0].port}`,
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        `listen_port = ${port}`,
        "unix_socket_dir =",
        "auth_type = scram-sha-256",
        `auth_file = ${folder}/users`,
        `pool_mode = ${mode}`,
        "max_client_conn = 1000",
        "default_pool_size = 60",
      ];
      writeFileSync(path.join(folder, "ini"), `${lines.join("\n")}\n`);
      const pooler = startSupervised("PgBouncer", [program, "--quiet", path.join(folder, "ini")], {
        ...account,
        cwd: folder,
        env: { PATH: process.env["PATH"] },
      });
      try {
        const through = (/** @type {string} */ name, /** @type {string} */ word) =>
          `postgresql://${name}:${word}@127.0.0.1:${port}/postgres`;
        await waitUntil(() => onServer(through(user, password), "SELECT 1").then(() => true), {
          what: "PgBouncer",
          withinMs: 30_000,
        });
        process.stdout.write(`\n── PgBouncer, connections shared by ${mode} ──\n`);
        const env = {
          ...process.env,
          DATABASE_URL: postgres.url,
          TEST_POOLER_URL: through(user, password),
          TEST_POOLER_RUNTIME_URL: through("connector_runtime", runtime),
        };
        const status = await runShown(
          "vitest",
          ["run", "--project", "integration", ...(files.length > 0 ? files : usual)],
          { env },
        );
        if (status !== 0) return status;
      } finally {
        await pooler.stop();
      }
    }
    return 0;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
