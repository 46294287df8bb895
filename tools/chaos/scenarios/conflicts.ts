import { setTimeout as pause } from "node:timers/promises";
import { deliveries } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";

/**
 * Every so many-th statement that writes fails, whoever makes it: four failures in a row, which no
 * three repeats get over, are then one in 64,000 faults.
 */
const everyNth = 40;
const tables = ["notifications", "authorisations", "sessions", "outcomes", "attempts"];

// A sequence keeps its count when the statement that failed is undone.
const failNow = `
  CREATE SEQUENCE chaos_statements;
  CREATE FUNCTION chaos_fail() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_setting('application_name') <> 'chaos'
        AND nextval('chaos_statements') % ${everyNth} = 0 THEN
        RAISE EXCEPTION 'injected' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001'
          ELSE '40P01' END;
      END IF;
      RETURN NULL;
    END $$;
  ${tables
    .map(
      (table) => `CREATE TRIGGER chaos_fail BEFORE INSERT
    OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION chaos_fail();`,
    )
    .join("\n")}`;

export const conflicts: Scenario = {
  name: "conflicts",
  fault: "deadlock and serialization failures (40P01, 40001)",
  promised: "retried ≤ 3 times with jitter; users see nothing",
  promises: { may503: false, mayCut: false, delivery: { share: 0.99, withinMs: 15_000 } },
  testBed: { settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100" } },
  rounds: 20,
  async run({ load, cluster, database, history }, rounds) {
    await cluster.query(database, failNow);
    const people = load({ persons: 40 });
    await pause(rounds * 1500);
    await people.stop();
    const { rows } = await cluster.query(
      database,
      "SELECT last_value::int AS count FROM chaos_statements",
    );
    history.note({
      what: "fault",
      fault: "statements undone",
      count: Math.floor(rows[0].count / everyNth),
    });
    await cluster.query(
      database,
      tables.map((table) => `DROP TRIGGER chaos_fail ON ${table};`).join("\n"),
    );
  },
  measured: deliveries,
};
