import type { AuthorisationsClient, PatchResult } from "../sage/authorisations-client.ts";
import { type Clock, startWatch } from "../clock/clock.ts";
import { isDatabaseAway } from "../db/db.ts";
import { errorFields, type Log } from "../log/log.ts";
import { attemptMs, retryDelayMs } from "./backoff.ts";
import { createDatabaseTime } from "./database-time.ts";
import type {
  AttemptRecord,
  Delivery,
  DeliveryStore,
  Settled,
  SendSlot,
} from "./delivery-store.ts";
import { latenessMs } from "./rate-limit.ts";

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

/** A turn as this process sees it. */
interface WatchedTurn extends SendSlot {
  /**
   * Milliseconds since before it was asked for; a process that is frozen or suspended at any moment
   * after that will know.
   */
  sinceMs: () => number;
  /** How long from then until the turn. */
  dueMs: number;
}
export type TakenDelivery = Delivery & WatchedTurn;

export interface DeliverOutcome {
  /** Takes the next due delivery, or that of one authorisation. @throws DatabaseAway */
  take(options: { authorisationId?: string }): Promise<TakenDelivery | undefined>;
  /**
   * Sends one taken delivery when its turn has come, and records what it came to. If it has to be
   * sent again, this process does so when it is time, unless another one is first.
   */
  send(delivery: TakenDelivery): Promise<void>;
  /**
   * The inline attempt, made before the person leaves; resolves when it is over or after 2 s. Does
   * nothing where there is nothing to tell or somebody else has it, and leaves what fails to the
   * delivery loop.
   */
  soon(authorisationId: string): Promise<void>;
  /**
   * Lets go of what waits for its turn, so that another replica may have it at once, and waits for
   * what is being sent.
   */
  stop(): Promise<void>;
}

export function createDeliverOutcome(deps: {
  outbox: DeliveryStore;
  authorisations: AuthorisationsClient;
  clock: Clock;
  log: Log;
}): DeliverOutcome {
  const { outbox, authorisations, clock, log } = deps;
  const stopping = new AbortController();
  const pending = new Set<Promise<void>>();
  const followUps = new Set<Promise<void>>();

  const databaseTime = createDatabaseTime();

  const watched = async <T extends SendSlot>(
    ask: () => Promise<T | undefined>,
  ): Promise<(T & WatchedTurn) | undefined> => {
    const sinceMs = startWatch(clock);
    const askedAt = clock.monotonicMs();
    const result = await ask();
    if (!result) return undefined;
    const there = databaseTime({ askedAt, answeredAt: clock.monotonicMs(), at: result.at });
    return { ...result, sinceMs, dueMs: there - askedAt + result.waitMs };
  };
  const take: DeliverOutcome["take"] = (options) => watched(() => outbox.take(options));

  // At the moment of sending: a turn that has passed would exceed the rate together with those
  // after it, and long after it the lease belongs to somebody else. Who was late asks the database
  // for another turn, and it knows who holds the lease.
  const sendInTurn = async (delivery: TakenDelivery): Promise<PatchResult | "stopped"> => {
    let result: WatchedTurn | undefined = delivery;
    for (const nextLateMs of [...latenessMs, undefined]) {
      const { dueMs, lateMs, sinceMs } = result;
      try {
        await clock.sleep(Math.max(0, dueMs - sinceMs()), stopping.signal);
      } catch {
        return "stopped";
      }
      const shouldSend = () => sinceMs() <= dueMs + lateMs;
      const answer = await clock.within(attemptMs(delivery.epoch), (signal) =>
        authorisations.patch(delivery.authorisationId, delivery.body, { signal, shouldSend }),
      );
      if (answer.type !== "postponed" || answer.failure !== "turn-missed") return answer;
      result =
        nextLateMs === undefined
          ? undefined
          : await watched(() => outbox.anotherTurn(delivery, nextLateMs));
      if (!result) break;
    }
    return { type: "postponed", failure: "turn-missed" };
  };

  const record = async (
    delivery: Delivery,
    attempt: AttemptRecord,
    retryInMs: number,
  ): Promise<Settled | undefined> => {
    const sinceMs = startWatch(clock);
    for (;;) {
      try {
        return await outbox.settle(delivery, attempt, retryInMs);
      } catch (error) {
        if (!isDatabaseAway(error) || sinceMs() > recordForMs || stopping.signal.aborted)
          throw error;
        await clock.sleep(recordAgainMs);
      }
    }
  };

  const followUp = (authorisationId: string, inMs: number) => {
    if (followUps.size >= maxFollowUps || stopping.signal.aborted) return;
    const following: Promise<void> = clock
      .sleep(inMs, stopping.signal)
      .then(
        () => attempt(authorisationId),
        () => undefined,
      )
      .catch((error: unknown) =>
        log.warn("repeat left to the loop", { authorisationId, ...errorFields(error) }),
      )
      .finally(() => followUps.delete(following));
    followUps.add(following);
  };

  const sendNow = async (delivery: TakenDelivery, freshToken: boolean): Promise<void> => {
    const { authorisationId, epoch } = delivery;
    const elapsedMs = startWatch(clock);
    const answer = await sendInTurn(delivery);
    if (answer === "stopped") {
      await record(delivery, { type: "postponed", failure: "stopped", nothingLearned: true }, 0);
      return;
    }
    // The first 401 only tells that the token was revoked; the repeat takes a turn of its own, with
    // a new one (domain.md).
    const again = answer.status === 401 && !freshToken;
    const retryInMs = again ? 0 : delayOf(answer, epoch);
    const missed = answer.type === "postponed" && answer.failure === "turn-missed";
    const settled = await record(
      delivery,
      { ...answer, nothingLearned: again || missed },
      retryInMs,
    );
    report(delivery, answer, settled, elapsedMs());
    if (settled?.state !== "pending") return;
    const repeat = again ? await take({ authorisationId }) : undefined;
    if (repeat) await sendNow(repeat, true);
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
    const sending: Promise<void> = sendNow(delivery, false).finally(() => pending.delete(sending));
    pending.add(sending);
    await sending;
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
      await Promise.allSettled([...pending, ...followUps]);
    },
  };
}

function delayOf(answer: PatchResult, epoch: number): number {
  if (answer.type === "postponed" && answer.failure === "turn-missed")
    return retryDelayMs(1, { random: Math.random });
  return retryDelayMs(epoch, {
    random: Math.random,
    retryAfterMs: answer.type === "postponed" ? answer.retryAfterMs : undefined,
  });
}
