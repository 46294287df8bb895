import { type Clock, startStopwatch } from "../clock/clock.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import { isDatabaseUnavailable } from "../db/db.ts";
import { errorFields, type Log, type LogFields } from "../log/log.ts";

/**
 * What an attempt came to is known to nobody else, so while the database is away it is kept for so
 * long.
 */
const recordForMs = 60_000;
const recordAgainMs = 500;
/** More than that are left to the loop. */
const maxFollowUps = 1000;
/** A repeat later than that is left to the loop, too. */
const maxFollowUpMs = 60_000;

/**
 * Something to be delivered, taken under a lease: `epoch` fences every later write, and is the
 * number of the attempt.
 */
export interface Lease {
  id: string;
  epoch: number;
  /** How long until it may be sent, in milliseconds. */
  waitMs: number;
}

/** A lease that this process follows by both clocks of the machine. */
export type Taken<Delivery extends Lease> = Delivery & {
  /** Milliseconds until its slot; negative afterwards. */
  slotInMs: () => number;
  /** Milliseconds for which it is certainly still ours. */
  leaseLeftMs: () => number;
};

/** What is done after an attempt, beside recording it. */
interface NextAttempt {
  retryInMs: number;
  /** Whether this process takes it again at once: it was not sent, or not judged. */
  atOnce?: "slot-missed" | "refreshed" | undefined;
}

/** What a recorded attempt came to; `retryInMs` where the database decided how long to wait. */
interface SettledState {
  state: string;
  retryInMs?: number;
}

/** One place that things are delivered to: its rows, and what is particular about sending there. */
export interface Destination<
  Delivery extends Lease,
  Attempt,
  Settled extends SettledState = SettledState,
> {
  /** How the log names one of its deliveries. */
  fields: (id: string) => LogFields;
  /** How long a delivery belongs to the one who took it, in seconds from its slot. */
  leaseSeconds: number;
  /** Takes the next that is due, or one of them by its id. @throws DatabaseUnavailable */
  take: (options: { id?: string }) => Promise<Delivery | undefined>;
  /** Records an attempt. @returns undefined when the lease had passed on. @throws DatabaseUnavailable */
  settle: (delivery: Delivery, attempt: Attempt, next: NextAttempt) => Promise<Settled | undefined>;
  /** How long an attempt may take, in milliseconds; shorter than the lease. */
  attemptMs: (epoch: number) => number;
  send: (delivery: Taken<Delivery>, signal: AbortSignal) => Promise<Attempt>;
  /** What is recorded of one that was let go of before it was sent. */
  notSent: Attempt;
  /** @param refreshed whether it was sent again at once because its credentials had ended. */
  next: (delivery: Delivery, attempt: Attempt, refreshed: boolean) => NextAttempt;
  /** Writes the log, and passes on what follows from it. */
  report: (
    delivery: Delivery,
    attempt: Attempt,
    settled: Settled | undefined,
    durationMs: number,
  ) => void | Promise<void>;
}

export interface Deliverer<Delivery extends Lease> {
  /** @throws DatabaseUnavailable */
  take: (options: { id?: string }) => Promise<Taken<Delivery> | undefined>;
  /**
   * Sends one taken delivery when its slot has come, and records what it came to. If it has to be
   * sent again, this process does so when it is time, unless another one is first.
   */
  send: (delivery: Taken<Delivery>) => Promise<void>;
  /**
   * Sends one now if it is due. Does nothing where there is nothing to send or somebody else has
   * it, and leaves what fails to the delivery loop.
   */
  attempt: (id: string) => Promise<void>;
  /**
   * Lets go of what waits for its slot, so that another replica may have it at once, and waits for
   * what is being sent.
   */
  stop: () => Promise<void>;
}

/**
 * Delivers to one destination. Rows, leases and epochs are the destination's; whoever took a
 * delivery and died loses it when the lease ends.
 */
export function createDeliverer<
  Delivery extends Lease,
  Attempt,
  Settled extends SettledState,
>(deps: {
  destination: Destination<Delivery, Attempt, Settled>;
  clock: Clock;
  log: Log;
}): Deliverer<Delivery> {
  const { destination, clock, log } = deps;
  const stopping = new AbortController();
  const pending = createPendingWork();
  const followUps = createPendingWork();

  const take: Deliverer<Delivery>["take"] = async (options) => {
    const sinceMs = startStopwatch(clock);
    const delivery = await destination.take(options);
    if (!delivery) return undefined;
    const { waitMs } = delivery;
    // The slot is counted from the answer, so that it is never early; the lease from the question,
    // in case the process is frozen in between.
    const answeredMs = sinceMs();
    return {
      ...delivery,
      slotInMs: () => answeredMs + waitMs - sinceMs(),
      leaseLeftMs: () => waitMs + destination.leaseSeconds * 1000 - sinceMs(),
    };
  };

  const sendInSlot = async (delivery: Taken<Delivery>): Promise<Attempt | "stopped"> => {
    try {
      await clock.sleep(Math.max(0, delivery.slotInMs()), stopping.signal);
    } catch {
      return "stopped";
    }
    return clock.within(destination.attemptMs(delivery.epoch), (signal) =>
      destination.send(delivery, signal),
    );
  };

  const record = async (
    delivery: Delivery,
    attempt: Attempt,
    next: NextAttempt,
  ): Promise<Settled | undefined> => {
    const sinceMs = startStopwatch(clock);
    for (;;) {
      try {
        return await destination.settle(delivery, attempt, next);
      } catch (error) {
        if (!isDatabaseUnavailable(error) || sinceMs() > recordForMs || stopping.signal.aborted)
          throw error;
        await clock.sleep(recordAgainMs);
      }
    }
  };

  const followUp = (id: string, inMs: number) => {
    const full = followUps.all.size >= maxFollowUps;
    if (full || inMs > maxFollowUpMs || stopping.signal.aborted) return;
    void followUps.add(
      clock
        .sleep(inMs, stopping.signal)
        .then(
          () => attempt(id),
          () => undefined,
        )
        .catch((error: unknown) =>
          log.warn("repeat left to the loop", { ...destination.fields(id), ...errorFields(error) }),
        ),
    );
  };

  const sendNow = async (delivery: Taken<Delivery>, refreshed: boolean): Promise<void> => {
    const elapsedMs = startStopwatch(clock);
    const attempt = await sendInSlot(delivery);
    if (attempt === "stopped") {
      await record(delivery, destination.notSent, { retryInMs: 0, atOnce: "slot-missed" });
      return;
    }
    const next = destination.next(delivery, attempt, refreshed);
    const settled = await record(delivery, attempt, next);
    await destination.report(delivery, attempt, settled, elapsedMs());
    if (settled?.state !== "pending") return;
    // A person may be waiting: a slot that was missed is followed by the next one at once.
    const repeat = next.atOnce ? await take({ id: delivery.id }) : undefined;
    if (repeat) await sendNow(repeat, refreshed || next.atOnce === "refreshed");
    else followUp(delivery.id, settled.retryInMs ?? next.retryInMs);
  };

  const send: Deliverer<Delivery>["send"] = async (delivery) => {
    await pending.add(sendNow(delivery, false));
  };

  const attempt = async (id: string) => {
    const delivery = await take({ id });
    if (delivery) await send(delivery);
  };

  return {
    take,
    send,
    attempt,
    async stop() {
      stopping.abort();
      await Promise.all([pending.settled(), followUps.settled()]);
    },
  };
}
