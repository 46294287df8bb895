import pg from "pg";
import { setTimeout as pause } from "node:timers/promises";
import { recovered } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { awayInRounds, awayPromises } from "./away.ts";

export const databaseConnections: Scenario = {
  name: "database-connections",
  fault: "PostgreSQL out of connections",
  ...awayPromises,
  rounds: 4,
  async run(testBed, rounds) {
    const { cluster, database, history } = testBed;
    await awayInRounds(
      testBed,
      rounds,
      async () => {
        const hogs = await takeAll(cluster.url(database));
        // The places the replicas hold are taken, too, one after the other as they come free.
        for (let lap = 0; lap < 5; lap++) {
          await cutReplicas(hogs[0], database);
          hogs.push(...(await takeAll(cluster.url(database))));
        }
        history.note({ what: "fault", fault: `all connections taken (${hogs.length})`, count: 1 });
        await pause(4000);
        await Promise.all(hogs.map((hog) => hog.end()));
      },
      () => 1500,
    );
  },
  measured: recovered,
};

/** Opens connections until PostgreSQL has none left. */
async function takeAll(url: string): Promise<pg.Client[]> {
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

const cutReplicas = async (hog: pg.Client | undefined, database: string) =>
  void (await hog?.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = $1 AND application_name <> 'hog' AND pid <> pg_backend_pid()`,
    [database],
  ));
