import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { pick } from "../../../simulator/draws.ts";
import type { Replica } from "../replica.ts";
import type { Fault, Setup } from "../scenario.ts";
import { type Asked, streamOf } from "../stream-of.ts";
import type { TestBed } from "../test-bed.ts";

const kill = async ({ history }: TestBed, replica: Replica) => {
  await replica.kill();
  history.fault(`kill replica ${replica.number}`);
  await replica.start();
};

export const killAny: Fault = async (testBed) => {
  await kill(testBed, pick(testBed.draw, testBed.replicas));
  await pause(1000 + testBed.draw() * 1000);
};

export const killNext: Fault = (testBed, round) => kill(testBed, replicaOfRound(testBed, round));

/** @returns how many calls of a bank were made by a process that is gone */
export const killWhileAskingBank: Fault = async (testBed, round) => {
  await killNext(testBed, round);
  await pause(6000);
  // A bank takes at most 8 s here: a session that waits longer waits for an answer nobody reads.
  return testBed.count(
    `SELECT count(*)::int AS count FROM sessions
      WHERE state = 'awaiting_bank' AND bank_deadline_at < now() + interval '25 seconds'`,
  );
};

/** PATCHes take effect, are answered half a second later, and are refused when repeated. */
export const lateAnswers: Setup = async ({ sage, history, count }) => {
  await sage.setRules({ repeats: "conflict" });
  await sage.setRandomFaults({ patch: { share: 1, faults: [{ answerAfterMs: 500 }] } });
  return async () => {
    await pause(7000);
    history.measured(
      "probably applied",
      await count(`SELECT count(*)::int AS count FROM outcomes WHERE state = 'probably_applied'`),
    );
  };
};

/** The lease is 10 s, and an attempt may take 8 of them. */
export const leaseMs = 10_000;
const frozenMs = 13_000;

/** So that something is on its way when the freeze comes. */
export const slowAnswers: Setup = async ({ sage }) => {
  await sage.setRandomFaults({ patch: { share: 1, faults: [{ answerAfterMs: 300 }] } });
  return undefined;
};

export const freezeNext: Fault = async (testBed, round) => {
  const replica = replicaOfRound(testBed, round);
  replica.freeze();
  testBed.history.fault(`freeze replica ${replica.number}`);
  await pause(frozenMs);
  replica.thaw();
  await pause(2000);
};

export const steadyPerSecond = 50;

/** Notifications and entries at a steady pace. */
export const steadyRequests: Setup = async (testBed) => {
  const { world, sage } = testBed;
  const { authorisationId, authrefreshUrl } = await sage.createAuthorisation({ notify: false });
  await testBed.balancer.send(world.notification(authorisationId));
  const entry = new URL(authrefreshUrl);
  let sent = 0;
  return streamOf(testBed, "steady", steadyPerSecond, (): Asked => {
    sent += 1;
    return sent % 2 === 0
      ? { call: world.notification(randomUUID()), right: [200] }
      : { call: { path: entry.pathname + entry.search }, right: [200] };
  });
};

export const restartAll: Fault = async ({ replicas, history }) => {
  for (const replica of replicas) {
    await replica.leave();
    history.fault(`SIGTERM to replica ${replica.number}`);
    await replica.start();
    // A deployment goes on when the new one is ready, and its balancer knows.
    await pause(1000);
  }
};

export function replicaOfRound({ replicas }: TestBed, round: number): Replica {
  const replica = replicas[round % replicas.length];
  if (!replica) throw new Error("there is no replica");
  return replica;
}
