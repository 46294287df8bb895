// The connector and the Banking Service simulator as two real processes that know each other, for
// demo, end-to-end tests and benchmarks alike.
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { isLoopback } from "../lib/net/loopback.ts";
import { simulatorSettings } from "../simulator/settings.ts";
import { PlainError } from "./progress.mjs";
import { startCommand } from "./start-command.mjs";
import { startSupervised } from "./supervised.mjs";
import { root } from "./toolchain.mjs";
import { waitUntil } from "./wait-until.mjs";

/**
 * @typedef {{ command: string[], cwd?: string, env?: Record<string, string>, shown?: boolean }}
 *   ConnectorCommand what runs the connector, where, what its environment has besides, and whether
 *   what it writes is shown here instead of being kept in a file
 */

/**
 * @typedef {{ connectorUrl: string, bankingServiceUrl: string, settings: Record<string, string>,
 *   connector: import('./supervised.mjs').Supervised, bankingService:
 *   import('./supervised.mjs').Supervised, ended: Promise<string>, stop(): Promise<void>, }} Pair
 *   `ended` tells what happened when one of the two ends by itself; `settings` are those of
 *   docs/settings.md that both were given
 */

/**
 * Starts both and waits until they are ready. The connector must have been built and the database
 * migrated.
 * @param {object} options
 * @param {string} options.databaseUrl
 * @param {number} options.connectorPort
 * @param {number} options.bankingServicePort
 * @param {string} options.logs the folder for what the two write: connector.log and
 *   banking-service.log
 * @param {Record<string, string | undefined>} [options.given] settings that take precedence over
 *   the ones made here; `NAME_FILE` counts as NAME
 * @param {Record<string, string | undefined>} [options.env] the environment the settings are added
 *   to
 * @param {ConnectorCommand} [options.connector] `npm start`, if none is given
 * @returns {Promise<Pair>}
 */
export async function startPair({
  databaseUrl,
  connectorPort,
  bankingServicePort,
  logs,
  given = {},
  env = systemEnvironment(),
  connector: connectorCommand = { command: startCommand },
}) {
  const publicUrl = given["PUBLIC_URL"] || `http://localhost:${connectorPort}`;
  /** @type {Record<string, string>} */
  const made = {
    ...simulatorSettings({ publicUrl, bankingServicePort }),
    DATABASE_URL: databaseUrl,
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    ...(given["BANKS_FILE"] ? {} : { BANK_ADAPTER: "sandbox" }),
    // Refused where others can reach the connector.
    ...(isLoopback(new URL(publicUrl).hostname) ? { GALLERY: "on" } : {}),
    PORT: String(connectorPort),
    BANKING_SERVICE_PORT: String(bankingServicePort),
  };
  for (const name of Object.keys(made)) {
    const chosen = given[name];
    if (chosen) made[name] = chosen;
    else if (given[`${name}_FILE`]) Reflect.deleteProperty(made, name);
  }
  mkdirSync(logs, { recursive: true });
  const bankingServiceUrl = `http://127.0.0.1:${bankingServicePort}`;

  /** @param {string} name @param {ConnectorCommand} run */
  const start = (name, { command, cwd = root, env: own = {}, shown = false }) => {
    const file = path.join(logs, `${name}.log`);
    const output = shown ? undefined : openSync(file, "w");
    // SIGINT, since nobody balances load between these: SIGTERM would keep the connector for the
    // moment a load balancer needs.
    const child = startSupervised(name, command, {
      env: { ...env, ...given, ...made, ...own },
      cwd,
      stopSignal: "INT",
      ...(output === undefined ? {} : { output }),
    });
    if (output !== undefined) closeSync(output);
    let stopping = false;
    const ended = child.exited.then(
      (status) => `The ${name} ended with exit status ${status}${shown ? "." : `:\n${tail(file)}`}`,
    );
    void ended.then((message) => (failure ??= stopping ? undefined : message));
    return { child, ended, stop: () => ((stopping = true), child.stop()) };
  };
  /** @type {string | undefined} */
  let failure;
  const bankingService = start("banking-service", {
    command: [process.execPath, path.join(root, "simulator/main.ts")],
  });
  const connector = start("connector", connectorCommand);
  const stop = async () => {
    await connector.stop();
    await bankingService.stop();
  };
  const answers = (/** @type {string} */ url) => async () => {
    if (failure) throw new PlainError(failure);
    const { status } = await fetch(url);
    if (status !== 200) throw new Error(`${url} answers ${status}`);
    return true;
  };
  try {
    await waitUntil(answers(`${bankingServiceUrl}/`), {
      what: "the banking-service",
      withinMs: 60_000,
    });
    await waitUntil(
      answers(`http://${given["HOST"] || "127.0.0.1"}:${connectorPort}/health/ready`),
      { what: `the connector (log: ${path.join(logs, "connector.log")})`, withinMs: 60_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    connectorUrl: new URL(publicUrl).origin,
    bankingServiceUrl,
    settings: made,
    connector: connector.child,
    bankingService: bankingService.child,
    ended: Promise.race([connector.ended, bankingService.ended]),
    stop,
  };
}

/**
 * What a process needs of its surroundings, without the settings somebody may have exported for a
 * connector of their own.
 */
export function systemEnvironment() {
  const names = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "NODE_EXTRA_CA_CERTS"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** @param {string} file */
const tail = (file) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-20).join("\n");
