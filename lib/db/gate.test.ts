import { describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../clock/clock.ts";
import { createGate } from "./gate.ts";

const patient: Clock = { ...systemClock, atMost: async (_, work) => void (await work) };
const impatient: Clock = { ...systemClock, atMost: async () => undefined };

describe("a gate", () => {
  test("lets in as many as it has places, and the others in order", async () => {
    const gate = createGate({ capacity: 2, maxWaiting: 10, clock: patient });
    const order: number[] = [];
    const outs = await Promise.all([gate.enter(1), gate.enter(1)]);
    const waiting = [1, 2, 3].map(async (number) => {
      const out = await gate.enter(1000);
      order.push(number);
      out();
    });
    expect(gate.pressure()).toBe(0.3);
    outs[0]();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
    expect(gate.pressure()).toBe(0);
  });

  test("turns away at once who would make the queue too long", async () => {
    const gate = createGate({ capacity: 1, maxWaiting: 1, clock: patient });
    const out = await gate.enter(1);
    const second = gate.enter(1000);
    await expect(gate.enter(1000)).rejects.toMatchObject({ code: "queue-full" });
    out();
    await second;
  });

  test("turns away who has waited too long, and loses no place by it", async () => {
    const gate = createGate({ capacity: 1, maxWaiting: 5, clock: impatient });
    const out = await gate.enter(1);
    await expect(gate.enter(1)).rejects.toMatchObject({ code: "queue-slow" });
    out();
    (await gate.enter(1))();
    await gate.enter(1);
    await expect(gate.enter(1)).rejects.toMatchObject({ code: "queue-slow" });
  });

  test("counts a way out taken twice once", async () => {
    const gate = createGate({ capacity: 1, maxWaiting: 1, clock: impatient });
    const out = await gate.enter(1);
    out();
    out();
    await gate.enter(1);
    await expect(gate.enter(1)).rejects.toMatchObject({ code: "queue-slow" });
  });

  describe("presses", () => {
    /** A gate of two places in which people stayed so long each, and a third of them waits. */
    async function queued(staysMs: number[], waiting = 2) {
      let now = 0;
      const gate = createGate({
        capacity: 2,
        maxWaiting: 1000,
        clock: { ...patient, monotonicMs: () => now },
      });
      for (const stayMs of staysMs) {
        const out = await gate.enter(1);
        now += stayMs;
        out();
      }
      for (let count = 0; count < 2 + waiting; count += 1) void gate.enter(10_000);
      return gate.pressure();
    }
    test("by what the next one would wait", async () => {
      expect(await queued([300, 300, 300, 300], 2)).toBeCloseTo(0.3);
      expect(await queued([300, 300, 300, 300], 4)).toBeCloseTo(0.6);
    });
    test("not so much by that alone that it would turn away who is in the middle of a journey", async () => {
      expect(await queued([3000, 3000, 3000, 3000])).toBe(0.95);
    });
    test("not by one that stayed long, nor by what was long ago", async () => {
      expect(await queued([5, 5, 2500, 5])).toBeLessThan(0.01);
      expect(await queued([2500, 2500, 2500, 2500, 5, 5, 5])).toBeLessThan(0.01);
    });
    test("not by what opening connections takes", async () => {
      expect(await queued([900, 900])).toBeLessThan(0.01);
      expect(await queued([900, 900, 5, 5])).toBeLessThan(0.01);
    });
    test("not when nobody waits", async () => {
      expect(await queued([2500, 2500, 2500, 2500], 0)).toBe(0);
    });
  });
});
