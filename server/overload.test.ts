import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate as settle } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../lib/clock/clock.ts";
import { createGate } from "../lib/db/gate.ts";
import { shedLoad } from "./load-shedding.ts";

/** A clock that goes from one moment at which something happens to the next. */
function virtualTime() {
  let now = 0;
  const moments: { at: number; happen: () => void }[] = [];
  const after = (ms: number) =>
    new Promise<void>((happen) => moments.push({ at: now + ms, happen }));
  const clock: Clock = {
    ...systemClock,
    monotonicMs: () => now,
    atMost: (ms, work) =>
      Promise.race([
        after(ms),
        work.then(
          () => undefined,
          () => undefined,
        ),
      ]),
  };
  return {
    clock,
    after,
    async run() {
      for (;;) {
        moments.sort((a, b) => a.at - b.at);
        const next = moments.shift();
        if (!next) return;
        now = next.at;
        next.happen();
        await settle();
      }
    },
  };
}

/**
 * Twenty seconds of people in the middle of a journey and of newcomers, in front of a database
 * whose statements take so long.
 */
async function simulateLoad({
  statementMs,
  newcomersPerSecond,
  people = 20,
}: {
  statementMs: (at: number) => number;
  newcomersPerSecond: number;
  people?: number;
}) {
  const { clock, after, run } = virtualTime();
  const gate = createGate({ capacity: 10, maxWaiting: 2000, clock });
  const answers = {
    person: { served: 0, refused: 0, waitsMs: [] as number[] },
    entry: { served: 0, refused: 0, waitsMs: [] as number[] },
  };
  const load = shedLoad(
    async (request) => {
      const kind = request.url === "/authrefresh" ? answers.entry : answers.person;
      const cameAt = clock.monotonicMs();
      try {
        const leave = await gate.enter(2500);
        kind.waitsMs.push(clock.monotonicMs() - cameAt);
        await after(statementMs(clock.monotonicMs()));
        leave();
        kind.served += 1;
      } catch {
        kind.refused += 1;
      }
    },
    {
      read: () => ({ source: "database-queue", pressure: gate.pressure() }),
      note: () => undefined,
    },
  );
  const come = (url: string, perSecond: number, kind: { refused: number }) => {
    const response = {
      once: () => undefined,
      writeHead: () => ({ end: () => void (kind.refused += 1) }),
    } as unknown as ServerResponse;
    // Not in step with each other.
    for (let count = 0; count < 20 * perSecond; count += 1)
      void after((1000 * (count + ((count * 0.618) % 1))) / perSecond).then(
        () => void load.handle({ url } as IncomingMessage, response),
      );
  };
  come("/authrefresh/handle", people, answers.person);
  come("/authrefresh", newcomersPerSecond, answers.entry);
  await run();
  return answers;
}

describe("in front of a database that, after two seconds, can do a quarter of what is asked of it", () => {
  it("who is in the middle of a journey is served, because who is new is turned away", async () => {
    const { person, entry } = await simulateLoad({
      statementMs: (at) => (at < 2000 ? 10 : 300),
      newcomersPerSecond: 120,
    });
    expect(person).toMatchObject({ refused: 0, served: 400 });
    expect(Math.max(...person.waitsMs)).toBeLessThan(2000);
    expect(entry.refused).toBeGreaterThan(entry.served);
    // What it can do is still done.
    expect(person.served + entry.served).toBeGreaterThan(0.95 * 18 * (10 / 0.3));
  });
});

describe("nobody is turned away", () => {
  it("by a database that can do what is asked of it", async () => {
    const { person, entry } = await simulateLoad({
      statementMs: () => 50,
      newcomersPerSecond: 120,
    });
    expect([person.refused, entry.refused]).toEqual([0, 0]);
  });
  it("for more than a moment when the database stands still for one, and nobody in the middle of a journey", async () => {
    const { person, entry } = await simulateLoad({
      statementMs: (at) => (at % 5000 < 1500 ? 1500 - (at % 5000) : 10),
      newcomersPerSecond: 120,
    });
    expect(person.refused).toBe(0);
    expect(entry.refused).toBeLessThan(0.01 * entry.served);
  });
});
