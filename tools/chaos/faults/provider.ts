import { setTimeout as pause } from "node:timers/promises";
import type { Fault as ProviderFault } from "../../../simulator/control-api.ts";
import { waitUntil } from "../../../testing/wait-until.mjs";
import type { Fault, Setup } from "../scenario.ts";

/** Everything a service may do instead of answering. A date is written anew as time goes on. */
export const faultsOfPatch = (): ProviderFault[] => [
  { status: 429 },
  { status: 429, retryAfter: 1 },
  { status: 429, retryAfter: new Date(Date.now() + 3000).toUTCString() },
  { status: 500 },
  { status: 502, body: "<h1>Bad gateway</h1>" },
  { delayMs: 6000 },
  { resetBeforeApply: true },
  { loseReply: true },
  { trickleMs: 200 },
  { truncate: true },
  { mistype: true },
  { noise: true },
];

export const faultyShare = 0.3;

/** Counts in the end how many PATCHes met a fault. */
export const countPatchFaults: Setup =
  async ({ history, sage }) =>
  async () =>
    history.fault("PATCHes that met a fault", (await sage.randomFaultsMet()).patch);

export const spoilPatches: Setup = async (testBed) => {
  await testBed.sage.setRandomFaults({
    seed: 1,
    patch: { share: faultyShare, faults: faultsOfPatch() },
  });
  return countPatchFaults(testBed);
};

export const spoilPatchesAnew: Fault = async ({ sage }) => {
  await pause(2000);
  await sage.setRandomFaults({ patch: { share: faultyShare, faults: faultsOfPatch() } });
};

/** Breaks the way to Sage ID and the Provider API for 3 s; the keys are known by then. */
export const breakWayToSage: Fault = async ({ sageProxy, history, draw }, round) => {
  const faults = [
    ["refused", () => sageProxy.cut()],
    ["half-open", () => sageProxy.freeze()],
    ["reset", () => sageProxy.reset()],
    ["trickle", () => sageProxy.trickle(100)],
    ["late", () => sageProxy.slowDown(500)],
  ] as const;
  const [name, make] = faults[round % faults.length] ?? faults[0];
  make();
  history.fault(`way to Sage ${name}`);
  await pause(3000);
  sageProxy.mend();
  await pause(2000 + draw() * 1000);
};

/** @returns how many PATCHes came while the certificate was expired */
export const letCertificateExpire: Fault = async ({ history, sage, tlsFront }) => {
  tlsFront?.expire();
  // What had come through before is read by then.
  await pause(500);
  const before = (await sage.counts()).patches;
  history.fault("certificate expired");
  await pause(3500);
  const sent = (await sage.counts()).patches - before;
  tlsFront?.renew();
  await pause(3000);
  return sent;
};

export const slowRate = 10;
export const backlog = 500;

/** The Provider API is away until {@link backlog} outcomes wait. */
export const waitForBacklog: Fault = async ({ count }) => {
  const pending = `SELECT count(*)::int AS count FROM outcomes WHERE state = 'pending'`;
  await waitUntil(async () => (await count(pending)) >= backlog, {
    what: `${backlog} outcomes to wait`,
    withinMs: 180_000,
  });
};

/** Measures in the end, when the Provider API is back, how much of the rate is used. */
export const providerAway: Setup = async ({ sage, history }) => {
  await sage.setRandomFaults({ patch: { share: 1, faults: [{ status: 503 }] } });
  return async () => {
    history.fault("PATCHes answered 503", (await sage.randomFaultsMet()).patch);
    await sage.clearRandomFaults();
    const { patches: before } = await sage.counts();
    // While hundreds wait: what is left towards the end may not be due yet.
    const judged = 400;
    await waitUntil(async () => (await sage.counts()).patches >= before + judged, {
      what: `${judged} deliveries`,
      withinMs: 120_000,
    }).catch(() => undefined);
    const moments = (await sage.providerCalls({ after: before }))
      .filter(({ applied }) => applied)
      .map(({ at }) => at);
    const perSecond = (moments.length - 1) / (((moments.at(-1) ?? 0) - (moments[0] ?? 0)) / 1000);
    history.measured("share of the rate used, %", (perSecond / slowRate) * 100);
  };
};
