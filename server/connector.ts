// The connector, from its settings to its end: checks, listens, drains.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import http, { type Server } from "node:http";
import path from "node:path";
import { loadAssets } from "../lib/web/assets.ts";
import { databaseProblems } from "../lib/db/database-check.ts";
import { databaseTarget } from "../lib/config/database-url.ts";
import { readDatabaseUrl, readSettings, type Settings, SettingsError } from "../lib/config/env.ts";
import { createLog, errorFields, type Log } from "../lib/log/log.ts";
import { dropEmptyProxyVariables } from "../lib/net/proxy.ts";
import { serverLink, type ServerSide } from "../lib/web/server-link.ts";
import { type ConnectorServer, createConnectorServer, type Handler } from "./http-server.ts";
import { shedLoad } from "./load-shedding.ts";
import { prepareNext } from "./prepare-next.ts";
import { watchPressure } from "./pressure.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveAssets } from "./serve-assets.ts";
import { serveNotifications } from "./serve-notifications.ts";
import { StartError } from "./start-error.ts";

const root = path.resolve(import.meta.dirname, "..");

// A bank may take 30 s over an answer, and Sage must be told of it after that.
const maxDrainMs = 42_000;

type Leave = (noticeMs: number, status: number) => Promise<void>;

/**
 * Runs the connector; resolves once it listens.
 * @param options.stopWith takes what the signals do from then on
 * @throws {StartError} naming everything that keeps it from starting
 */
export async function runConnector({
  stopWith,
}: {
  stopWith: (stop: (signal: NodeJS.Signals) => void) => void;
}): Promise<void> {
  const started = performance.now();
  keepMemoryInside();
  // Standard output is for log lines; whatever Next says besides goes to standard error.
  console.log = console.error;
  const side: ServerSide = { problems: [], draining: false, overloaded: () => false };
  serverLink().server = side;
  const { settings, next } = await prepare(side);
  const log = createLog(settings.logLevel);

  const { server, drain } = createConnectorServer(
    inFrontOf(next, settings, side, log),
    securityHeaders(settings.publicUrl),
    [settings.notification.headerName],
  );
  const leave = createLeave(drain, side, log);
  replaceNextErrorHandlers(leave, log);
  await listen(server, settings);
  const address = server.address();
  log.info("connector listening", {
    durationMs: Math.round(performance.now() - started),
    port: typeof address === "object" ? address?.port : undefined,
  });
  serverLink().app?.begin();
  // Load balancers and Kubernetes need a moment to see that we are leaving; a person at a terminal
  // does not.
  stopWith((signal) => void leave(signal === "SIGINT" ? 0 : settings.stopNoticeSeconds * 1000, 0));
}

// Passwords pass through this process: no core dump of it on a disk (util-linux has prlimit;
// elsewhere the set-up has to see to it, docs/deployment.md), and no debugger for whoever may send
// it a signal.
function keepMemoryInside(): void {
  if (process.platform === "linux")
    spawnSync("prlimit", ["--pid", String(process.pid), "--core=0:0"], { stdio: "ignore" });
  process.on("SIGUSR1", () => undefined);
}

/** Finds everything that keeps the connector from starting, and makes Next ready. */
async function prepare({ problems }: ServerSide): Promise<{ settings: Settings; next: Handler }> {
  const hasBuild = existsSync(path.join(root, ".next/BUILD_ID"));
  let settings: Settings | undefined;
  try {
    settings = readSettings(process.env);
    dropEmptyProxyVariables(process.env);
    http.setGlobalProxyFromEnv();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  problems.push(...(await databaseProblemsAtStart()));
  // The file of banks is judged with the adapters, which are in the build
  // (instrumentation-node.ts).
  const next =
    hasBuild && (problems.length === 0 || process.env["BANKS_FILE"])
      ? await prepareNext(root, problems)
      : undefined;
  if (!settings || problems.length > 0)
    throw new StartError(new SettingsError([...new Set(problems)]).message);
  if (!next) throw new StartError('There is no build: run "npm run build" first.');
  return { settings, next };
}

/**
 * What only an administrator of the database can end. Whatever else it lacks, a connection or its
 * migrations, may come while the connector waits and is not ready.
 */
async function databaseProblemsAtStart(): Promise<string[]> {
  try {
    const found = await databaseProblems(databaseTarget(readDatabaseUrl(process.env)));
    return found.filter(({ permanent }) => permanent).map(({ text }) => `DATABASE_URL: ${text}`);
  } catch (error) {
    // Named by readSettings.
    if (error instanceof SettingsError) return [];
    throw error;
  }
}

/** What our server does itself before Next sees a request. */
function inFrontOf(next: Handler, settings: Settings, side: ServerSide, log: Log): Handler {
  const link = serverLink();
  // Only now: what the start did to the event loop would turn away the first people.
  const { read } = watchPressure(() => link.app?.databaseQueue() ?? 0);
  const load = shedLoad(serveNotifications(next), {
    read,
    note: (event, fields) => log.warn(event, fields),
  });
  side.overloaded = load.overloaded;
  return serveAssets(loadAssets(settings.theme), (name) => link.app?.bankStyle(name), load.handle);
}

function listen(server: Server, { port, host }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new StartError(`The connector cannot listen on port ${port}: ${error.message}`)),
    );
    server.listen(port, host, resolve);
  });
}

function createLeave(drain: ConnectorServer["drain"], side: ServerSide, log: Log): Leave {
  return async (noticeMs, status) => {
    if (side.draining) return;
    side.draining = true;
    const begun = performance.now();
    const passed = () => ({ durationMs: Math.round(performance.now() - begun) });
    setTimeout(() => {
      log.error("connector gave up draining", passed());
      process.exit(1);
    }, noticeMs + maxDrainMs);
    log.info("connector draining");
    await drain({ noticeMs });
    let exitStatus = status;
    try {
      await serverLink().app?.stop();
    } catch (error) {
      log.error("connector stop failed", errorFields(error));
      exitStatus = 1;
    }
    log.info("connector stopped", passed());
    process.exit(exitStatus);
  };
}

// Next's own handlers write the whole error, which may quote what a person typed, and go on after
// anything.
function replaceNextErrorHandlers(leave: Leave, log: Log): void {
  const onRejection = (error: unknown) => log.error("unhandled rejection", errorFields(error));
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", onRejection);
  // Next puts its handler back at the first request unless the one under this name is there.
  Reflect.set(globalThis, Symbol.for("next.unhandledRejectionListener"), onRejection);
  process.removeAllListeners("uncaughtException");
  // Nothing is known about a process after this; what is under way may finish.
  process.on("uncaughtException", (error) => {
    log.error("uncaught exception", errorFields(error));
    void leave(0, 1);
  });
}
