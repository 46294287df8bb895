import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault, Setup } from "../scenario.ts";
import { notificationsAt } from "../stream-of.ts";
import { replicaOfRound } from "./process.ts";

const preloaded = (file: string) =>
  `--import=${pathToFileURL(path.join(import.meta.dirname, "..", file)).href}`;

const quarterHourMs = 15 * 60_000;
const shifts: Readonly<Record<number, number>> = { 1: quarterHourMs, 2: -quarterHourMs };

export const shiftedClock = (replica: number) => ({
  NODE_OPTIONS: preloaded("shift-clock.mjs"),
  CHAOS_CLOCK_SHIFT_MS: String(shifts[replica] ?? 0),
});

export const noteShiftedClocks: Setup = async ({ history }) => {
  history.fault("clock off by a quarter of an hour", Object.keys(shifts).length);
  return undefined;
};

const file = path.join(tmpdir(), `connector-pressure-${process.pid}-`);
const heapLimitMegabytes = 256;
/**
 * What presses one replica: its heap nearly full (some 70 MB are the connector's own), its loop
 * held up for half a second at a time. The third kind is a slow database, which presses all of
 * them.
 */
const presses = [
  ["heap", { heapMegabytes: 150, loopMs: 0 }],
  ["event loop", { heapMegabytes: 0, loopMs: 500 }],
  ["pool", { heapMegabytes: 0, loopMs: 0 }],
] as const;

export const pressable = (replica: number) => ({
  CHAOS_PRESSURE: `${file}${replica}`,
  NODE_OPTIONS: `${preloaded("press.mjs")} --max-old-space-size=${heapLimitMegabytes}`,
});

export const press: Fault = async (testBed, round) => {
  const { history, databaseProxy } = testBed;
  const [name, pressure] = presses[round % presses.length] ?? presses[0];
  const pressed = `${file}${replicaOfRound(testBed, round).number}`;
  writeFileSync(pressed, JSON.stringify(pressure));
  if (name === "pool") databaseProxy.slowDown(60);
  history.fault(`pressure on ${name}`);
  const stop = notificationsAt(testBed, 150);
  await pause(6000);
  await stop();
  rmSync(pressed);
  databaseProxy.mend();
  await pause(3000);
};
