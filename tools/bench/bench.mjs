import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import { ensureBrowser } from "../../testing/browser.mjs";
import { measureAdapters } from "./adapters.mjs";
import { PlainError, step, stopSignals } from "../../testing/progress.mjs";
import { root } from "../../testing/toolchain.mjs";
import { journeysOfASoak, journeysOfTheBar, judge } from "./bars.mjs";
import { measureAuthrefresh } from "./authrefresh.mjs";
import { measureFirstPaint } from "./first-paint.mjs";
import { measureJourneys } from "./journeys.mjs";
import { measureMemory } from "./memory.mjs";
import { measureEvents } from "./events.mjs";
import { measureNotifications } from "./notifications.mjs";
import { measurePageWeight } from "./page-weight.mjs";
import { measureReplicas } from "./replicas.mjs";
import { report } from "./report.mjs";
import { measureScale } from "./scale.mjs";
import { measureSoak } from "./soak.mjs";
import { Stage } from "./stage.mjs";
import { createVirtualUsers } from "./virtual-users.mjs";

/**
 * @typedef {'weight' | 'paint' | 'notifications' | 'events' | 'entry' | 'journeys' | 'memory' | 'adapters' |
 *   'replicas' | 'scale' | 'soak'} Part
 */
/** @typedef {{ journeys: number, rows: number, minutes: number, parts: Set<Part> }} Options */

const comparedToNext = /** @type {const} */ ([
  "weight",
  "paint",
  "notifications",
  "events",
  "entry",
  "journeys",
  "memory",
]);

/**
 * Sets everything up, measures, prints, and removes everything.
 * @param {Options} options
 * @returns {Promise<number>} exit status: 1 when a bar is missed
 */
export async function bench(options) {
  const started = performance.now();
  const data = path.resolve(root, process.env["DATA_DIR"] || ".data");
  const logs = path.join(data, "bench");
  mkdirSync(logs, { recursive: true });
  const stage = new Stage(logs);
  const stopRequest = new Promise((_, reject) => {
    for (const signal of stopSignals)
      process.once(signal, () => reject(new PlainError("Stopped.")));
  });
  /** @type {import('./bars.mjs').Results} */
  let results;
  try {
    results = /** @type {import('./bars.mjs').Results} */ (
      await Promise.race([measure(stage, options), stopRequest])
    );
  } finally {
    await stage.close();
  }
  const bars = judge(results);
  const machine = {
    node: process.version,
    cores: availableParallelism(),
    gigabytes: Math.round(totalmem() / 2 ** 30),
  };
  const file = path.join(data, "bench.json");
  const { notifications, ...rest } = results;
  writeFileSync(
    file,
    JSON.stringify(
      {
        at: new Date().toISOString(),
        machine,
        bars,
        ...rest,
        ...(notifications
          ? { notifications: { ...notifications, notified: notifications.notified.length } }
          : {}),
      },
      undefined,
      2,
    ),
  );
  const notes = [
    ...(options.parts.has("memory") && options.journeys < journeysOfTheBar
      ? [`Memory is judged at ${journeysOfTheBar} journeys only.\n`]
      : []),
    ...((results.soak?.journeys ?? Infinity) < journeysOfASoak
      ? [`A soak is judged from ${journeysOfASoak} journeys on: give it more minutes.\n`]
      : []),
  ];
  const minutes = `${((performance.now() - started) / 60_000).toFixed(1)} minutes`;
  process.stdout.write(
    `\nNode ${machine.node}, ${machine.cores} cores, ${machine.gigabytes} GiB; ` +
      `${minutes}; figures in ` +
      `${path.relative(process.cwd(), file)}\n\n${report(results, bars)}${notes.join("")}`,
  );
  return bars.every(({ met }) => met) ? 0 : 1;
}

/**
 * @param {Stage} stage
 * @param {Options} options
 * @returns {Promise<import('./bars.mjs').Results>}
 */
async function measure(stage, { journeys, rows, minutes, parts }) {
  /** @type {import('./bars.mjs').Results} */
  const results = {};
  if (parts.has("adapters")) results.adapters = await step("Asking a bank", measureAdapters);
  if (parts.has("adapters") && parts.size === 1) return results;
  if (parts.has("weight") || parts.has("paint")) await ensureBrowser();
  await stage.openServer();
  if (parts.has("scale")) results.scale = await measureScale(stage, rows);
  if (parts.has("scale") && parts.size === 1) return results;
  await stage.prepare();
  if (parts.has("replicas"))
    results.replicas = await step("Making journeys through one replica and through three", () =>
      measureReplicas(stage),
    );
  if (parts.has("soak"))
    results.soak = await withVirtualUsers(stage, (connector, virtualUsers) =>
      step(`Making journeys for ${minutes} minutes`, () =>
        measureSoak(connector, virtualUsers, minutes),
      ),
    );
  if (!comparedToNext.some((part) => parts.has(part))) return results;
  const emptyNext = await stage.startEmptyNext();

  if (
    parts.has("weight") ||
    parts.has("paint") ||
    parts.has("notifications") ||
    parts.has("events") ||
    parts.has("entry")
  ) {
    const connector = await stage.startConnector();
    if (parts.has("weight"))
      results.weight = await step("Weighing the screens", () => measurePageWeight(connector));
    if (parts.has("paint")) {
      const nextPage = await stage.startNextPage();
      results.paint = await step("Watching screens appear", () =>
        measureFirstPaint({ connector, nextPage }),
      );
      await nextPage.stop();
    }
    if (parts.has("events"))
      results.events = await step("Sending notifications with and without events", () =>
        measureEvents(stage, connector),
      );
    if (parts.has("notifications") || parts.has("entry")) {
      const bare = await stage.startBareServer();
      const notifications = await step("Sending notifications", () =>
        measureNotifications({ connector, emptyNext, bare }),
      );
      await bare.stop();
      results.notifications = notifications;
      if (parts.has("entry"))
        results.entry = await step("Entering", () =>
          measureAuthrefresh({ connector, emptyNext }, notifications.notified),
        );
    }
    await connector.stop();
  }

  if (parts.has("journeys"))
    results.journeys = await withVirtualUsers(stage, (connector, virtualUsers) =>
      step("Making journeys", () => measureJourneys({ connector, emptyNext }, virtualUsers)),
    );
  if (parts.has("memory")) {
    // A process of its own, whose journeys are counted from its start.
    results.memory = await withVirtualUsers(stage, (connector, virtualUsers) =>
      step(`Making ${journeys} journeys`, () => measureMemory(connector, virtualUsers, journeys)),
    );
  }
  return results;
}

/**
 * @template T
 * @param {Stage} stage
 * @param {(connector: import('./stage.mjs').Connector, virtualUsers: Awaited<ReturnType<typeof
 *   createVirtualUsers>>) => Promise<T>} work
 */
async function withVirtualUsers(stage, work) {
  const connector = await stage.startConnector();
  const virtualUsers = await createVirtualUsers(connector, 32);
  const result = await work(connector, virtualUsers);
  if (!(await virtualUsers.allReported()))
    throw new PlainError("Sage was not told of every journey.");
  virtualUsers.close();
  await connector.stop();
  return result;
}
