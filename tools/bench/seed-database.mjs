import pg from "pg";
import { clientConfig, databaseTarget } from "../../lib/config/database-url.ts";
import { seedHistory } from "../../testing/seed-history.mjs";

const batch = 500_000;

/**
 * Fills a migrated, empty database with so many authorisations of the past and all that belongs to
 * them. Keys and indexes are made afterwards, in the order of their definitions' names, which is
 * many times faster than keeping them up to date.
 * @param {string} url
 * @param {number} count
 */
export async function seedDatabase(url, count) {
  const client = new pg.Client(clientConfig(databaseTarget(url)));
  await client.connect();
  try {
    await client.query("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'");
    const restore = await dropKeysAndIndexes(client);
    for (let from = 1; from <= count; from += batch)
      await seedHistory(client, { from, to: Math.min(count, from + batch - 1) });
    for (const statement of restore) await client.query(statement);
    await client.query("VACUUM (ANALYZE)");
    // What is written back later would be measured, too.
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

/** @param {pg.Client} client @returns {Promise<string[]>} the statements that make them again */
async function dropKeysAndIndexes(client) {
  /** @type {{ table: string, name: string, kind: string, definition: string }[]} */
  const constraints = (
    await client.query(`SELECT conrelid::regclass::text AS table, conname AS name,
      contype AS kind, pg_get_constraintdef(oid) AS definition
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        AND contype IN ('p', 'u', 'f') AND conrelid <> 'provider_api_pace'::regclass`)
  ).rows;
  const isForeign = (/** @type {{ kind: string }} */ { kind }) => kind === "f";
  const foreignLast = [
    ...constraints.filter((one) => !isForeign(one)),
    ...constraints.filter(isForeign),
  ];
  // A view that groups by a primary key depends on it.
  const {
    rows: [view],
  } = await client.query(`SELECT pg_get_viewdef('delivery_report'::regclass) AS definition`);
  await client.query("DROP VIEW delivery_report");
  for (const { table, name } of foreignLast.toReversed())
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT "${name}"`);
  /** @type {{ name: string, definition: string }[]} */
  const indexes = (
    await client.query(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
        WHERE schemaname = 'public' AND tablename NOT IN ('provider_api_pace',
          '_prisma_migrations')`,
    )
  ).rows;
  for (const { name } of indexes) await client.query(`DROP INDEX "${name}"`);
  return [
    ...indexes.map(({ definition }) => definition),
    ...foreignLast.map(
      ({ table, name, definition }) =>
        `ALTER TABLE ${table} ADD CONSTRAINT "${name}" ${definition}`,
    ),
    `CREATE VIEW delivery_report AS ${view.definition}`,
  ];
}
