import type { AuthorisationsClient, PatchResult } from "../sage/authorisations-client.ts";
import { createPendingWork } from "../clock/pending-work.ts";
import { type Clock, startStopwatch } from "../clock/clock.ts";
import { isDatabaseUnavailable } from "../db/db.ts";
import { errorFields, type Log } from "../log/log.ts";
import { attemptMs, retryDelayMs } from "./backoff.ts";
import {
  type AttemptRecord,
  type Delivery,
  type DeliveryStore,
  leaseSeconds,
  type Settled,
} from "./delivery-store.ts";
import { maxLateMs } from "./rate-limit.ts";

/**
 * How long a person waits for the inline attempt before they see the screen that waits, in
 * milliseconds (design decision 10).
 */
const inlineWaitMs = 2000;
/**
 * What an attempt came to is known to nobody else, so while the database is away it is kept for so
 * long.
 */
const recordForMs = 60_000;
const recordAgainMs = 500;
/** More than that are left to the loop. */
const maxFollowUps = 1000;

/** A delivery whose slot and lease this process follows by both clocks of the machine. */
interface TakenDelivery extends Delivery {
  /** Milliseconds until its slot; negative afterwards. */
  slotInMs: () => number;
  /** Milliseconds for which it is certainly still ours. */
  leaseLeftMs: () => number;
}

export interface DeliverOutcome {
  /** Takes the next due delivery, or that of one authorisation. @throws DatabaseUnavailable */
  take: (options: { authorisationId?: string }) => Promise<TakenDelivery | undefined>;
  /**
   * Sends one taken delivery when its slot has come, and records what it came to. If it has to be
   * sent again, this process does so when it is time, unless another one is first.
   */
  send: (delivery: TakenDelivery) => Promise<void>;
  /**
   * The inline attempt, made before the person leaves; resolves when it is over or after 2 s. Does
   * nothing where there is nothing to tell or somebody else has it, and leaves what fails to the
   * delivery loop.
   */
  soon: (authorisationId: string) => Promise<void>;
  /**
   * Lets go of what waits for its slot, so that another replica may have it at once, and waits for
   * what is being sent.
   */
  stop: () => Promise<void>;
}

export function createDeliverOutcome(deps: {
  outbox: DeliveryStore;
  authorisations: AuthorisationsClient;
  clock: Clock;
  log: Log;
}): DeliverOutcome {
  const { outbox, authorisations, clock, log } = deps;
  const stopping = new AbortController();
  const pending = createPendingWork();
  const followUps = createPendingWork();

  const take: DeliverOutcome["take"] = async (options) => {
    const sinceMs = startStopwatch(clock);
    const delivery = await outbox.take(options);
    if (!delivery) return undefined;
    const { waitMs } = delivery;
    // The slot is counted from the answer, so that it is never early; the lease from the question,
    // in case the process is frozen in between.
    const answeredMs = sinceMs();
    return {
      ...delivery,
      slotInMs: () => answeredMs + waitMs - sinceMs(),
      leaseLeftMs: () => waitMs + leaseSeconds * 1000 - sinceMs(),
    };
  };

  const sendInSlot = async (delivery: TakenDelivery): Promise<PatchResult | "stopped"> => {
    const { authorisationId, body, epoch, slotInMs, leaseLeftMs } = delivery;
    try {
      await clock.sleep(Math.max(0, slotInMs()), stopping.signal);
    } catch {
      return "stopped";
    }
    const shouldSend = () => slotInMs() >= -maxLateMs && leaseLeftMs() >= attemptMs(epoch);
    return clock.within(attemptMs(epoch), (signal) =>
      authorisations.patch(authorisationId, body, { signal, shouldSend }),
    );
  };

  const record = async (
    delivery: Delivery,
    attempt: AttemptRecord,
    retryInMs: number,
  ): Promise<Settled | undefined> => {
    const sinceMs = startStopwatch(clock);
    for (;;) {
      try {
        return await outbox.settle(delivery, attempt, retryInMs);
      } catch (error) {
        if (!isDatabaseUnavailable(error) || sinceMs() > recordForMs || stopping.signal.aborted)
          throw error;
        await clock.sleep(recordAgainMs);
      }
    }
  };

  const followUp = (authorisationId: string, inMs: number) => {
    if (followUps.all.size >= maxFollowUps || stopping.signal.aborted) return;
    void followUps.add(
      clock
        .sleep(inMs, stopping.signal)
        .then(
          () => attempt(authorisationId),
          () => undefined,
        )
        .catch((error: unknown) =>
          log.warn("repeat left to the loop", { authorisationId, ...errorFields(error) }),
        ),
    );
  };

  const sendNow = async (delivery: TakenDelivery, freshToken: boolean): Promise<void> => {
    const { authorisationId, epoch } = delivery;
    const elapsedMs = startStopwatch(clock);
    const answer = await sendInSlot(delivery);
    if (answer === "stopped") {
      await record(delivery, { type: "postponed", failure: "stopped", nothingLearned: true }, 0);
      return;
    }
    // The first 401 only tells that the token was revoked; the repeat takes a slot of its own, with
    // a new one (Sage’s developer pages).
    const again = answer.status === 401 && !freshToken;
    const slotMissed = answer.type === "postponed" && answer.failure === "slot-missed";
    const retryInMs = again || slotMissed ? 0 : delayOf(answer, epoch);
    const settled = await record(
      delivery,
      { ...answer, nothingLearned: again || slotMissed },
      retryInMs,
    );
    report(delivery, answer, settled, elapsedMs());
    if (settled?.state !== "pending") return;
    // A person may be waiting: a slot that was missed is followed by the next one at once.
    const repeat = again || slotMissed ? await take({ authorisationId }) : undefined;
    if (repeat) await sendNow(repeat, freshToken || again);
    else followUp(authorisationId, retryInMs);
  };

  const report = (
    { authorisationId, epoch }: Delivery,
    answer: PatchResult,
    settled: Settled | undefined,
    durationMs: number,
  ) => {
    log[settled?.state === "delivered" ? "info" : "warn"]("delivery attempt", {
      authorisationId,
      attempt: epoch,
      reason: answer.type,
      state: settled?.state ?? "lease-passed-on",
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...("failure" in answer ? { errorCode: answer.failure } : {}),
      ...("paths" in answer ? { paths: answer.paths } : {}),
      durationMs: Math.round(durationMs),
    });
    if (settled?.state === "undeliverable")
      log.error("outcome undeliverable", { authorisationId, reason: "rejected" });
    if (settled?.state === "probably_applied")
      log.error("outcome probably applied", { authorisationId });
    if (settled?.pause === "begun")
      log.error("deliveries paused", {
        reason: "failure" in answer ? answer.failure : answer.type,
      });
    if (settled?.pause === "ended") log.info("deliveries resumed");
  };

  const send: DeliverOutcome["send"] = async (delivery) => {
    await pending.add(sendNow(delivery, false));
  };

  const attempt = async (authorisationId: string) => {
    const delivery = await take({ authorisationId });
    if (delivery) await send(delivery);
  };

  return {
    take,
    send,
    async soon(authorisationId) {
      const attempting = attempt(authorisationId).catch((error: unknown) =>
        log.warn("inline attempt left to the loop", { authorisationId, ...errorFields(error) }),
      );
      await clock.atMost(inlineWaitMs, attempting);
    },
    async stop() {
      stopping.abort();
      await Promise.all([pending.settled(), followUps.settled()]);
    },
  };
}

function delayOf(answer: PatchResult, epoch: number): number {
  return retryDelayMs(epoch, {
    random: Math.random,
    retryAfterMs: answer.type === "postponed" ? answer.retryAfterMs : undefined,
  });
}
