import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { notifyAuthorisation } from "../../testing/notify-authorisation.ts";
import { type Db, openDb, sql } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createAuthorisationStore } from "./authorisation-store.ts";
import type { Parameters } from "./parameters.ts";
import { createSessionStore } from "./session-store.ts";
import { untilAnswered } from "./until-answered.fixture.ts";

const real = useTestDb();
let replicas: Db[] = [];
beforeAll(() => {
  replicas = [openDb(real.url), openDb(real.url), openDb(real.url)];
});
afterAll(() => Promise.all(replicas.map((db) => db.close())));

const db = () => real.db;
const replica = (index: number) => replicas[index % replicas.length]!;
const digest = () => new Uint8Array(randomBytes(32));
const parametersOf = (authorisationId: string, changes: Partial<Parameters> = {}): Parameters => ({
  authorisationId,
  bankAccount: null,
  externalId: "account",
  redirectUri: "https://eu.sagebankdrive.com/back",
  state: "state",
  ...changes,
});

const notify = (lifetimeSeconds = 600, id: string = randomUUID()) =>
  notifyAuthorisation(db(), { id, bankId: "bank", lifetimeSeconds });

const claim = async (store: Db, parameters: Parameters): Promise<boolean> => {
  const { type: counted } = await createSessionStore(store).claim(parameters, {
    id: randomUUID(),
    handleDigest: digest(),
    locale: "en-GB",
    state: "awaiting_bank",
    step: 1,
    sealedStep: "sealed",
  });
  return counted === "claimed";
};

const expire = (id: string) =>
  db().rows(
    z.unknown(),
    sql`UPDATE authorisations SET notified_at = now() - interval '2 hours',
      expires_at = now() - interval '1 hour' WHERE id = ${id}::uuid RETURNING 1`,
  );

describe("the parameter set", () => {
  test("is fixed by the first to come; the same again is matched alike, another is refused", async () => {
    const store = createAuthorisationStore(db());
    const id = await notify();
    expect(await store.match(parametersOf(id), { bind: true })).toMatchObject({
      type: "open",
      bankId: "bank",
    });
    expect(await store.match(parametersOf(id), { bind: true })).toMatchObject({ type: "open" });
    for (const change of [
      { state: "other" },
      { externalId: "other" },
      { redirectUri: "https://x.sage.com/" },
      { bankAccount: "b" },
    ]) {
      expect(await store.match(parametersOf(id, change), { bind: true })).toMatchObject({
        type: "refused",
      });
    }
  });
  test("is not open to one that came too early to be fixed: it is matched again", async () => {
    const id = randomUUID();
    let statements = 0;
    const announcedMeanwhile: Db = {
      ...db(),
      rows: async (row, statement) => {
        const found = await db().rows(row, statement);
        if ((statements += 1) === 1) await notify(600, id);
        return found;
      },
    };
    const store = createAuthorisationStore(announcedMeanwhile);
    expect(await store.match(parametersOf(id), { bind: true })).toEqual({ type: "unknown" });
    expect(await store.match(parametersOf(id), { bind: true })).toMatchObject({ type: "open" });
    expect(await store.match(parametersOf(id, { state: "other" }), { bind: true })).toMatchObject({
      type: "refused",
    });
  });
  test("is fixed by exactly one of 200 that come at once over three replicas", async () => {
    const id = await notify();
    const matches = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        untilAnswered(() =>
          createAuthorisationStore(replica(index)).match(parametersOf(id, { state: `s${index}` }), {
            bind: true,
          }),
        ),
      ),
    );
    expect(matches.filter(({ type: match }) => match === "open")).toHaveLength(1);
  });
  test("is not fixed by a look", async () => {
    const store = createAuthorisationStore(db());
    const id = await notify();
    expect(await store.match(parametersOf(id, { state: "a" }), { bind: false })).toMatchObject({
      type: "open",
    });
    expect(await store.match(parametersOf(id, { state: "b" }), { bind: true })).toMatchObject({
      type: "open",
    });
  });
  test("finds nothing for an id nobody announced", async () => {
    expect(
      await createAuthorisationStore(db()).match(parametersOf(randomUUID()), { bind: true }),
    ).toEqual({ type: "unknown" });
  });
  test("is refused once the time is over", async () => {
    const id = await notify();
    await expire(id);
    expect(
      await createAuthorisationStore(db()).match(parametersOf(id), { bind: true }),
    ).toMatchObject({ type: "refused" });
  });
});

describe("the claim", () => {
  test("is made by exactly one of 200 that come at once over three replicas", async () => {
    const id = await notify();
    const claims = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        untilAnswered(() => claim(replica(index), parametersOf(id))),
      ),
    );
    // None where the one that was made took so long that nobody waited for its answer.
    expect(claims.filter(Boolean).length).toBeLessThanOrEqual(1);
    const sessions = await db().rows(
      z.object({ count: z.int() }),
      sql`SELECT count(*)::int AS count FROM sessions WHERE authorisation_id = ${id}::uuid`,
    );
    expect(sessions).toEqual([{ count: 1 }]);
  });
  test("freezes the parameters", async () => {
    const id = await notify();
    const parameters = parametersOf(id, { bankAccount: "bank-account", state: "s" });
    expect(await claim(db(), parameters)).toBe(true);
    expect(await db().prisma.authorisation.findUniqueOrThrow({ where: { id } })).toMatchObject({
      bankAccount: "bank-account",
      externalId: "account",
      redirectUri: parameters.redirectUri,
      state: "s",
      claimedAt: expect.any(Date),
    });
  });
  test("is refused with other parameters than the fixed ones, and leaves the start open", async () => {
    const id = await notify();
    await createAuthorisationStore(db()).match(parametersOf(id), { bind: true });
    expect(await claim(db(), parametersOf(id, { redirectUri: "https://x.sage.com/other" }))).toBe(
      false,
    );
    expect(await claim(db(), parametersOf(id))).toBe(true);
  });
  test("is refused for an unknown id and after the time is over", async () => {
    const id = await notify();
    await expire(id);
    expect(await claim(db(), parametersOf(id))).toBe(false);
    expect(await claim(db(), parametersOf(randomUUID()))).toBe(false);
  });
  test("closes the entry", async () => {
    const id = await notify();
    await claim(db(), parametersOf(id));
    expect(
      await createAuthorisationStore(db()).match(parametersOf(id), { bind: true }),
    ).toMatchObject({ type: "refused" });
  });
});

describe("a step", () => {
  const start = async () => {
    const parameters = parametersOf(await notify());
    const session = {
      id: randomUUID(),
      handleDigest: digest(),
      locale: "en-GB",
      state: "awaiting_user" as const,
      step: 1,
      sealedStep: "first",
    };
    await createSessionStore(db()).claim(parameters, session);
    return session;
  };
  test("is claimed for the bank by exactly one of 100 answers that come at once", async () => {
    const session = await start();
    const moves = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        untilAnswered(() =>
          createSessionStore(replica(index)).advance(
            session.id,
            { state: "awaiting_user", step: 1 },
            { state: "awaiting_bank", step: 1, sealedStep: `of ${index}` },
          ),
        ),
      ),
    );
    const taken = await createSessionStore(db()).find(session.handleDigest);
    expect(taken?.state).toBe("awaiting_bank");
    expect(
      moves.flatMap((moved, index) =>
        moved && taken?.sealed_step !== `of ${index}` ? [index] : [],
      ),
    ).toEqual([]);
  });
  test("does not move from a step or a state it is not in", async () => {
    const { id } = await start();
    const store = createSessionStore(db());
    const to = { state: "awaiting_user", step: 3, sealedStep: "x" } as const;
    expect(await store.advance(id, { state: "awaiting_user", step: 2 }, to)).toBe(false);
    expect(await store.advance(id, { state: "awaiting_bank", step: 1 }, to)).toBe(false);
  });
  test("comes back from the bank only when its deadline has passed, by the clock of the database", async () => {
    const { id, handleDigest } = await start();
    const store = createSessionStore(db());
    await store.advance(
      id,
      { state: "awaiting_user", step: 1 },
      { state: "awaiting_bank", step: 1, sealedStep: "x" },
    );
    const back = () =>
      store.advance(
        id,
        { state: "awaiting_bank", step: 1 },
        { state: "awaiting_user", step: 2, sealedStep: "y" },
        { when: "bank-overdue" },
      );
    expect(await store.find(handleDigest)).toMatchObject({
      state: "awaiting_bank",
      bank_overdue: false,
    });
    expect(await back()).toBe(false);
    await db().rows(
      z.unknown(),
      sql`UPDATE sessions SET bank_deadline_at = now() - interval '1 second'
        WHERE id = ${id}::uuid RETURNING 1`,
    );
    expect(await store.find(handleDigest)).toMatchObject({ bank_overdue: true });
    expect(await back()).toBe(true);
  });
});
