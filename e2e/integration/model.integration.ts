import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { maxWithinASecond } from "../../testing/figures.ts";
import { accountKeys } from "../../lib/authorisations/attempt-keys.ts";
import { type Clock, systemClock } from "../../lib/clock/clock.ts";
import { sql } from "../../lib/db/db.ts";
import { readSettings } from "../../lib/config/env.ts";
import { createSeals } from "../../lib/crypto/seal.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createServices, type Services } from "../../lib/services.ts";
import { z } from "zod";
import { Case, type World } from "./model/case.fixture.ts";
import { allCommands, opening } from "./model/commands.fixture.ts";
import { createScriptedBank } from "./model/scripted-bank.fixture.ts";
import {
  sageSettings,
  type ScriptedSage,
  startScriptedSage,
} from "./model/scripted-sage.fixture.ts";
import { snapshotOf } from "./model/snapshot.fixture.ts";

// Random sequences of everything people, Sage, banks and time can do to one authorisation, on two
// connectors and a real database. `npm run chaos -- --models 10000` makes more of them; CHAOS_SEED
// makes those of a run again.
const sequences = Number(process.env["CHAOS_MODELS"] ?? 500);
const seed = Number(process.env["CHAOS_SEED"] ?? 4);
/** So many are made at a time: most of their time is the database's. */
const lanes = 10;
const requestsPerSecond = 400;
// Ten times what they take on two idle cores: a bound, not a measure.
const limitMs = 120_000 + sequences * 600;

const real = useTestDb();
const sealKey = randomBytes(32);
const bank = createScriptedBank();
// Nobody here waits two seconds for a bank or for Sage before they see the next screen, and the
// loops look more often.
const clock: Clock = {
  ...systemClock,
  atMost: (ms, work) => systemClock.atMost(ms / 100, work),
  sleep: (ms, signal) => systemClock.sleep(ms >= 500 ? ms / 20 : ms, signal),
};
let sage: ScriptedSage;
let replicas: Services[];
let loops: ReturnType<Services["startDeliveryLoop"]>[];
const cases: Case[] = [];

beforeAll(async () => {
  sage = await startScriptedSage();
  const env = {
    ...sageSettings(sage.url),
    PUBLIC_URL: "http://localhost:3000",
    DATABASE_URL: real.runtimeUrl,
    NOTIFICATION_HEADER_NAME: "x-key",
    NOTIFICATION_HEADER_VALUES: "k".repeat(40),
    PROVIDER_API_REQUESTS_PER_SECOND: String(requestsPerSecond),
    SEAL_KEYS: sealKey.toString("base64url"),
    BANK_ADAPTER: "sandbox",
    LOG_LEVEL: "silent",
  } as unknown as NodeJS.ProcessEnv;
  replicas = [1, 2].map(() => createServices(readSettings(env), { bank, clock }));
  loops = replicas.map((services) => services.startDeliveryLoop());
});
afterAll(async () => {
  bank.release();
  sage.calmDown();
  await Promise.all(loops.map((loop) => loop.stop()));
  await Promise.all(replicas.map((services) => services.stop()));
  await sage.close();
});

/** On a machine that is so busy that its own PostgreSQL is out of reach for a moment. */
const patiently = <T>(work: () => Promise<T>): Promise<T> =>
  vi.waitFor(work, { timeout: 60_000, interval: 500 });

test(
  `what must always be so is so in ${sequences} sequences`,
  async () => {
    const lock: World["lock"] = async (externalId, locked) => {
      const [key] = accountKeys(createSeals([sealKey]), { bankId: null, externalId }).ofAccount;
      const statement = locked
        ? sql`INSERT INTO answer_counts (key, failed, ends_at)
          VALUES (${key}, 5, now() + interval '30 minutes') ON CONFLICT (key) DO UPDATE
            SET failed = 5 RETURNING key`
        : sql`DELETE FROM answer_counts WHERE key = ${key} RETURNING key`;
      await real.db.rows(z.unknown(), statement);
    };
    const world: World = { db: real.db, replicas, bank, sage, lock };
    const begin = () => {
      const about = new Case(world);
      cases.push(about);
      return about;
    };
    const sequence = fc.asyncProperty(
      fc.commands(allCommands, { maxCommands: 24, size: "max" }),
      fc.constantFrom(...Array.from({ length: 8 }, () => opening.length), 1, 0),
      async (commands, begun) => {
        await fc.asyncModelRun(async () => {
          const about = begin();
          for (const command of opening.slice(0, begun)) await command.run({}, about);
          return { model: {}, real: about };
        }, commands);
      },
    );
    const lane = (number: number) =>
      fc.assert(sequence, {
        numRuns: Math.ceil(sequences / lanes),
        seed: seed * lanes + number,
        endOnFailure: true,
        includeErrorInReport: true,
      });
    // All of them end before one is told of, so that nothing goes on behind the next test.
    const ended = await Promise.allSettled(
      Array.from({ length: lanes }, (_, number) => lane(number)),
    );
    for (const each of ended) if (each.status === "rejected") throw each.reason;
  },
  limitMs,
);

test(
  "afterwards every session comes to an end, and every success is at Sage or visibly not",
  async () => {
    bank.release();
    sage.calmDown();
    const unsettled = async () =>
      (
        await real.db.rows(
          z.object({ count: z.int() }),
          sql`SELECT ((SELECT count(*) FROM outcomes WHERE state = 'pending') + (SELECT count(*)
            FROM sessions WHERE state <> 'finished'))::int AS count`,
        )
      )[0]?.count;
    // Whoever is still under way runs out of time.
    const expire = () =>
      real.db.prisma.$executeRawUnsafe(`WITH late AS (SELECT authorisation_id AS id FROM sessions
          WHERE state <> 'finished'),
    s AS (UPDATE sessions SET expires_at = now() - interval '1 second' FROM late
      WHERE authorisation_id = late.id)
    UPDATE authorisations SET notified_at = now() - interval '1141 seconds',
      expires_at = now() - interval '1 second' FROM late WHERE authorisations.id = late.id`);
    await patiently(expire);
    await vi.waitFor(async () => expect(await unsettled()).toBe(0), {
      timeout: limitMs - 20_000,
      interval: 200,
    });

    const ends = new Map<string, number>();
    let takenOver = 0;
    for (const about of cases) {
      const now = await patiently(() => snapshotOf(real.db, about.id));
      // The expiry was moved for those whom nobody took to an end; everything else still holds.
      if (about.before?.state === "finished") await patiently(() => about.observe("the end"));
      const end = `${now?.result ?? "never started"} ${now?.delivery ?? ""}`.trim();
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (now?.result !== "authorised") continue;
      if (now.attempts.some(({ failure }) => failure === "abandoned")) takenOver += 1;
      const told = sage.patches(about.id).some(({ applied }) => applied);
      expect(["delivered", "probably_applied", "undeliverable"]).toContain(now.delivery);
      if (now.delivery === "delivered") expect(told).toBe(true);
    }
    // Sequences that lead nowhere would prove nothing; 500 lead to dozens of each, but for the
    // rarest.
    for (const end of [
      "authorised delivered",
      "authorised probably_applied",
      "authorised undeliverable",
      "refused not_required",
      "failed not_required",
      "cancelled not_required",
      "expired not_required",
    ]) {
      expect(ends.get(end) ?? 0, JSON.stringify(Object.fromEntries(ends))).toBeGreaterThan(
        sequences / 500,
      );
    }
    expect(takenOver).toBeGreaterThan(0);
    expect(maxWithinASecond(sage.arrivals)).toBeLessThanOrEqual(requestsPerSecond);
  },
  limitMs,
);
