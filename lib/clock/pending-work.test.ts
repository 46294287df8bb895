import { expect, test } from "vitest";
import { createPendingWork } from "./pending-work.ts";

test("work is pending until it ends, well or badly, and settled() waits for all of it", async () => {
  const pending = createPendingWork();
  let succeed: (value: number) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const added = pending.add(new Promise<number>((resolve) => (succeed = resolve)));
  const failing = pending.add(new Promise<number>((_, reject) => (fail = reject)));
  const failed = expect(failing).rejects.toThrow("no");
  expect(pending.all.size).toBe(2);
  let settled = false;
  const waiting = pending.settled().then(() => (settled = true));
  succeed(1);
  expect(await added).toBe(1);
  expect([pending.all.size, settled]).toEqual([1, false]);
  fail(new Error("no"));
  await waiting;
  await failed;
  expect(pending.all.size).toBe(0);
});
