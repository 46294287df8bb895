import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { withDatabase } from "../../lib/config/database-url.ts";
import { bankingServiceClient } from "../../simulator/client.ts";
import { buildConnectorIfChanged } from "../support/build-connector.mjs";
import { startEmbeddedPostgres } from "../../testing/embedded-postgres.mjs";
import { freePorts } from "../../testing/free-port.mjs";
import { runQuietly, step } from "../../testing/progress.mjs";
import { startCommand } from "../../testing/start-command.mjs";
import { startPair, systemEnvironment } from "../../testing/start-connector.mjs";
import { startSupervised } from "../../testing/supervised.mjs";
import { createDatabase, dropDatabase } from "../../testing/test-database.ts";
import { root } from "../../testing/toolchain.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";
import { cpuMs, memoryAfterCollection, probeEnvironment } from "./ask-probe.mjs";
import { buildEmptyNext } from "./build-empty-next.mjs";

/**
 * @typedef {{ url: string, cpu(): Promise<number>, stop(): Promise<unknown> }} Server
 * @typedef {Server & { settings: Record<string, string>, bankingService:
 *   import('../../simulator/client.ts').BankingServiceClient, memory():
 *   Promise<NodeJS.MemoryUsage> }} Connector
 */

/** Everything that is measured, each in a process of its own and on one PostgreSQL. */
export class Stage {
  // Short, because a socket's path may have no more than about a hundred characters.
  #folder = mkdtempSync(path.join(tmpdir(), "connector-bench-"));
  #emptyNext = path.join(this.#folder, "empty-next");
  /** @type {(() => unknown)[]} */
  #stops = [() => rmSync(this.#folder, { recursive: true, force: true })];
  #serverUrl = "";
  #databaseUrl = "";
  #logs;

  /** @param {string} logs the folder for what connector and simulator write; it stays */
  constructor(logs) {
    this.#logs = logs;
  }

  /** PostgreSQL: the server of DATABASE_URL if that is set, durable, as in production. */
  async openServer() {
    const given = process.env["DATABASE_URL"];
    const server = given
      ? undefined
      : await step("Starting PostgreSQL", () =>
          startEmbeddedPostgres({
            directory: path.join(this.#folder, "postgres"),
            persistent: false,
          }),
        );
    if (server) this.#stops.push(server.stop);
    this.#serverUrl = given ?? server?.url("postgres") ?? "";
  }

  /** Builds and starts what does not wait for its turn. */
  async prepare() {
    this.#databaseUrl = await this.openAnother();
    await buildConnectorIfChanged();
    mkdirSync(this.#emptyNext);
    await step("Building an empty Next application", () => buildEmptyNext(this.#emptyNext));
  }

  /** Another migrated database, gone at the end. @returns {Promise<string>} its address */
  async openAnother() {
    const name = `connector_bench_${randomBytes(6).toString("hex")}`;
    await createDatabase(this.#serverUrl, name, "template0");
    this.#stops.push(() => dropDatabase(this.#serverUrl, name));
    const url = withDatabase(this.#serverUrl, name);
    await runQuietly(process.execPath, [path.join(root, "server/migrate.ts")], {
      env: { ...process.env, DATABASE_URL: url },
    });
    return url;
  }

  /**
   * One more process like a connector that runs, on the same database and in front of the same
   * simulator.
   * @param {Record<string, string>} settings
   * @returns {Promise<{ url: string, stop(): Promise<unknown> }>}
   */
  async startReplica(settings) {
    const [port = 0] = await freePorts(1);
    const output = openSync(path.join(this.#logs, `replica-${port}.log`), "w");
    const server = startSupervised("replica", startCommand, {
      env: { ...systemEnvironment(), ...settings, PORT: String(port) },
      cwd: root,
      stopSignal: "INT",
      output,
    });
    closeSync(output);
    this.#stops.push(server.stop);
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(async () => (await fetch(`${url}/health/ready`)).ok, {
      what: "a replica",
      withinMs: 60_000,
    });
    return { url, stop: server.stop };
  }

  /** The connector, as `npm start` starts it, and the simulator. @returns {Promise<Connector>} */
  async startConnector() {
    const [connectorPort = 0, bankingServicePort = 0] = await freePorts(2);
    const env = { ...systemEnvironment(), ...probeEnvironment(this.#folder) };
    // Sage's limit of 10 deliveries a second would be all that journeys measure.
    const given = { PROVIDER_API_REQUESTS_PER_SECOND: "1000" };
    const pair = await startPair({
      databaseUrl: this.#databaseUrl,
      connectorPort,
      bankingServicePort,
      logs: this.#logs,
      given,
      env,
    });
    this.#stops.push(pair.stop);
    return {
      url: pair.connectorUrl,
      settings: pair.settings,
      bankingService: bankingServiceClient(pair.bankingServiceUrl),
      cpu: () => cpuMs(this.#folder, "start.ts"),
      memory: () => memoryAfterCollection(this.#folder, "start.ts"),
      stop: pair.stop,
    };
  }

  /** An empty route handler at `/empty`. */
  startEmptyNext() {
    return this.#startServer("empty-server.mjs", { EMPTY_NEXT_DIR: this.#emptyNext });
  }

  /**
   * An ordinary page of Next at `/page-of-next`, compressed as Next does it by itself. Nobody asks
   * for its processor time, and its socket would take the place of the empty handler's.
   */
  startNextPage() {
    return this.#startServer("empty-server.mjs", {
      EMPTY_NEXT_DIR: this.#emptyNext,
      EMPTY_NEXT_COMPRESS: "yes",
      BENCH_PROBES: "",
    });
  }

  startBareServer() {
    return this.#startServer("bare-server.mjs", { DATABASE_URL: this.#databaseUrl });
  }

  /** @param {string} script @param {Record<string, string>} settings @returns {Promise<Server>} */
  async #startServer(script, settings) {
    const [port = 0] = await freePorts(1);
    const env = {
      ...systemEnvironment(),
      ...probeEnvironment(this.#folder),
      ...settings,
      PORT: String(port),
    };
    const output = openSync(path.join(this.#logs, `${path.parse(script).name}.log`), "w");
    const server = startSupervised(
      script,
      [process.execPath, path.join(import.meta.dirname, script)],
      { env, cwd: root, output },
    );
    closeSync(output);
    this.#stops.push(server.stop);
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(async () => (await fetch(`${url}/empty`)).ok, {
      what: script,
      withinMs: 30_000,
    });
    return { url, cpu: () => cpuMs(this.#folder, script), stop: server.stop };
  }

  /** Stops everything, last started first, and removes what was made. */
  async close() {
    for (const stop of this.#stops.reverse()) await stop();
  }
}
