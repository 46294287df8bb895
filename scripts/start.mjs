// `npm start`: the connector alone, in production mode, with its settings from the environment
// (design decision 12).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { createConnectorServer } from "./support/connector-server.mjs";
import { PlainError, runMain } from "../testing/progress.mjs";
import { root, usePinnedNode } from "../testing/toolchain.mjs";

// As process 1 of a container there is no default action for a signal: one that came before its
// handler would be lost. Nothing has been taken yet that could get lost.
/** @param {NodeJS.Signals} signal */
let onStop = (signal) => void process.exit(signal === "SIGINT" ? 130 : 0);
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"]))
  process.on(signal, () => onStop(signal));

// A bank may take 30 s over an answer, and Sage must be told of it after that.
const maxDrainMs = 42_000;

/** One address of each route that people or balancers wait for; none of them changes anything. */
const rehearsed = [
  "/health/ready",
  "/authrefresh",
  "/authrefresh/rehearsal",
  "/authrefresh/rehearsal/status",
];

await runMain(async () => {
  const started = performance.now();
  await usePinnedNode();
  keepMemoryInside();
  if (!existsSync(path.join(root, "node_modules/next")))
    throw new PlainError('The packages are not installed: run "npm run build" first.');
  const { readSettings, SettingsError } = await import("../lib/config/env.ts");
  const { dropEmptyProxyVariables } = await import("../lib/net/proxy.ts");
  const { createLog, errorFields } = await import("../lib/log/log.ts");
  const { loadAssets } = await import("../lib/web/assets.ts");
  const { securityHeaders } = await import("./support/security-headers.mjs");
  const { serveAssets } = await import("./support/serve-assets.mjs");
  const { serveNotifications } = await import("./support/serve-notifications.mjs");
  const { shedLoad } = await import("./support/shed-load.mjs");
  const { watchPressure } = await import("./support/pressure.mjs");
  // Standard output is for log lines; whatever Next says besides goes to standard error.
  console.log = console.error;
  const hasBuild = existsSync(path.join(root, ".next/BUILD_ID"));
  /** @type {import('../lib/config/env.ts').Settings | undefined} */
  let settings;
  /** @type {string[]} */
  const problems = [];
  try {
    settings = readSettings(process.env);
    dropEmptyProxyVariables(process.env);
    http.setGlobalProxyFromEnv();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.push(...error.problems);
  }
  problems.push(...(await databaseProblemsAtStart()));
  // The file of banks is judged with the adapters, which are in the build (instrumentation.ts).
  const prepared =
    hasBuild && (problems.length === 0 || process.env["BANKS_FILE"])
      ? await prepareNext(problems)
      : undefined;
  problems.push(...(prepared?.problems ?? []));
  if (!settings || problems.length > 0)
    throw new PlainError(new SettingsError([...new Set(problems)]).message);
  if (!prepared) throw new PlainError('There is no build: run "npm run build" first.');
  const { stopNoticeSeconds } = settings;
  const log = createLog(settings.logLevel);

  const fromApp = (/** @type {string} */ name) => Reflect.get(globalThis, Symbol.for(name));
  const answer = serveNotifications(prepared.handle);
  // Only now: what the start did to the event loop would turn away the first people.
  const { read } = watchPressure({
    requests: () => load.requests(),
    databaseQueue: () => fromApp("connector.database-queue")?.() ?? 0,
  });
  const load = shedLoad(answer, { read, note: (event, fields) => log.warn(event, fields) });
  // app/health/ready reads it.
  Reflect.set(globalThis, Symbol.for("connector.overloaded"), load.overloaded);
  const { server, drain } = createConnectorServer(
    serveAssets(
      loadAssets(settings.theme),
      (name) => fromApp("connector.bank-style")?.(name),
      load.handle,
    ),
    securityHeaders(settings.publicUrl),
    [settings.notification.headerName],
  );
  replaceNextErrorHandlers();
  await new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new PlainError(`The connector cannot listen on port ${settings.port}: ${error.message}`),
      ),
    );
    server.listen(settings.port, settings.host, () => resolve(undefined));
  });
  const address = server.address();
  const facts = {
    durationMs: Math.round(performance.now() - started),
    port: typeof address === "object" ? address?.port : undefined,
  };
  log.info("connector listening", facts);
  fromApp("connector.begin")?.();

  let leaving = false;
  // Load balancers and Kubernetes need a moment to see that we are leaving; a person at a terminal
  // does not.
  onStop = (signal) => void leave(signal === "SIGINT" ? 0 : stopNoticeSeconds * 1000, 0);

  /** @param {number} notice @param {number} status */
  async function leave(notice, status) {
    if (leaving) return;
    leaving = true;
    const begun = performance.now();
    setTimeout(() => {
      log.error("connector gave up draining", {
        durationMs: Math.round(performance.now() - begun),
      });
      process.exit(1);
    }, notice + maxDrainMs);
    // app/health/ready reads it.
    Reflect.set(globalThis, Symbol.for("connector.draining"), true);
    log.info("connector draining");
    await drain({ noticeMs: notice });
    // Left by instrumentation.ts: ends the delivery loop and closes the pool.
    try {
      await Reflect.get(globalThis, Symbol.for("connector.stop"))?.();
    } catch (error) {
      log.error("connector stop failed", errorFields(error));
      status = 1;
    }
    log.info("connector stopped", { durationMs: Math.round(performance.now() - begun) });
    process.exit(status);
  }

  // Next's own handlers write the whole error, which may quote what a person typed, and go on after
  // anything.
  function replaceNextErrorHandlers() {
    /** @param {unknown} error */
    const onRejection = (error) => log.error("unhandled rejection", errorFields(error));
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
});

// Passwords pass through this process: no core dump of it on a disk (util-linux has prlimit;
// elsewhere the set-up has to see to it, docs/deployment.md), and no debugger for whoever may send
// it a signal.
function keepMemoryInside() {
  if (process.platform === "linux")
    spawnSync("prlimit", ["--pid", String(process.pid), "--core=0:0"], { stdio: "ignore" });
  process.on("SIGUSR1", () => undefined);
}

/**
 * What only an administrator of the database can end. Whatever else it lacks, a connection or its
 * migrations, may come while the connector waits and is not ready.
 * @returns {Promise<string[]>}
 */
async function databaseProblemsAtStart() {
  const { readDatabaseUrl, SettingsError } = await import("../lib/config/env.ts");
  const { databaseProblems } = await import("../lib/db/database-check.ts");
  const { databaseTarget } = await import("../lib/config/database-url.ts");
  try {
    const found = await databaseProblems(databaseTarget(readDatabaseUrl(process.env)));
    return found.filter(({ lasting }) => lasting).map(({ text }) => `DATABASE_URL: ${text}`);
  } catch (error) {
    // Named by readSettings.
    if (error instanceof SettingsError) return [];
    throw error;
  }
}

/**
 * Prepares Next and makes sure that it answers. `prepare()` resolves before instrumentation.ts has
 * run and whether it failed or not, but the first request waits for it; so one is sent, to a server
 * of its own that nobody else can have the address of. Next's upgrade handler ends up on that
 * server, too.
 * @param {readonly string[]} known what is wrong already: nothing is begun then, and the rest is
 *   judged
 * @returns {Promise<{ handle: import('./support/connector-server.mjs').Handler, problems: readonly
 *   string[] }>}
 */
async function prepareNext(known) {
  // The third keeps Next from reading .env files: settings come from the environment, and have been
  // checked.
  Object.assign(process.env, {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    __NEXT_PROCESSED_ENV: "true",
  });
  const { default: next } = await import("next");
  Reflect.set(globalThis, Symbol.for("connector.settings-problems"), known);
  Reflect.set(globalThis, Symbol.for("connector.begins"), true);
  const rehearsal = http.createServer((request, response) => void handle(request, response));
  const app = next({ dev: false, dir: root, httpServer: rehearsal });
  await app.prepare();
  const handle = app.getRequestHandler();
  await new Promise((resolve) => rehearsal.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = rehearsal.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const visit = (/** @type {string} */ path) =>
    new Promise((resolve, reject) => {
      http
        .get({ host: "127.0.0.1", port, path, agent: false }, (response) =>
          response.resume().once("end", () => resolve(response.statusCode)),
        )
        .once("error", reject);
    });
  const status = await visit("/health/live");
  /** @type {readonly string[]} */
  const problems = Reflect.get(globalThis, Symbol.for("connector.settings-problems"));
  if (problems.length === 0) {
    if (status !== 200)
      throw new PlainError(`The connector could not be prepared: /health/live answers ${status}.`);
    // Next loads a route at its first request, for a second or more on a busy machine, and nothing
    // else runs meanwhile: better now than while the first people wait.
    for (const path of rehearsed) await visit(path).catch(() => undefined);
  }
  rehearsal.close();
  return { handle, problems };
}
