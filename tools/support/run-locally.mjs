// PostgreSQL, the migrations, the connector and the Banking Service simulator on this machine,
// until Ctrl-C: what `npm run demo` and `npm run dev` share.
import path from "node:path";
import { portIsFree } from "../../testing/free-port.mjs";
import { PlainError, runQuietly, step, stopSignals } from "../../testing/progress.mjs";
import { startPair } from "../../testing/start-connector.mjs";
import { root } from "../../testing/toolchain.mjs";

/**
 * Starts everything, says where it is, and stops it all at a signal or when one part ends.
 * @param {object} options
 * @param {string} options.name of the npm script
 * @param {() => Promise<unknown>} [options.prepare] what the connector needs besides
 * @param {(port: number) => import('../../testing/start-connector.mjs').ConnectorCommand}
 *   [options.connector] what runs the connector, if not `npm start`; it is shown here what that
 *   writes
 */
export async function runLocally({ name, prepare, connector }) {
  /** @type {(() => Promise<unknown>)[]} what has been started, in the order of starting */
  const stops = [];
  let stopRequested = false;
  const stopRequest = new Promise((_, reject) => {
    for (const signal of stopSignals)
      process.on(signal, () => {
        stopRequested = true;
        reject(new PlainError("Stopping."));
      });
  });
  stopRequest.catch(() => undefined);
  /** @type {(message: string) => void} */
  let onDatabaseEnd = () => undefined;
  const databaseEnded = new Promise((resolve) => (onDatabaseEnd = resolve));
  /** @template T @param {Promise<T>} work @returns {Promise<T>} */
  const unlessStopped = (work) => /** @type {Promise<T>} */ (Promise.race([work, stopRequest]));

  try {
    const connectorPort = await freePortFrom(name, "PORT", 3000);
    const bankingServicePort = await freePortFrom(name, "BANKING_SERVICE_PORT", 4000);
    const data = path.resolve(root, process.env["DATA_DIR"] || ".data");
    const databaseUrl =
      (await givenDatabase()) ??
      (await unlessStopped(
        step("Starting PostgreSQL", () => startDatabase(data, stops, onDatabaseEnd)),
      ));
    const migrate = [path.join(root, "server/migrate.ts")];
    await unlessStopped(
      step("Migrating the database", () =>
        runQuietly(process.execPath, migrate, {
          env: { ...process.env, DATABASE_URL: databaseUrl, DATABASE_URL_FILE: "" },
        }),
      ),
    );
    if (prepare) await unlessStopped(prepare());
    const pair = await unlessStopped(
      step("Starting the connector and the Banking Service simulator", async () => {
        const started = await startPair({
          databaseUrl,
          connectorPort,
          bankingServicePort,
          logs: data,
          given: process.env,
          env: loopbackDirectly(process.env),
          ...(connector ? { connector: { ...connector(connectorPort), shown: true } } : {}),
        });
        stops.push(started.stop);
        return started;
      }),
    );
    process.stdout.write(
      `\nReady. Open ${pair.bankingServiceUrl}/ in a browser.\nThe connector is at ` +
        `${pair.connectorUrl}${pair.settings["GALLERY"] === "on" ? `, every screen of it at ${pair.connectorUrl}/gallery` : ""}; logs are in ${path.relative(process.cwd(), data) || "."}/*.log. Ctrl-C stops everything.\n`,
    );
    throw new PlainError(await unlessStopped(Promise.race([pair.ended, databaseEnded])));
  } catch (error) {
    if (!stopRequested) throw error;
    process.stdout.write("\nStopping…\n");
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
  process.exit(0);
}

async function givenDatabase() {
  if (!process.env["DATABASE_URL"] && !process.env["DATABASE_URL_FILE"]) return undefined;
  const { readDatabaseUrl, SettingsError } = await import("../../lib/config/env.ts");
  try {
    return readDatabaseUrl(process.env);
  } catch (error) {
    throw error instanceof SettingsError ? new PlainError(error.message) : error;
  }
}

/**
 * @param {string} data
 * @param {(() => Promise<unknown>)[]} stops
 * @param {(message: string) => void} ended
 */
async function startDatabase(data, stops, ended) {
  const { startEmbeddedPostgres } = await import("../../testing/embedded-postgres.mjs");
  const postgres = await startEmbeddedPostgres({
    directory: path.join(data, "postgres"),
    persistent: true,
  });
  stops.push(postgres.stop);
  void postgres.exited.then(() =>
    ended(`PostgreSQL ended; its log is ${path.join(data, "postgres.log")}.`),
  );
  await postgres.createDatabase("connector");
  return postgres.url("connector");
}

/**
 * @param {string} script
 * @param {string} name
 * @param {number} usual
 */
async function freePortFrom(script, name, usual) {
  const port = Number(process.env[name] || usual);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new PlainError(`${name} is not a port number.`);
  if (!(await portIsFree(port)))
    throw new PlainError(
      `Port ${port} is taken. Set ${name} to a free one, for example: ` +
        `${name}=${port + 10} npm run ${script}`,
    );
  return port;
}

/**
 * A proxy that this machine uses for the outside must not be asked for the simulator.
 * @param {NodeJS.ProcessEnv} env
 */
function loopbackDirectly(env) {
  return {
    ...env,
    NO_PROXY: [env["NO_PROXY"] || env["no_proxy"], "localhost", "127.0.0.1"]
      .filter(Boolean)
      .join(","),
  };
}
