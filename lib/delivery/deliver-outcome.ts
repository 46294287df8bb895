import type { AuthorisationsClient, PatchResult } from "../sage/authorisations-client.ts";
import type { Clock } from "../clock/clock.ts";
import { errorFields, type Log } from "../log/log.ts";
import { attemptMs, retryDelayMs } from "./backoff.ts";
import { createDeliverer, type Destination, type Taken } from "./deliverer.ts";
import { type Delivery, type DeliveryStore, leaseSeconds, type Settled } from "./delivery-store.ts";
import { maxLateMs } from "./rate-limit.ts";

/**
 * How long a person waits for the inline attempt before they see the screen that waits, in
 * milliseconds (design decision 10).
 */
const inlineWaitMs = 2000;

type OutcomeDelivery = Delivery & { id: string };
type Answer = PatchResult | { type: "postponed"; failure: "stopped"; status?: undefined };

export interface DeliverOutcome {
  /** Takes the next due delivery, or that of one authorisation. @throws DatabaseUnavailable */
  take: (options: { authorisationId?: string }) => Promise<Taken<OutcomeDelivery> | undefined>;
  /**
   * Sends one taken delivery when its slot has come, and records what it came to. If it has to be
   * sent again, this process does so when it is time, unless another one is first.
   */
  send: (delivery: Taken<OutcomeDelivery>) => Promise<void>;
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

/**
 * @param deps `before`: what has to happen before Sage is told, where something has: the
 *   provider's own systems are told first.
 */
export function createDeliverOutcome(deps: {
  outbox: DeliveryStore;
  authorisations: AuthorisationsClient;
  before?: (authorisationId: string) => Promise<void>;
  clock: Clock;
  log: Log;
}): DeliverOutcome {
  const { outbox, authorisations, before, clock, log } = deps;

  const report = (
    { authorisationId, epoch }: Delivery,
    answer: Answer,
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

  const sage: Destination<OutcomeDelivery, Answer, Settled> = {
    leaseSeconds,
    fields: (authorisationId) => ({ authorisationId }),
    async take({ id }) {
      const taken = await outbox.take(id === undefined ? {} : { authorisationId: id });
      return taken && { ...taken, id: taken.authorisationId };
    },
    settle: (delivery, answer, { retryInMs, atOnce }) =>
      outbox.settle(delivery, { ...answer, nothingLearned: atOnce !== undefined }, retryInMs),
    attemptMs,
    send: ({ authorisationId, body, epoch, slotInMs, leaseLeftMs }, signal) =>
      authorisations.patch(authorisationId, body, {
        signal,
        shouldSend: () => slotInMs() >= -maxLateMs && leaseLeftMs() >= attemptMs(epoch),
      }),
    notSent: { type: "postponed", failure: "stopped" },
    next({ epoch }, answer, refreshed) {
      if (answer.type === "postponed" && answer.failure === "slot-missed")
        return { retryInMs: 0, atOnce: "slot-missed" };
      // The first 401 only tells that the token was revoked; the repeat takes a slot of its own,
      // with a new one (Sage’s developer pages).
      if (answer.status === 401 && !refreshed) return { retryInMs: 0, atOnce: "refreshed" };
      const retryAfterMs =
        answer.type === "postponed" && "retryAfterMs" in answer ? answer.retryAfterMs : undefined;
      return { retryInMs: retryDelayMs(epoch, { random: Math.random, retryAfterMs }) };
    },
    report,
  };
  const deliverer = createDeliverer({ destination: sage, clock, log });

  return {
    take: ({ authorisationId: id }) => deliverer.take(id === undefined ? {} : { id }),
    send: deliverer.send,
    async soon(authorisationId) {
      const attempting = (async () => {
        await before?.(authorisationId);
        await deliverer.attempt(authorisationId);
      })().catch((error: unknown) =>
        log.warn("inline attempt left to the loop", { authorisationId, ...errorFields(error) }),
      );
      await clock.atMost(inlineWaitMs, attempting);
    },
    stop: deliverer.stop,
  };
}
