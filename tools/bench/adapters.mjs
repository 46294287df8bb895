import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runnerImport } from "vite";
import { freePorts } from "../../testing/free-port.mjs";
import { systemEnvironment } from "../../testing/start-connector.mjs";
import { startSupervised } from "../../testing/supervised.mjs";
import { root } from "../../testing/toolchain.mjs";
import { waitUntil } from "../../testing/wait-until.mjs";
import { closedLoop } from "./closed-loop.mjs";
import { roundRobin } from "./rounds.mjs";

/**
 * @typedef {{ direct: import('./rounds.mjs').Figures, adapter: import('./rounds.mjs').Figures,
 *   overheadMs: number }} Adapters
 */

const rounds = 5;
const callsInRound = 400;

/**
 * How much longer a bank's answer takes by the http adapter than by a call of our own to the same
 * server, the reference bank, which is a process of its own.
 * @returns {Promise<Adapters>}
 */
export async function measureAdapters() {
  const folder = mkdtempSync(path.join(tmpdir(), "connector-bench-"));
  const { module } = await runnerImport("./tools/bench/adapter-sides.ts", {
    root,
    logLevel: "silent",
    configFile: false,
  });
  const { adapterSides, clientKey } = /** @type {typeof import('./adapter-sides.ts')} */ (module);
  const keyFile = path.join(folder, "public.pem");
  writeFileSync(keyFile, clientKey);
  const [port = 0] = await freePorts(1);
  const env = { ...systemEnvironment(), CLIENT_PUBLIC_KEY_FILE: keyFile, PORT: String(port) };
  const bank = startSupervised(
    "reference-bank",
    [process.execPath, path.join(root, "examples/bank-api/reference-bank.mjs")],
    { env, cwd: root, output: openSync(path.join(folder, "log"), "w") },
  );
  try {
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(async () => (await fetch(`${url}/v1/description`)).status === 401, {
      what: "the reference bank",
      withinMs: 30_000,
    });
    const sides = adapterSides(url);
    await sides.open();
    const lap = (/** @type {() => Promise<void>} */ call) => () =>
      closedLoop({ callers: 1, atMost: callsInRound }, call);
    const [direct, adapter] = await roundRobin(
      [
        { name: "a call of our own", lap: lap(sides.direct) },
        { name: "the http adapter", lap: lap(sides.byAdapter) },
      ],
      rounds,
    );
    if (!direct || !adapter) throw new Error("a side is missing");
    return { direct, adapter, overheadMs: adapter.p50 - direct.p50 };
  } finally {
    await bank.stop();
    rmSync(folder, { recursive: true });
  }
}
