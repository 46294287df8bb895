import { randomUUID } from "node:crypto";
import type { Call } from "../bench/http-client.mjs";
import type { TestBed } from "./test-bed.ts";
import type { Answered } from "./history.ts";

/** A request, and the statuses that are right for it. */
export interface Asked {
  call: Call;
  right: readonly number[];
  /** The authorisation it is about. */
  id?: string;
}

/**
 * Sends requests at a steady pace, however long their answers take, and notes each answer.
 * @returns what stops it; resolves when the last answer is there.
 */
export function streamOf(
  testBed: Pick<TestBed, "history"> & { balancer: Pick<TestBed["balancer"], "send"> },
  kind: Answered["call"],
  perSecond: number,
  next: () => Asked,
): () => Promise<void> {
  const pending = new Set<Promise<void>>();
  const send = async () => {
    const { call, right, id } = next();
    const { replica, status, ms, headers, failure } = await testBed.balancer.send(call);
    testBed.history.note({
      what: "answer",
      call: kind,
      ...(id === undefined ? {} : { id }),
      replica,
      status,
      ms: Math.round(ms),
      retryAfter: headers["retry-after"]?.toString(),
      failure,
      right,
    });
  };
  const from = performance.now();
  let sent = 0;
  const timer = setInterval(
    () => {
      const due = Math.floor(((performance.now() - from) / 1000) * perSecond);
      // After a pause of ours what was missed is not made up for in one burst.
      sent = Math.max(sent, due - Math.ceil(perSecond / 10));
      for (; sent < due; sent++) {
        const sending: Promise<void> = send().finally(() => pending.delete(sending));
        pending.add(sending);
      }
    },
    Math.max(5, 500 / perSecond),
  );
  // A scenario that broke off does not stop it.
  timer.unref();
  return async () => {
    clearInterval(timer);
    await Promise.all(pending);
  };
}

/** New notifications at a steady pace. @returns what stops them */
export const notificationsAt = (testBed: TestBed, perSecond: number): (() => Promise<void>) =>
  streamOf(testBed, "notification", perSecond, (): Asked => {
    const id = randomUUID();
    return { call: testBed.world.notification(id), right: [200], id };
  });
