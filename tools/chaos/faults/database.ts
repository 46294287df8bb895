import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { recoveries } from "../recovery.ts";
import type { Fault, Setup } from "../scenario.ts";
import { notificationsAt } from "../stream-of.ts";
import type { TestBed } from "../test-bed.ts";

export const crash: Fault = async (testBed) => {
  const { cluster, history, draw } = testBed;
  await cluster.crash();
  history.fault("immediate shutdown of PostgreSQL");
  await pause(draw() * 4000);
  await cluster.start();
  follow(testBed);
  return recovered(testBed, 1000 + draw() * 1000);
};

/** By SIGSTOP, and every second time by a network that lets nothing through. */
export const freeze: Fault = async (testBed, round) => {
  const { cluster, databaseProxy, history, draw } = testBed;
  const byNetwork = round % 2 === 1;
  if (byNetwork) databaseProxy.freeze();
  else cluster.freeze();
  history.fault(byNetwork ? "connections to PostgreSQL half-open" : "PostgreSQL frozen");
  await pause(4000 + draw() * 4000);
  if (byNetwork) databaseProxy.mend();
  else cluster.thaw();
  return recovered(testBed, 1000 + draw() * 1000);
};

export const breakConnections: Fault = async ({ databaseProxy, history, draw }, round) => {
  const variants = [
    ["reset", () => databaseProxy.reset()],
    ["30 ms late", () => databaseProxy.slowDown(30)],
    ["in pieces", () => databaseProxy.trickle(5)],
  ] as const;
  const [name, make] = variants[round % variants.length] ?? variants[0];
  make();
  history.fault(`connections to PostgreSQL ${name}`);
  await pause(1000 + draw() * 1000);
  databaseProxy.mend();
  await pause(500);
};

export const takeAllConnections: Fault = async (testBed) => {
  const { cluster, database, history } = testBed;
  const hogs = await connectUntilFull(cluster.url(database));
  // The places the replicas hold are taken, too, one after the other as they come free.
  for (let lap = 0; lap < 5; lap++) {
    await hogs[0]?.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = $1 AND application_name <> 'hog' AND pid <> pg_backend_pid()`,
      [database],
    );
    hogs.push(...(await connectUntilFull(cluster.url(database))));
  }
  history.fault(`all connections taken (${hogs.length})`);
  await pause(4000);
  await Promise.all(hogs.map((hog) => hog.end()));
  return recovered(testBed, 1500);
};

async function connectUntilFull(url: string): Promise<pg.Client[]> {
  const taken: pg.Client[] = [];
  for (;;) {
    const batch = await Promise.all(Array.from({ length: 10 }, () => connect(url)));
    taken.push(...batch.filter((client) => client !== undefined));
    if (batch.includes(undefined)) return taken;
  }
}

async function connect(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    application_name: "hog",
  });
  client.on("error", () => undefined);
  return client.connect().then(
    () => client,
    () => undefined,
  );
}

export const fillDisk: Fault = async (testBed) => {
  const { smallDisk, history } = testBed;
  smallDisk?.fill();
  history.fault("no space left");
  // What is left in the tables' pages is soon used up by people who go on.
  await pause(8000);
  smallDisk?.empty();
  return recovered(testBed, 1500);
};

export const steadyNotifications: Setup = async (testBed) => notificationsAt(testBed, 40);

/** The primary is lost with its disk; every second time its standby hung before. */
export const failOver: Fault = async (testBed, round) => {
  const { cluster, history, draw } = testBed;
  await cluster.startWithStandby();
  follow(testBed);
  history.fault("PostgreSQL stopped to be copied");
  await pause(5000 + draw() * 2000);
  if (round % 2 === 1) {
    cluster.freezeStandby();
    history.fault("standby hangs");
    await pause(2000);
  }
  await cluster.lose();
  history.fault("primary lost");
  cluster.thawStandby();
  await pause(draw() * 1000);
  await cluster.promote();
  follow(testBed);
  return recovered(testBed, 1000);
};

/** The replicas find PostgreSQL where it is now. */
export const follow = ({ databaseProxy, cluster }: TestBed) =>
  databaseProxy.retarget({ host: "127.0.0.1", port: cluster.port });

/** How long each replica needed, once PostgreSQL is back; it then stays for `restMs`. */
async function recovered(testBed: TestBed, restMs: number): Promise<number[]> {
  const times = await recoveries(testBed);
  await pause(restMs);
  return times;
}

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

/** Undoes one in so many statements, as a deadlock and a serialization failure do. */
export const undoStatements: Setup = async ({ cluster, database, history, count }) => {
  await cluster.query(database, failNow);
  return async () => {
    const statements = await count("SELECT last_value::int AS count FROM chaos_statements");
    history.fault("statements undone", Math.floor(statements / everyNth));
    await cluster.query(
      database,
      tables.map((table) => `DROP TRIGGER chaos_fail ON ${table};`).join("\n"),
    );
  };
};
