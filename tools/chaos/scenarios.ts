import { setTimeout as pause } from "node:timers/promises";
import { sum } from "../../testing/statistics.mjs";
import * as database from "./faults/database.ts";
import * as events from "./faults/events.ts";
import * as machine from "./faults/machine.ts";
import * as processes from "./faults/process.ts";
import * as provider from "./faults/provider.ts";
import * as sageId from "./faults/sage-id.ts";
import { clearFaults, severalAtOnce } from "./faults/several.ts";
import { deliveries, rates, recovered, refusals } from "./phrases.ts";
import { slowest } from "./recovery.ts";
import type { Scenario, Setup } from "./scenario.ts";
import { mayMount } from "./small-disk.ts";

const max = (values: readonly number[]) => Math.max(0, ...values);
const copies = 5;
const failingUsers = [
  "user_hangs",
  "user_broken",
  "user_nonsense",
  "user_unknown_kind",
  "user_down",
  "user_slow",
];

/** Counts in the end how often 503 was answered. */
const countRefusals =
  (name: string): Setup =>
  async ({ history }) =>
  async () =>
    history.measured(
      name,
      history.events.filter((event) => event.what === "answer" && event.status === 503).length,
    );

/** What is promised whenever PostgreSQL is away, whatever the reason. */
const databaseAway = {
  promised:
    "never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits; recovery within " +
    "2 s of its return (p99)",
  promises: {
    may503: true,
    delivery: { share: 0.9, withinMs: 15_000 },
    atMost: { "recovery p99, ms": 2000 },
  },
  loadOptions: [{ virtualUsers: 50 }],
  measure: ["recovery p99, ms", slowest],
  measured: recovered,
} as const satisfies Partial<Scenario>;

/** Every scenario, in the order of the report. */
export const scenarios: readonly Scenario[] = [
  {
    name: "healthy",
    fault: "none; journeys as they come",
    promised: "Sage is told within 1 s of the success (p99)",
    promises: { delivery: { share: 0.99, withinMs: 1000 }, ratePerSecond: 10 },
    testBed: { direct: true, requestsPerSecond: 10 },
    loadOptions: [{ virtualUsers: 30 }],
    warmUpMs: 0,
    rounds: 30,
    makeFault: () => pause(2000),
  },
  {
    name: "kill",
    fault: "replica killed (kill -9) at any point",
    promised:
      "acknowledged is durable; outcome by another replica within 15 s (p99); the person " +
      "goes on anywhere",
    promises: { mayCut: true },
    loadOptions: [{ virtualUsers: 50 }],
    rounds: 25,
    makeFault: processes.killAny,
  },
  {
    name: "unrecorded",
    fault: "replica killed between sending the PATCH and recording what it came to",
    promised: "the attempt is on record; a 4xx on the repeat ends as “probably applied”",
    promises: { mayCut: true, atLeast: { "probably applied": 1 } },
    loadOptions: [
      { virtualUsers: 50, users: ["user_sms", "user_good"], fixed: { cancels: false } },
    ],
    setup: processes.lateAnswers,
    rounds: 12,
    makeFault: processes.killNext,
    measured: (figures) =>
      `${deliveries(figures)}; ${figures.unclearAttempts} attempts unclear, ${figures.probablyApplied} outcomes “probably applied”`,
  },
  {
    name: "freeze",
    fault: "replica frozen for longer than its lease, then thawed (SIGSTOP, SIGCONT)",
    promised: "the stale owner writes nothing, and sends nothing but a call that it had begun",
    promises: {
      may503: true,
      mayCut: true,
      delivery: { share: 0.97, withinMs: 15_000 },
      leaseMs: processes.leaseMs,
    },
    loadOptions: [{ virtualUsers: 50 }],
    setup: processes.slowAnswers,
    rounds: 6,
    makeFault: processes.freezeNext,
  },
  {
    name: "rolling",
    fault: "rolling restart (SIGTERM, one replica after the other)",
    promised: `no failed request at ${processes.steadyPerSecond}/s`,
    setup: processes.steadyRequests,
    warmUpMs: 1000,
    rounds: 2,
    makeFault: processes.restartAll,
    measured: (figures) =>
      `${figures.cut + figures.answers503} failed requests; ${deliveries(figures)}`,
  },
  {
    name: "database-restart",
    fault: "PostgreSQL restarted (immediate)",
    ...databaseAway,
    rounds: 8,
    makeFault: database.crash,
  },
  {
    name: "database-frozen",
    fault: "PostgreSQL frozen (SIGSTOP to every process), or a network that lets nothing through",
    ...databaseAway,
    rounds: 6,
    makeFault: database.freeze,
  },
  {
    name: "database-network",
    fault: "connections to PostgreSQL reset, slow, or through in small pieces",
    promised: "never a false 200; 503 + Retry-After in ≤ 3.5 s; no process exits",
    promises: { ...databaseAway.promises, atMost: {} },
    rounds: 12,
    makeFault: database.breakConnections,
    measured: refusals,
  },
  {
    name: "database-connections",
    fault: "PostgreSQL out of connections",
    ...databaseAway,
    rounds: 4,
    makeFault: database.takeAllConnections,
  },
  {
    name: "database-full",
    fault: "disk of PostgreSQL full",
    ...databaseAway,
    promises: { ...databaseAway.promises, atLeast: { "refused while full": 1 } },
    testBed: { smallDiskMegabytes: 64 },
    setup: countRefusals("refused while full"),
    rounds: 3,
    makeFault: database.fillDisk,
    impossible: () => (mayMount() ? undefined : "needs root on Linux, to mount a small disk"),
  },
  {
    name: "failover",
    fault:
      "PostgreSQL primary lost (kill -9, its disk too), its synchronous standby promoted; " +
      "every second time the standby hung before",
    ...databaseAway,
    promised:
      "nothing acknowledged is lost; 503 + Retry-After in ≤ 3.5 s; recovery within 2 s of " +
      "the promotion (p99)",
    loadOptions: [{ virtualUsers: 40 }],
    setup: database.steadyNotifications,
    warmUpMs: 0,
    rounds: 3,
    makeFault: database.failOver,
  },
  {
    name: "conflicts",
    fault: "deadlock and serialization failures (40P01, 40001)",
    promised: "retried ≤ 3 times with jitter; users see nothing",
    setup: database.undoStatements,
    warmUpMs: 0,
    rounds: 20,
    makeFault: () => pause(1500),
  },
  {
    name: "clock",
    fault: "clocks of two replicas off by +15 and −15 minutes",
    promised: "no decision changes (the database’s clock everywhere but in JWT times)",
    testBed: { environment: machine.shiftedClock },
    setup: machine.noteShiftedClocks,
    warmUpMs: 0,
    rounds: 10,
    makeFault: () => pause(1500),
  },
  {
    name: "notifications",
    fault: `notification late, ×${copies} at once, and again after its entry`,
    promised:
      "the same end as in order; an entry before its notification succeeds if that comes within 2 s",
    loadOptions: [true, false].map((early) => ({
      virtualUsers: 40,
      fixed: { notifications: copies, early },
    })),
    setup:
      async ({ history }) =>
      async ([late, inOrder]) =>
        history.fault(
          "notifications late, repeated or after their entry",
          (late?.journeys ?? 0) * (copies + 1) + (inOrder?.journeys ?? 0) * copies,
        ),
    warmUpMs: 0,
    rounds: 10,
    makeFault: () => pause(1500),
  },
  {
    name: "provider-faults",
    fault: `Provider API: ${provider.faultyShare * 100} % of the calls meet 429 (bare, with seconds, with a date), 500, 502, time-outs, resets, lost answers, trickle, truncated or wrong content, noise`,
    promised: `delivered ≥ 99.9 % within 10 s; no more than 100 calls in any 1 s, and a late one; nothing given up`,
    promises: { delivery: { share: 0.999, withinMs: 10_000 }, ratePerSecond: 100 },
    testBed: { direct: true },
    loadOptions: [{ virtualUsers: 80 }],
    setup: provider.spoilPatches,
    warmUpMs: 0,
    rounds: 40,
    makeFault: provider.spoilPatchesAnew,
    measured: rates,
  },
  {
    name: "provider-network",
    fault: "the way to Sage: refused, half-open, reset, one small piece at a time, a second late",
    promised: "outcome at Sage within 15 s (p99) although each takes 3 s; nothing given up",
    warmUpMs: 8000,
    rounds: 10,
    makeFault: provider.breakWayToSage,
  },
  {
    name: "rate",
    fault: `Provider API away until ${provider.backlog} outcomes wait`,
    promised: `afterwards no more than ${provider.slowRate} calls in any 1 s, and a late one, over three replicas, and ≥ 90 % of that used`,
    promises: {
      delivery: { share: 0.99, withinMs: 180_000 },
      ratePerSecond: provider.slowRate,
      atLeast: { "share of the rate used, %": 90 },
    },
    testBed: { direct: true, finishingMs: 1000, requestsPerSecond: provider.slowRate },
    loadOptions: [{ virtualUsers: 100, users: ["user_good"] }],
    setup: provider.providerAway,
    warmUpMs: 0,
    rounds: 1,
    makeFault: provider.waitForBacklog,
    measured: (figures) =>
      `${rates(figures)}; ${(figures.measured["share of the rate used, %"] ?? 0).toFixed(1)} % of the rate used`,
  },
  {
    name: "tls-expired",
    fault: "the Provider API’s certificate expires, and is renewed 4 s later",
    promised: "nothing is sent over it; delivered within 15 s (p99); nothing given up",
    promises: { atMost: { "PATCHes over an expired certificate": 0 } },
    testBed: { tls: true },
    rounds: 4,
    makeFault: provider.letCertificateExpire,
    measure: ["PATCHes over an expired certificate", sum],
    measured: (figures) =>
      `${figures.measured["PATCHes over an expired certificate"]} sent over it; ${deliveries(figures)}`,
  },
  {
    name: "sage-id-down",
    fault: "Sage ID down: tokens and keys answer 503, nothing, or cut the connection",
    promised: "token and keys at hand stay in use: nobody notices",
    promises: { delivery: { share: 0.99, withinMs: 5000 } },
    // By then each replica has a token and the keys.
    warmUpMs: 14_000,
    rounds: 8,
    makeFault: sageId.takeSageIdDown,
  },
  {
    name: "token-revoked",
    fault: "access token revoked; every fifth request for a new one fails",
    promised: "one new token for all, and the PATCH again at once: delivered within 5 s (p99)",
    promises: { delivery: { share: 0.99, withinMs: 5000 } },
    setup: sageId.countTokens,
    rounds: 12,
    makeFault: sageId.revokeTokens,
    measured: (figures) =>
      `${figures.measured["tokens asked for"]} tokens for three replicas; ${deliveries(figures)}`,
  },
  {
    name: "key-flood",
    fault: `${sageId.badPerSecond} tokens a second with key ids nobody knows, for a minute at one replica; keys rotated meanwhile`,
    promised:
      "≤ 2 JWKS calls in that minute; every bad token refused; a token of the new key " +
      "taken within a minute",
    promises: {
      may503: true,
      atMost: { "JWKS calls in a minute": 2, "new key taken after, s": 61 },
      atLeast: { "bad tokens a second": sageId.badPerSecond * 0.9 },
    },
    loadOptions: [{ virtualUsers: 20 }],
    warmUpMs: 5000,
    rounds: 1,
    makeFault: sageId.floodKeys,
    measured: (figures) =>
      `${figures.measured["JWKS calls in a minute"]} JWKS calls under ${Math.round(figures.measured["bad tokens a second"] ?? 0)} bad tokens/s; new key taken after ${Math.round(figures.measured["new key taken after, s"] ?? 0)} s; ${figures.answers503} answers of 503; ${deliveries(figures)}`,
  },
  {
    name: "bank",
    fault: "bank adapter hangs, throws, answers nonsense or the unknown, is away or slow",
    promised: "bounded by time and schema; a truthful end for everybody; one call for each answer",
    loadOptions: [{ virtualUsers: 30 }, { virtualUsers: 40, users: failingUsers }],
    setup:
      async ({ history }) =>
      async ([, failing]) =>
        history.fault("journeys with a bank that fails", failing?.journeys ?? 0),
    warmUpMs: 0,
    rounds: 15,
    makeFault: () => pause(2000),
  },
  {
    name: "bank-killed",
    fault: "replica killed while it asks the bank (which takes 8 s)",
    promised:
      "the step passes its deadline and comes back with a problem, never with a second " +
      "call; a truthful end for everybody",
    promises: {
      may503: true,
      mayCut: true,
      delivery: { share: 0.95, withinMs: 15_000 },
      atLeast: { "bank calls whose replica died": 1 },
    },
    testBed: { maxWaitMs: 240_000 },
    loadOptions: [{ virtualUsers: 40, users: ["user_slow", "user_slow", "user_sms"] }],
    rounds: 6,
    makeFault: processes.killWhileAskingBank,
    measure: ["bank calls whose replica died", max],
    measured: (figures) =>
      `at least ${figures.measured["bank calls whose replica died"]} calls orphaned; ${deliveries(figures)}`,
  },
  {
    name: "pressure",
    fault:
      "heap nearly full, event loop held up, a pool of 2 connections to a slow database; " +
      "150 newcomers a second",
    promised:
      "shed with 503 + Retry-After, in ≤ 5 s although each turn of the held-up loop takes " +
      "half a second; fixed limits; no crash; people in the middle go on",
    // A request takes turns of the loop before and after the 2.8 s its statements get; a database
    // that is away leaves the loop alone.
    promises: {
      may503: true,
      late503Ms: 5000,
      delivery: { share: 0.95, withinMs: 15_000 },
      atLeast: { "turned away": 1 },
    },
    testBed: { settings: { DATABASE_POOL_SIZE: "2" }, environment: machine.pressable },
    setup: countRefusals("turned away"),
    warmUpMs: 8000,
    rounds: 6,
    makeFault: machine.press,
    measured: refusals,
  },
  {
    name: "events",
    fault: "30 % of the events spoiled; replicas killed, the receiver frozen, PostgreSQL crashed",
    promised:
      "every event taken, under one id, its sequence without a gap; Sage hears of no success whose grant the provider does not have",
    promises: { may503: true, mayCut: true, delivery: { share: 0.9, withinMs: 20_000 } },
    testBed: { events: true, thinkMs: 3000 },
    setup: events.spoilEvents,
    rounds: 24,
    makeFault: events.disturbEvents,
    measured: refusals,
  },
  // With one round it is the short version in `npm test`.
  {
    name: "several",
    fault:
      "several at once: replicas killed, PostgreSQL crashed, its connections reset, tokens " +
      "revoked, 30 % of the PATCHes spoiled, notifications ×3",
    promised: "nothing lost, wrong or doubled; nothing but the promised 503",
    promises: { may503: true, mayCut: true, delivery: { share: 0.9, withinMs: 20_000 } },
    testBed: { events: true, thinkMs: 3000 },
    loadOptions: [{ virtualUsers: 40, fixed: { notifications: 3 } }],
    setup: clearFaults,
    warmUpMs: 0,
    rounds: 6,
    makeFault: severalAtOnce,
    measured: refusals,
  },
];
