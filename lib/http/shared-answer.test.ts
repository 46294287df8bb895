import { expect, test, vi } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { sharedAnswer } from "./shared-answer.ts";

function stage() {
  let nowMs = 0;
  const waiting: { resolve: (answer: number) => void; reject: (error: Error) => void }[] = [];
  const ask = vi.fn(
    () => new Promise<number>((resolve, reject) => void waiting.push({ resolve, reject })),
  );
  const answer = sharedAnswer(ask, {
    forMs: 500,
    clock: { ...systemClock, now: () => new Date(nowMs), monotonicMs: () => nowMs },
  });
  return { ask, answer, waiting, pass: (ms: number) => void (nowMs += ms) };
}

test("a hundred who ask at once cost one question, and all have its answer", async () => {
  const { ask, answer, waiting } = stage();
  const answers = Promise.all(Array.from({ length: 100 }, () => answer()));
  waiting[0]?.resolve(1);
  expect(new Set(await answers)).toEqual(new Set([1]));
  expect(ask).toHaveBeenCalledTimes(1);
});

test("an answer is given for half a second from when it came, and not longer", async () => {
  const { ask, answer, waiting, pass } = stage();
  const first = answer();
  pass(2000);
  waiting[0]?.resolve(1);
  expect(await first).toBe(1);
  pass(499);
  expect(await answer()).toBe(1);
  expect(ask).toHaveBeenCalledTimes(1);
  pass(1);
  const second = answer();
  waiting[1]?.resolve(2);
  expect(await second).toBe(2);
});

test("a failure is told to those who waited, and the next one asks again", async () => {
  const { answer, waiting } = stage();
  const failing = [answer(), answer()].map((one) => expect(one).rejects.toThrow("away"));
  waiting[0]?.reject(new Error("away"));
  await Promise.all(failing);
  const next = answer();
  waiting[1]?.resolve(3);
  expect(await next).toBe(3);
});
