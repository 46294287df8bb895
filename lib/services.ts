import { createAuditStore } from "./authorisations/audit-store.ts";
import { createAuthorisationStore } from "./authorisations/authorisation-store.ts";
import { createAwaitNotification } from "./authorisations/await-notification.ts";
import { createRetentionStore } from "./authorisations/retention-store.ts";
import { createSessionStore } from "./authorisations/session-store.ts";
import type { BankAdapter, Banks } from "./banks/bank-adapter.ts";
import { banksFileProblems, openBanks } from "./banks/open-banks.ts";
import { createNotificationStore } from "./notifications/notification-store.ts";
import { createReceiveConnectCodeRequest } from "./notifications/receive-connect-code-request.ts";
import { createReceiveNotification } from "./notifications/receive-notification.ts";
import { createDeliveries } from "./delivery/deliveries.ts";
import { startDeliveryLoop } from "./delivery/delivery-loop.ts";
import { createEventRouting } from "./events/event-routing.ts";
import { createOutboxStore } from "./delivery/outbox-store.ts";
import { outcomeBody } from "./delivery/outcome.ts";
import { createMaintenance } from "./delivery/maintenance.ts";
import { loadAssets } from "./web/assets.ts";
import { type Clock, systemClock } from "./clock/clock.ts";
import { contentSecurityPolicy } from "./web/csp.ts";
import { openDb } from "./db/db.ts";
import { processSettings, type Settings, SettingsError } from "./config/env.ts";
import { ancestorPattern } from "./web/frame-ancestors.ts";
import { createHttpClient } from "./http/http.ts";
import { createLog } from "./log/log.ts";
import { createReadiness } from "./db/readiness.ts";
import { createSeals } from "./crypto/seal.ts";
import { serverLink } from "./web/server-link.ts";
import { sharedAnswer } from "./http/shared-answer.ts";
import { createAccessTokenSource } from "./sage/access-token.ts";
import { createAuthorisationsClient } from "./sage/authorisations-client.ts";
import { createSenderVerifier } from "./sage/verify-sender.ts";
import { createAskBank } from "./bank-calls/ask-bank.ts";
import { createRequestFor } from "./bank-calls/bank-request.ts";
import { createRedirectToBank } from "./bank-calls/redirect-to-bank.ts";
import { createCancelAtBank } from "./bank-calls/cancel-at-bank.ts";
import { createHandleAuthrefresh } from "./authrefresh/handle-authrefresh.ts";
import { createPing } from "./bank-calls/ping.ts";
import { createPollBank } from "./bank-calls/poll-bank.ts";
import { createReturnFromBank } from "./wizard/return-from-bank.ts";
import { createSessionSteps } from "./journey/session-steps.ts";
import { createShowStep } from "./wizard/show-step.ts";
import { createClaimAuthorisation } from "./authrefresh/claim-authorisation.ts";
import { createChangeLanguage } from "./wizard/change-language.ts";
import { createSubmitAnswer } from "./wizard/submit-answer.ts";
import { createGetStepStatus } from "./wizard/step-status.ts";
import { createReturnUrl } from "./wizard/return-url.ts";

/**
 * The composition root: the only place that joins settings, database, clock, clients, adapters and
 * use cases.
 * @param replaced for tests: a bank that does what a test says, a clock that does not wait as long.
 */
export function createServices(
  settings: Settings,
  replaced: { bank?: BankAdapter & Pick<Banks, "grants">; clock?: Clock } = {},
) {
  const clock = replaced.clock ?? systemClock;
  const log = createLog(settings.logLevel);
  const db = openDb(settings.databaseUrl, { poolSize: settings.databasePoolSize });
  const http = createHttpClient({ timeoutMs: 4000, publicHosts: true });
  // Bounded by the attempt it belongs to (backoff.ts).
  const providerHttp = createHttpClient({ timeoutMs: 10_000, publicHosts: true });
  const seals = createSeals(settings.sealKeys);
  const banks = openBanks(settings, { clock, log, stored: { db, seals } });
  const bank: Banks = replaced.bank ?? banks.all;

  const routing = createEventRouting({
    target: settings.events.target,
    ofBanks: banks.events,
    retryDays: settings.events.retryDays,
  });
  const authorisations = createAuthorisationStore(db);
  const sessions = createSessionStore(db, routing);
  const notifications = createNotificationStore(db, {
    lifetimeSeconds: settings.authorisationLifetimeSeconds,
    events: routing,
  });
  const retention = createRetentionStore(db, {
    ...settings,
    eventsKeepDays: settings.events.keepDays,
  });
  const audit = createAuditStore(db);
  const outbox = createOutboxStore(db, settings.providerApi, routing);

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
  const deliveries = createDeliveries({
    db,
    outbox,
    authorisations: createAuthorisationsClient(settings.providerApi, {
      http: providerHttp,
      token,
      clock,
    }),
    routing,
    bank,
    seals,
    clock,
    log,
  });
  const { deliver, events, undos } = deliveries;

  const steps = createSessionSteps({
    sessions,
    outbox,
    providerApi: settings.providerApi,
    seals,
    holdsOutcome: (bankId) =>
      (bank.grants?.(bankId)?.required ?? false) &&
      routing.wants("reauthorisation.finished", bankId),
    log,
  });
  const storeUndo = steps.keepUndo;
  const askBank = createAskBank({ bank, steps, deliver, storeUndo, clock, log });
  const requestFor = createRequestFor({ publicUrl: settings.publicUrl, seals });
  const pollBank = createPollBank({
    bank,
    sessions,
    steps,
    deliver,
    storeUndo,
    requestFor,
    clock,
    log,
  });
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
  const handleAuthrefresh = createHandleAuthrefresh({
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
    handleAuthrefresh,
    sessions,
    steps,
    bank,
    seals,
    pollBank,
    returnUrl: createReturnUrl({ redirectHosts: settings.redirectHosts, log }),
  });
  const maintenance = createMaintenance({
    outbox,
    events,
    undos,
    retention,
    audit,
    expiredBody: outcomeBody({ result: "expired", externalId: "" }, settings.providerApi),
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
    handleAuthrefresh,
    showStep,
    getStepStatus: createGetStepStatus({ sessions, showStep }),
    claimAuthorisation: createClaimAuthorisation({
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
    redirectToBank: createRedirectToBank({ bank, steps, deliver, requestFor, clock, log }),
    receiveConnectCodeRequest: createReceiveConnectCodeRequest({ bank, audit, log }),
    ping: createPing({ sessions, seals }),
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
    startDeliveryLoop: () =>
      startDeliveryLoop({ destinations: deliveries.destinations, maintenance, clock, log }),
    /** Resolves when no bank is being asked any more. */
    settled: async () =>
      void (await Promise.all([askBank.settled(), pollBank.settled(), cancelAtBank.settled()])),
    /** Lets everything under way come to its end and closes the pool. */
    stop: async () => {
      await banks.watch.stop();
      await Promise.all([askBank.settled(), pollBank.settled(), cancelAtBank.settled()]);
      await deliveries.stop();
      await audit.flush().catch(() => undefined);
      await db.close();
    },
  };
}

export type Services = ReturnType<typeof createServices>;

// Next bundles instrumentation and routes apart; the process still has one pool, one token and one
// set of services.
declare module "./web/server-link.ts" {
  interface ServerLink {
    services?: Services | undefined;
  }
}

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
  const link = serverLink();
  return (link.services ??= createServices(processSettings()));
}
