import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { refusals } from "../phrases.ts";
import type { Scenario } from "../scenario.ts";
import { type Asked, streamOf } from "../stream-of.ts";

const file = path.join(tmpdir(), `connector-pressure-${process.pid}-`);
const heapLimitMegabytes = 256;
const calm = { heapMegabytes: 0, loopMs: 0 };
/**
 * What presses one replica: its heap nearly full (some 70 MB are the connector's own), its loop
 * held up for half a second at a time. The third kind is a slow database, which presses all of
 * them.
 */
const presses = [
  ["heap", { heapMegabytes: 150, loopMs: 0 }],
  ["event loop", { heapMegabytes: 0, loopMs: 500 }],
  ["pool", calm],
] as const;

export const pressure: Scenario = {
  name: "pressure",
  fault:
    "heap nearly full, event loop held up, a pool of 2 connections to a slow database; " +
    "150 newcomers a second",
  promised:
    "shed with 503 + Retry-After, in ≤ 5 s although each turn of the held-up loop takes " +
    "half a second; fixed limits; no crash; people in the middle go on",
  // A request takes turns of the loop before and after the 2.8 s its statements get; a database
  // that is away leaves the loop alone.
  promises: {
    may503: true,
    late503Ms: 5000,
    mayCut: false,
    delivery: { share: 0.95, withinMs: 15_000 },
    atLeast: { "turned away": 1 },
  },
  testBed: {
    settings: { PROVIDER_API_REQUESTS_PER_SECOND: "100", DATABASE_POOL_SIZE: "2" },
    environment: (replica) => ({
      CHAOS_PRESSURE: `${file}${replica}`,
      NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, "../press.mjs")).href} --max-old-space-size=${heapLimitMegabytes}`,
    }),
  },
  rounds: 6,
  async run(testBed, rounds) {
    const { load, history, world, replicas, databaseProxy } = testBed;
    const people = load({ persons: 40 });
    await pause(8000);
    for (let round = 0; round < rounds; round++) {
      const [name, press] = presses[round % presses.length] ?? presses[0];
      const replica = replicas[round % replicas.length]?.number ?? 1;
      writeFileSync(`${file}${replica}`, JSON.stringify(press));
      if (name === "pool") databaseProxy.slowDown(60);
      history.note({ what: "fault", fault: `pressure on ${name}`, count: 1 });
      const stop = streamOf(testBed, "notification", 150, (): Asked => {
        const id = randomUUID();
        return { call: world.notification(id), right: [200], id };
      });
      await pause(6000);
      await stop();
      writeFileSync(`${file}${replica}`, JSON.stringify(calm));
      databaseProxy.mend();
      await pause(3000);
    }
    await people.stop();
    history.note({
      what: "measured",
      name: "turned away",
      value: history.events.filter((event) => event.what === "answer" && event.status === 503)
        .length,
    });
  },
  measured: refusals,
};
