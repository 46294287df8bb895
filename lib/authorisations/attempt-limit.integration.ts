import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { notifyAuthorisation } from "../../testing/notify-authorisation.ts";
import { openDb, sql } from "../db/db.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { type AnswerVerdict, createSessionStore } from "./session-store.ts";
import { untilAnswered } from "./until-answered.fixture.ts";

// What each condition of the counting statements is for; what they do to guesses at once is in
// e2e/integration/attempt-limit.integration.ts.
const real = useTestDb();
const store = () => createSessionStore(real.db);
const aKey = () => randomBytes(16).toString("hex");
const aPair = () => `~${aKey()}`;
const halfAnHour = 30 * 60;

async function announce() {
  const authorisationId = await notifyAuthorisation(real.db);
  return {
    authorisationId,
    bankAccount: null,
    externalId: "account",
    redirectUri: "https://x.sage.com/back",
    state: "s",
  };
}

/** The first answer of an authorisation, counted under these keys. */
async function claim(
  keys: string[],
  {
    parameters,
    state = "awaiting_bank",
  }: {
    parameters?: Awaited<ReturnType<typeof announce>>;
    state?: "awaiting_user" | "awaiting_bank";
  } = {},
) {
  const id = randomUUID();
  const session = {
    id,
    handleDigest: new Uint8Array(randomBytes(32)),
    locale: "en-GB",
    state,
    step: 1,
    sealedStep: "x",
  };
  return {
    id,
    ...(await store().claim(parameters ?? (await announce()), session, { account: null, keys })),
  };
}
const answer = (id: string, step: number, keys: string[] = [], hasIdentifier = false) =>
  store().answer(
    id,
    { step },
    { state: "awaiting_bank", step, sealedStep: "x" },
    { keys, hasIdentifier },
  );
const judged = (id: string, step: number, verdict?: AnswerVerdict) =>
  store().advance(
    id,
    { state: "awaiting_bank", step },
    { state: "awaiting_user", step: step + 1, sealedStep: "x" },
    { verdict },
  );

/** How many answers stand counted under a key; undefined where nothing was ever counted. */
async function counted(key: string): Promise<number | undefined> {
  const [found] = await real.db.rows(
    z.object({ failed: z.int() }),
    sql`SELECT failed FROM answer_counts WHERE key = ${key}`,
  );
  return found?.failed;
}
const isKnown = async (pair: string) =>
  (await real.db.rows(z.unknown(), sql`SELECT key FROM known_pairs WHERE key = ${pair}`)).length ===
  1;
const forget = (key: string) =>
  real.db.rows(z.unknown(), sql`DELETE FROM answer_counts WHERE key = ${key} RETURNING key`);
/** What others' wrong answers leave. */
const fill = async (key: string, times = 5) => {
  for (let tries = 1; tries <= times; tries += 1) await claim([key]);
};
const refusedKeysOf = async (authorisationId: string) =>
  (
    await real.db.rows(
      z.object({ refused_keys: z.array(z.string()) }),
      sql`SELECT refused_keys FROM authorisations WHERE id = ${authorisationId}::uuid`,
    )
  )[0]?.refused_keys.sort();
const endsIn = (key: string, seconds: number) =>
  real.db.rows(
    z.unknown(),
    sql`UPDATE answer_counts SET ends_at = now() + make_interval(secs => ${seconds})
      WHERE key = ${key} RETURNING key`,
  );

describe("answers counted under a key", () => {
  test("are five, each told how many are left, and then none until the first is half an hour old", async () => {
    const key = aKey();
    const left = [];
    for (let tries = 1; tries <= 5; tries += 1) left.push(await claim([key]));
    expect(left).toMatchObject(
      [4, 3, 2, 1, 0].map((triesLeft) => ({ type: "claimed", triesLeft })),
    );
    await endsIn(key, 600);
    const sixth = await claim([key]);
    expect(sixth).toMatchObject({ type: "limited", retrySeconds: expect.any(Number) });
    expect(sixth.type === "limited" && sixth.retrySeconds > 0 && sixth.retrySeconds <= 600).toBe(
      true,
    );
    expect(await counted(key)).toBe(5);
  });
  test("end half an hour after the first, however late the last one is", async () => {
    const key = aKey();
    expect(await claim([key])).toMatchObject({ retrySeconds: halfAnHour });
    await endsIn(key, 60);
    await claim([key]);
    const third = await claim([key]);
    expect(third.type === "claimed" && third.retrySeconds > 0 && third.retrySeconds <= 60).toBe(
      true,
    );
  });
  test.each([1, 5])("begin anew when their time is over: %i", async (before) => {
    const key = aKey();
    for (let tries = 1; tries <= before; tries += 1) await claim([key]);
    await endsIn(key, -1);
    expect(await claim([key])).toMatchObject({
      type: "claimed",
      triesLeft: 4,
      retrySeconds: halfAnHour,
    });
    const next = await claim([key]);
    expect(next).toMatchObject({ type: "claimed", triesLeft: 3 });
    expect(next.type === "claimed" && next.retrySeconds > halfAnHour - 300).toBe(true);
  });
  test("are as many as those of the fullest key", async () => {
    const [empty, used] = [aKey(), aKey()];
    await claim([used]);
    await claim([used]);
    expect(await claim([empty, used])).toMatchObject({ triesLeft: 2 });
  });
  test("under one full key and another that is not leave both as they were, and the start open", async () => {
    const [full, fresh, other] = [aKey(), aKey(), aKey()];
    for (let tries = 1; tries <= 5; tries += 1) await claim([full]);
    const parameters = await announce();
    expect(await claim([full, fresh], { parameters })).toMatchObject({
      type: "limited",
      full: [full],
      sessionFull: false,
    });
    expect([await counted(full), await counted(fresh)]).toEqual([5, 0]);
    expect(await refusedKeysOf(parameters.authorisationId)).toEqual([full, fresh].sort());
    expect(await claim([other], { parameters })).toMatchObject({ type: "claimed" });
  });
  test("say when the full ones are over, however long the others last", async () => {
    const [full, fresh] = [aKey(), aKey()];
    await claim([fresh]);
    await fill(full);
    await endsIn(full, 100);
    const refused = await claim([full, fresh]);
    expect(
      refused.type === "limited" && refused.retrySeconds > 0 && refused.retrySeconds <= 100,
    ).toBe(true);
    await endsIn(full, -1);
    expect(await claim([full, fresh])).toMatchObject({ type: "claimed", full: [] });
  });
  test("tell that they are full with the fifth, and not before", async () => {
    const key = aKey();
    await fill(key, 3);
    expect(await claim([key])).toMatchObject({ type: "claimed", full: [] });
    expect(await claim([key])).toMatchObject({
      type: "claimed",
      triesLeft: 0,
      full: [key],
      sessionFull: false,
    });
  });
  test("are none of a start that is lost, or that brings no answer", async () => {
    const [lost, asked] = [aKey(), aKey()];
    const parameters = await announce();
    expect(await claim([asked], { parameters, state: "awaiting_user" })).toMatchObject({
      type: "claimed",
    });
    expect(await claim([lost], { parameters })).toMatchObject({ type: "conflict" });
    expect([await counted(lost), await counted(asked)]).toEqual([undefined, undefined]);
  });
});

describe("an answer of a running session", () => {
  test("is counted under the keys of its start and under those it brings, each once", async () => {
    const [first, more] = [aKey(), aKey()];
    const { id } = await claim([first]);
    await judged(id, 1, "wrong");
    expect(await answer(id, 2, [first, more])).toMatchObject({ type: "claimed", triesLeft: 3 });
    expect([await counted(first), await counted(more)]).toEqual([2, 1]);
  });
  test("that names a person is counted, and taken back, under its own keys alone: those of somebody named before stay as they are", async () => {
    const [account, before, after] = [aKey(), aKey(), aKey()];
    const { id } = await claim([account, before]);
    await judged(id, 1, "wrong");
    expect(await answer(id, 2, [account, after], true)).toMatchObject({
      type: "claimed",
      triesLeft: 3,
    });
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([
      2, 1, 1,
    ]);
    await judged(id, 2, "wrong");
    expect(await answer(id, 3)).toMatchObject({ type: "claimed" });
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([
      3, 1, 2,
    ]);
    // No pair was named, so nobody can have been confirmed.
    await store().releaseAttempts(id, "confirmed");
    expect([await counted(account), await counted(before), await counted(after)]).toEqual([
      2, 1, 1,
    ]);
  });
  test("is one of any number that come at once", async () => {
    const key = aKey();
    const { id } = await claim([key]);
    await judged(id, 1, "wrong");
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => untilAnswered(() => answer(id, 2))),
    );
    expect(answers.filter((each) => each.type === "claimed").length).toBeLessThanOrEqual(1);
    expect(answers.filter((each) => each.type === "limited")).toEqual([]);
    expect(await counted(key)).toBe(2);
  });
  test("is not taken, nor counted, where any of its keys is full", async () => {
    const [own, full] = [aKey(), aKey()];
    for (let tries = 1; tries <= 5; tries += 1) await claim([full]);
    const { id } = await claim([own]);
    await judged(id, 1, "wrong");
    expect(await answer(id, 2, [full])).toMatchObject({ type: "limited" });
    expect([await counted(own), await counted(full)]).toEqual([1, 5]);
    expect(await answer(id, 2)).toMatchObject({ type: "claimed" });
  });
  test("is the fifth wrong one at most, even if all that is counted beside the session is gone", async () => {
    const key = aKey();
    const { id } = await claim([key]);
    for (let step = 1; step < 5; step += 1) {
      await judged(id, step, "wrong");
      await forget(key);
      expect(await answer(id, step + 1)).toMatchObject({
        type: "claimed",
        triesLeft: 4 - step,
        sessionFull: step === 4,
      });
    }
    await judged(id, 5, "wrong");
    await forget(key);
    expect(await answer(id, 6)).toMatchObject({ type: "limited", full: [], sessionFull: true });
    expect((await counted(key)) ?? 0).toBe(0);
  });
  test("to another step, while the bank is asked, or after the time is lost and not counted", async () => {
    const key = aKey();
    const { id } = await claim([key]);
    expect(await answer(id, 1)).toEqual({ type: "conflict" });
    await judged(id, 1, "wrong");
    for (const step of [1, 3]) expect(await answer(id, step)).toEqual({ type: "conflict" });
    await real.db.rows(
      z.unknown(),
      sql`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE id = ${id}::uuid
        RETURNING id`,
    );
    expect(await answer(id, 2)).toEqual({ type: "conflict" });
    expect(await counted(key)).toBe(1);
  });
});

describe("the counting of an answer", () => {
  test.each<[number, AnswerVerdict | undefined]>([
    [1, "wrong"],
    [1, "overdue"],
    [1, undefined],
    [0, "accepted"],
    [0, "expired"],
    [0, "denied"],
    [0, "away"],
  ])("is %i after the verdict %s", async (left, verdict) => {
    const key = aKey();
    const { id } = await claim([key]);
    expect(await judged(id, 1, verdict)).toBe(true);
    expect(await counted(key)).toBe(left);
    // The session's own count, too.
    expect(await answer(id, 2)).toMatchObject({ type: "claimed", triesLeft: 4 - left });
  });
  test("is taken back by who moves the session, and by nobody else", async () => {
    const key = aKey();
    const { id } = await claim([key]);
    expect(await judged(id, 2, "accepted")).toBe(false);
    expect(await counted(key)).toBe(1);
  });
  test("is taken back once, and never what others were counted for", async () => {
    const key = aKey();
    await claim([key]);
    const { id } = await claim([key]);
    await store().releaseAttempts(id, "last");
    expect(await counted(key)).toBe(1);
    for (let times = 0; times < 2; times += 1) await store().releaseAttempts(id, "last");
    expect(await counted(key)).toBe(1);
    await judged(id, 1, "accepted");
    expect(await counted(key)).toBe(1);
  });
  test.each(["accepted", undefined] as const)(
    "is not taken back from a count that has begun anew since: %s",
    async (verdict) => {
      const key = aKey();
      const { id } = await claim([key]);
      await endsIn(key, -1);
      await claim([key]);
      if (verdict) await judged(id, 1, verdict);
      else await store().releaseAttempts(id, "last");
      expect(await counted(key)).toBe(1);
    },
  );
  test("is taken back alone where nobody is confirmed: wrong ones before it stay", async () => {
    const [account, pair] = [aKey(), aPair()];
    const { id } = await claim([account, pair]);
    await judged(id, 1, "wrong");
    await answer(id, 2);
    await store().releaseAttempts(id, "last");
    expect([await counted(account), await counted(pair)]).toEqual([1, 1]);
    expect(await isKnown(pair)).toBe(false);
  });
});

describe("a person whom the bank has confirmed", () => {
  test("takes their own wrong answers back, and not those of others; the count of the pair ends, and it is known", async () => {
    const [account, person, pair] = [aKey(), aKey(), aPair()];
    await fill(account, 1);
    await fill(person, 2);
    const { id } = await claim([account, person, pair]);
    await judged(id, 1, "wrong");
    await answer(id, 2, [account, person, pair], true);
    await judged(id, 2, "wrong");
    expect(await answer(id, 3, [account, person, pair], true)).toMatchObject({
      type: "claimed",
      triesLeft: 0,
    });
    await judged(id, 3, "accepted");
    await answer(id, 4, [account]);
    expect([await counted(account), await counted(person), await counted(pair)]).toEqual([4, 5, 3]);
    await claim([account, pair]);
    for (let times = 0; times < 2; times += 1) await store().releaseAttempts(id, "confirmed");
    expect([await counted(account), await counted(person), await counted(pair)]).toEqual([
      2,
      2,
      undefined,
    ]);
    expect(await isKnown(pair)).toBe(true);
  });
  test("takes nothing back of what was counted for somebody they named before", async () => {
    const [account, victim, thief, [ofVictim, ofThief]] = [
      aKey(),
      aKey(),
      aKey(),
      [aPair(), aPair()],
    ];
    const { id } = await claim([account, victim, ofVictim]);
    await judged(id, 1, "wrong");
    await answer(id, 2, [account, victim, ofVictim], true);
    await judged(id, 2, "wrong");
    await answer(id, 3, [account, thief, ofThief], true);
    await store().releaseAttempts(id, "confirmed");
    expect([
      await counted(account),
      await counted(victim),
      await counted(ofVictim),
      await counted(thief),
    ]).toEqual([2, 2, 2, 0]);
    expect([await isKnown(ofVictim), await isKnown(ofThief)]).toEqual([false, true]);
  });
  test.each([true, false])(
    "is nobody after a page of the bank’s own, also where questions follow: %s",
    async (more) => {
      const [account, person, pair] = [aKey(), aKey(), aPair()];
      const { id } = await claim([account, person, pair]);
      await judged(id, 1, "wrong");
      await answer(id, 2);
      await store().advance(
        id,
        { state: "awaiting_bank", step: 2 },
        { state: "awaiting_user", step: 3, sealedStep: "x" },
        { verdict: "accepted", elsewhere: true },
      );
      if (more) await answer(id, 3, [account]);
      await store().releaseAttempts(id, "confirmed");
      expect([await counted(account), await counted(person), await isKnown(pair)]).toEqual(
        more ? [1, 1, false] : [0, 0, false],
      );
    },
  );
  test("is known anew by each sign-in", async () => {
    const pair = aPair();
    for (let times = 0; times < 2; times += 1) {
      const { id } = await claim([aKey(), pair]);
      await real.db.rows(
        z.unknown(),
        sql`UPDATE known_pairs SET confirmed_at = now() - interval '1 day' WHERE key = ${pair}
          RETURNING key`,
      );
      await store().releaseAttempts(id, "confirmed");
    }
    expect(
      await real.db.rows(
        z.unknown(),
        sql`SELECT key FROM known_pairs WHERE key = ${pair}
          AND confirmed_at > now() - interval '1 hour'`,
      ),
    ).toHaveLength(1);
  });
});

describe("a known pair", () => {
  const known = async () => {
    const keys = { account: aKey(), person: aKey(), pair: aPair() };
    const { id } = await claim(Object.values(keys));
    await store().releaseAttempts(id, "confirmed");
    return { ...keys, all: Object.values(keys) };
  };
  test.each(["account", "person"] as const)(
    "has three tries of its own when others have used up those of the %s, and none more",
    async (full) => {
      const pair = await known();
      await fill(pair[full]);
      const other = full === "account" ? pair.person : pair.account;
      const left = [];
      for (let tries = 1; tries <= 3; tries += 1) left.push(await claim(pair.all));
      expect(left).toMatchObject(
        [2, 1, 0].map((triesLeft) => ({
          type: "claimed",
          triesLeft,
          full: triesLeft === 0 ? [pair.pair] : [],
        })),
      );
      expect([await counted(pair[full]), await counted(other), await counted(pair.pair)]).toEqual([
        5, 3, 3,
      ]);
      const refused = await claim(pair.all);
      expect(refused).toMatchObject({ type: "limited" });
      expect(refused.type === "limited" && [...refused.full].sort()).toEqual(
        [pair[full], pair.pair].sort(),
      );
      expect([await counted(pair[full]), await counted(other), await counted(pair.pair)]).toEqual([
        5, 3, 3,
      ]);
    },
  );
  test("has none of its own once it has used up those of all", async () => {
    const { all } = await known();
    const left = [];
    for (let tries = 1; tries <= 6; tries += 1) left.push(await claim(all));
    expect(left.map((each) => (each.type === "claimed" ? each.triesLeft : each.type))).toEqual([
      4,
      3,
      2,
      1,
      0,
      "limited",
    ]);
  });
  test("has what is left of three where it used up some of those of all", async () => {
    const { account, all } = await known();
    await claim(all);
    await fill(account, 3);
    // The fifth for the account, and the second of the pair.
    expect(await claim(all)).toMatchObject({ type: "claimed", triesLeft: 1, full: [account] });
    expect(await claim(all)).toMatchObject({ type: "claimed", triesLeft: 0 });
    expect(await claim(all)).toMatchObject({ type: "limited" });
  });
  test("takes back what it was counted for, and leaves others’ as they are", async () => {
    const { account, person, pair, all } = await known();
    await fill(account);
    const { id } = await claim(all);
    await judged(id, 1, "wrong");
    await answer(id, 2);
    expect([await counted(account), await counted(person), await counted(pair)]).toEqual([5, 2, 2]);
    await judged(id, 2, "accepted");
    expect([await counted(account), await counted(person), await counted(pair)]).toEqual([5, 1, 1]);
    await answer(id, 3);
    await store().releaseAttempts(id, "confirmed");
    expect([await counted(account), await counted(person), await counted(pair)]).toEqual([
      5,
      0,
      undefined,
    ]);
  });
  test("does nothing for another pair, of the same account or the same person", async () => {
    const { account, person, pair } = await known();
    await fill(account);
    const parameters = await announce();
    const stranger = [account, aKey(), aPair()];
    expect(await claim(stranger, { parameters })).toMatchObject({
      type: "limited",
      full: [account],
    });
    expect(await refusedKeysOf(parameters.authorisationId)).toEqual([...stranger].sort());
    await forget(account);
    await fill(person);
    expect(await claim([aKey(), person, aPair()])).toMatchObject({
      type: "limited",
      full: [person],
    });
    expect((await counted(pair)) ?? 0).toBe(0);
  });
  test("takes exactly three of 200 that come at once over three stores, with the account used up", async () => {
    const { account, pair, all } = await known();
    await fill(account);
    const stores = [openDb(real.url), openDb(real.url), openDb(real.url)];
    try {
      const announced = await Promise.all(
        Array.from({ length: 200 }, () => untilAnswered(announce)),
      );
      const claims = await Promise.all(
        announced.map((parameters, index) => {
          const session = {
            id: randomUUID(),
            handleDigest: new Uint8Array(randomBytes(32)),
            locale: "en-GB",
            state: "awaiting_bank",
            step: 1,
            sealedStep: "x",
          } as const;
          return untilAnswered(() =>
            createSessionStore(stores[index % 3]!).claim(parameters, session, {
              account: null,
              keys: all,
            }),
          );
        }),
      );
      // One that was claimed and not answered in time is lost when it is tried again; it was
      // counted all the same.
      expect(claims.filter((each) => each.type !== "limited")).toHaveLength(3);
      expect([await counted(account), await counted(pair)]).toEqual([5, 3]);
    } finally {
      await Promise.all(stores.map((each) => each.close()));
    }
  }, 120_000);
});

test("an answer that is refused leaves its keys with the authorisation, those of a running session, too", async () => {
  const [account, full, pair] = [aKey(), aKey(), aPair()];
  await fill(full);
  const parameters = await announce();
  const { id } = await claim([account], { parameters });
  await judged(id, 1, "wrong");
  expect(await refusedKeysOf(parameters.authorisationId)).toEqual([]);
  expect(await answer(id, 2, [account, full, pair], true)).toMatchObject({
    type: "limited",
    full: [full],
  });
  expect(await refusedKeysOf(parameters.authorisationId)).toEqual([account, full, pair].sort());
});
