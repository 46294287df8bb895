import { createAuditStore } from "./authorisations/audit-store.ts";
import { createAuthorisationStore } from "./authorisations/authorisation-store.ts";
import { createAwaitNotification } from "./authorisations/await-notification.ts";
import { createRetentionStore } from "./authorisations/retention-store.ts";
import { createSessionStore } from "./authorisations/session-store.ts";
import type { BankAdapter } from "./banks/bank-adapter.ts";
import { banksFileProblems, openBanks } from "./banks/open-banks.ts";
import { createNotificationStore } from "./notifications/notification-store.ts";
import { createReceiveBankCall } from "./notifications/receive-bank-call.ts";
import { createReceiveNotification } from "./notifications/receive-notification.ts";
import { deliverDueOutcomes } from "./outcomes/deliver-due-outcomes.ts";
import { createDeliverOutcome } from "./outcomes/deliver-outcome.ts";
import { createOutboxStore } from "./outcomes/outbox-store.ts";
import { outcomeBody } from "./outcomes/outcome.ts";
import { createUpkeep } from "./outcomes/upkeep.ts";
import { loadAssets } from "./platform/assets.ts";
import { type Clock, systemClock } from "./platform/clock.ts";
import { contentSecurityPolicy } from "./platform/csp.ts";
import { openDb } from "./platform/db.ts";
import { processSettings, type Settings, SettingsError } from "./platform/env.ts";
import { ancestorPattern } from "./platform/frame-ancestors.ts";
import { createHttpClient } from "./platform/http.ts";
import { createLog } from "./platform/log.ts";
import { createReadiness } from "./platform/readiness.ts";
import { createSeals } from "./platform/seal.ts";
import { sharedAnswer } from "./platform/shared-answer.ts";
import { createAccessTokenSource } from "./sage/access-token.ts";
import { createAuthorisationsClient } from "./sage/authorisations-client.ts";
import { createSenderVerifier } from "./sage/verify-sender.ts";
import { createAskBank } from "./wizard/ask-bank.ts";
import { createRequestFor } from "./wizard/bank-request.ts";
import { createDepartToBank } from "./wizard/depart-to-bank.ts";
import { createCancelAtBank } from "./wizard/cancel-at-bank.ts";
import { createEnter } from "./wizard/enter.ts";
import { createNudge } from "./wizard/nudge.ts";
import { createPollBank } from "./wizard/poll-bank.ts";
import { createReturnFromBank } from "./wizard/return-from-bank.ts";
import { createSessionSteps } from "./wizard/session-steps.ts";
import { createShowStep } from "./wizard/show-step.ts";
import { createStart } from "./wizard/start.ts";
import { createChangeLanguage } from "./wizard/change-language.ts";
import { createSubmitAnswer } from "./wizard/submit-answer.ts";
import { createWatchStep } from "./wizard/watch-step.ts";
import { createWayBack } from "./wizard/way-back.ts";

/**
 * The composition root: the only place that joins settings, database, clock, clients, adapters and
 * use cases.
 * @param replaced for tests: a bank that does what a test says, a clock that does not wait as long.
 */
export function createServices(
  settings: Settings,
  replaced: { bank?: BankAdapter; clock?: Clock } = {},
) {
  const clock = replaced.clock ?? systemClock;
  const log = createLog(settings.logLevel);
  const db = openDb(settings.databaseUrl, { poolSize: settings.databasePoolSize });
  const http = createHttpClient({ timeoutMs: 4000, publicHosts: true });
  // Bounded by the attempt it belongs to (backoff.ts).
  const providerHttp = createHttpClient({ timeoutMs: 10_000, publicHosts: true });
  const seals = createSeals(settings.sealKeys);
  const banks = openBanks(settings, { clock, log, stored: { db, seals } });
  const bank = replaced.bank ?? banks.all;

  const authorisations = createAuthorisationStore(db);
  const sessions = createSessionStore(db);
  const notifications = createNotificationStore(db, {
    lifetimeSeconds: settings.authorisationLifetimeSeconds,
  });
  const retention = createRetentionStore(db, settings);
  const audit = createAuditStore(db);
  const outbox = createOutboxStore(db, settings.providerApi);

  const { sageId } = settings;
  const token = createAccessTokenSource(
    {
      tokenUrl: sageId.tokenUrl,
      clientId: sageId.clientId,
      clientSecret: sageId.clientSecret,
      audience: settings.providerApi.audience,
    },
    { http, clock },
  );
  const deliver = createDeliverOutcome({
    outbox,
    authorisations: createAuthorisationsClient(settings.providerApi, {
      http: providerHttp,
      token,
      clock,
    }),
    clock,
    log,
  });

  const steps = createSessionSteps({ sessions, outbox, providerApi: settings.providerApi, log });
  const askBank = createAskBank({ bank, steps, deliver, clock, log });
  const requestFor = createRequestFor({ publicUrl: settings.publicUrl, seals });
  const pollBank = createPollBank({ bank, sessions, steps, deliver, requestFor, clock, log });
  const cancelAtBank = createCancelAtBank({ bank, requestFor, clock, log });
  const submitAnswer = createSubmitAnswer({
    sessions,
    steps,
    bank,
    askBank,
    deliver,
    seals,
    pollBank,
    changeLanguage: createChangeLanguage({ sessions, steps }),
    cancelAtBank,
    requestFor,
    clock,
  });
  const awaitNotification = createAwaitNotification({ authorisations, clock });
  const enter = createEnter({
    authorisations,
    awaitNotification,
    bank,
    seals,
    redirectHosts: settings.redirectHosts,
    audit,
    clock,
    log,
  });

  const showStep = createShowStep({
    enter,
    sessions,
    steps,
    bank,
    seals,
    pollBank,
    wayBack: createWayBack({ redirectHosts: settings.redirectHosts, log }),
  });
  const upkeep = createUpkeep({
    outbox,
    retention,
    audit,
    expiredBody: outcomeBody("expired", "", settings.providerApi),
    clock,
    log,
  });
  const assets = loadAssets(settings.theme);

  return {
    settings,
    clock,
    log,
    assets,
    policy: contentSecurityPolicy(settings, assets.script.integrity),
    ancestors: ancestorPattern(settings.frameAncestors),
    receiveNotification: createReceiveNotification({
      verifySender: createSenderVerifier(settings, { http, clock, log }),
      notifications,
      audit,
      log,
    }),
    enter,
    showStep,
    watchStep: createWatchStep({ sessions, showStep }),
    start: createStart({
      authorisations,
      sessions,
      steps,
      bank,
      askBank,
      deliver,
      seals,
      requestFor,
      clock,
      log,
    }),
    submitAnswer,
    returnFromBank: createReturnFromBank({ sessions, steps, submitAnswer, seals }),
    departToBank: createDepartToBank({ bank, steps, deliver, requestFor, clock, log }),
    receiveBankCall: createReceiveBankCall({ bank, audit, log }),
    nudge: createNudge({ sessions, seals }),
    banks,
    /** For decisions made in the routes. */
    audit,
    /**
     * Whether the database can be worked with; one answer for whoever asks within half a second,
     * since anybody may.
     */
    databaseAnswers: sharedAnswer(createReadiness({ db, log }), { forMs: 500, clock }),
    /** How hard it is for a statement to get a connection, from 0 to 1. */
    databaseQueue: () => db.pressure(),
    /** Runs what answers a request: what it asks of the database is bounded as a whole. */
    inRequest: db.inRequest,
    /** Looks for changes of the file of banks, where there is one. */
    watchBanks: () => banks.watch.start(),
    startDeliveryLoop: () => deliverDueOutcomes({ deliver, upkeep, clock, log }),
    /** Resolves when no bank is being asked any more. */
    settled: async () =>
      void (await Promise.all([askBank.settled(), pollBank.settled(), cancelAtBank.settled()])),
    /** Lets everything under way come to its end and closes the pool. */
    async stop() {
      await banks.watch.stop();
      await Promise.all([askBank.settled(), pollBank.settled(), cancelAtBank.settled()]);
      await deliver.stop();
      await audit.flush().catch(() => undefined);
      await db.close();
    },
  };
}

export type Services = ReturnType<typeof createServices>;

// Next bundles instrumentation and routes apart; the process still has one pool, one token and one
// set of services.
const place = globalThis as { [key: symbol]: Services | undefined };
const key = Symbol.for("connector.services");

/**
 * What is wrong with what the services are made of, in words for whoever starts them, one line
 * each; the file of banks is judged whatever else is wrong.
 */
export function startProblems(): readonly string[] {
  try {
    services();
    return [];
  } catch (error) {
    if (error instanceof SettingsError)
      return [...error.problems, ...(error.forBanks ? banksFileProblems(error.forBanks) : [])];
    throw error;
  }
}

/** The services of this process, made on first use. @throws SettingsError */
export function services(): Services {
  place[key] ??= createServices(processSettings());
  return place[key];
}
