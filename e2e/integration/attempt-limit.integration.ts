import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { simulatorSettings } from "../../simulator/settings.ts";
import { maxFailed } from "../../lib/authorisations/attempt-limit.ts";
import type { BankAdapter, BankResult } from "../../lib/banks/bank-adapter.ts";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import { isDatabaseUnavailable, sql } from "../../lib/db/db.ts";
import { readSettings } from "../../lib/config/env.ts";
import { RemoteFault } from "../../lib/http/http.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createServices, type Services } from "../../lib/services.ts";
import type { Screen } from "../../lib/journey/screen.ts";
import { postedForm } from "../../lib/authrefresh/posted-form.fixture.ts";

// Guessing through us: however an attacker spreads their guesses over authorisations, replicas and
// time, the bank hears five of them.
const code = {
  kind: "one-time-code",
  prompt: { channel: "sms", destination: "•••• 1", length: 6 },
} as const;
const wrong = {
  type: "challenge",
  challenge: { kind: "credentials", prompt: {} },
  state: null,
  problem: "wrong",
  otherWay: false,
} as const satisfies BankResult;
const bank = {
  describe: () => ({ name: "Test Bank", firstChallenge: { kind: "credentials", prompt: {} } }),
  start: vi.fn<BankAdapter["start"]>(),
  answer: vi.fn<BankAdapter["answer"]>(),
  poll: vi.fn<NonNullable<BankAdapter["poll"]>>(),
  userIdentifier: vi.fn<NonNullable<BankAdapter["userIdentifier"]>>(),
} satisfies BankAdapter;

const real = useTestDb();
const replicas: Services[] = [];
const keys = [randomBytes(32), randomBytes(32)].map((key) => key.toString("base64url"));
beforeAll(() => {
  // In the middle of a rotation: the third replica has the new key as its current one already.
  for (const ring of [keys, keys, keys.toReversed()].map(String)) {
    const env = {
      ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: 4000 }),
      DATABASE_URL: real.runtimeUrl,
      SEAL_KEYS: ring,
      BANK_ADAPTER: "sandbox",
      REDIRECT_HOSTS: "sage.com",
      LOG_LEVEL: "silent",
    };
    replicas.push(createServices(readSettings(env as unknown as NodeJS.ProcessEnv), { bank }));
  }
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => Promise.all(replicas.map(({ stop }) => stop())));
beforeEach(() => {
  vi.resetAllMocks();
  bank.start.mockResolvedValue(wrong);
  bank.answer.mockResolvedValue(wrong);
  bank.poll.mockResolvedValue({ type: "pending" });
  bank.userIdentifier.mockImplementation((answer) =>
    answer.kind === "credentials" ? answer.value.username : undefined,
  );
});

const calls = () => bank.start.mock.calls.length + bank.answer.mock.calls.length;
const replica = (index: number) => replicas[index % replicas.length]!;

/** The first screen of an announced authorisation. */
async function enter(externalId: string) {
  const id = randomUUID();
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: "resourceCreated",
    resource: { id, type: "authorisation" },
    bankId: null,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: id,
  });
  const query = new URLSearchParams({
    bankaccount: "b",
    authorisation_id: id,
    redirect_uri: "https://x.sage.com/back",
    state: "s",
    externalId,
  });
  const opened = await replica(0).handleAuthrefresh.fromQuery(String(query), { bind: true });
  if (opened.type !== "open") throw new Error(opened.type);
  return { id, screen: opened.screen };
}

interface Form {
  handle: string;
  formToken: string;
}

async function answer(
  services: Services,
  { handle, formToken }: Form,
  username: string,
): Promise<Screen> {
  const fields = {
    form_token: formToken,
    username,
    password: "guess",
    code: "000000",
    action: "continue",
  };
  const posted = handle.includes(".")
    ? await services.claimAuthorisation(handle, postedForm(fields), "en-GB")
    : await services.submitAnswer(handle, postedForm(fields));
  if (posted.type !== "see-other") throw new Error(posted.type);
  return (await services.showStep(posted.handle, { limitNotice: posted.limitNotice })).screen;
}

const guess = async (index: number, { externalId = "account", username = "ada" }) =>
  answer(replica(index), (await enter(externalId)).screen, username);
const tooMany = { type: "finished", result: "refused", reason: "too-many-tries" };
/** A screen whose answer was not taken, and which may be answered later. */
const notTaken = {
  type: "challenge",
  content: { pageProblem: "too-many-tries", waitSeconds: expect.any(Number), started: false },
};
/** The same, before anything was claimed. */
const backAtFirstScreen = { ...notTaken, version: "first" };
const isAsked = (screen: Screen) => screen.type === "challenge" && screen.content.started;
const minuteAfter = () =>
  real.db.rows(
    z.unknown(),
    sql`UPDATE answer_counts SET ends_at = now() - interval '1 second' RETURNING key`,
  );
/** Signs in with the right password. */
const signIn = async (externalId: string, username: string, index = 0) => {
  bank.start.mockResolvedValueOnce({ type: "authorised", accounts: [{ externalId }] });
  const screen = await guess(index, { externalId, username });
  bank.start.mockReset().mockResolvedValue(wrong);
  return screen;
};
const signedIn = { type: "finishing", succeeded: true };
const isClaimed = async (id: string) =>
  (await real.db.prisma.authorisation.findUnique({ where: { id } }))?.claimedAt !== null;
const form = (screen: Screen): Form => {
  if (!("formToken" in screen)) throw new Error(`no form on ${screen.type}`);
  return screen;
};

/**
 * Everything at once, over and over until nothing was answered 503. On a machine too slow for them
 * some are answered 503, and one of those may have been counted without a call: never more than
 * five calls are made then, and another round, of other names and half as many, has to show that it
 * is five.
 */
async function storm(
  maxCalls: number,
  prepare: (round: number) => Promise<(() => Promise<Screen>)[]>,
): Promise<{ screens: Screen[]; round: number }> {
  for (let round = 0; ; round += 1) {
    const posts = await prepare(round);
    vi.clearAllMocks();
    const results = await Promise.allSettled(posts.map((post) => post()));
    expect(calls()).toBeLessThanOrEqual(maxCalls);
    const failures = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason] : [],
    );
    if (failures.length > 0 && failures.every(isDatabaseUnavailable) && round < 8) continue;
    expect(failures).toEqual([]);
    return {
      screens: results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
      round,
    };
  }
}

const attemptsInRound = (round: number) => Math.max(10, Math.round(200 / 2 ** round));

/** 200 journeys, each about to answer its first screen. */
const virtualUsers =
  (of: (round: number, index: number) => { externalId: string; username: string }) =>
  async (round: number) => {
    const posts: (() => Promise<Screen>)[] = [];
    for (let index = 0; index < attemptsInRound(round); index += 1) {
      const { externalId, username } = of(round, index);
      const { screen } = await enter(externalId);
      posts.push(() => answer(replica(index), screen, username));
    }
    return posts;
  };

describe("200 wrong answers at once, over three replicas", () => {
  test("to one account make exactly five calls of the bank, and everybody else is told that there are no tries left", async () => {
    const { screens } = await storm(
      maxFailed,
      virtualUsers((round, index) => ({
        externalId: `one-${round}`,
        username: `person-${round}-${index}`,
      })),
    );
    expect(calls()).toBe(maxFailed);
    // The fifth is the last one, so its session is over, too.
    expect(screens.filter(isAsked).length).toBeLessThan(maxFailed);
    for (const screen of screens.filter((each) => !isAsked(each)))
      expect(screen).toMatchObject(
        screen.type === "finished"
          ? { ...tooMany, retrySeconds: expect.any(Number) }
          : backAtFirstScreen,
      );
  }, 180_000);
  test("for one person, each through another account, make exactly five calls, too", async () => {
    const { round } = await storm(
      maxFailed,
      virtualUsers((each, index) => ({
        externalId: `account-${each}-${index}`,
        username: `victim-${each}`,
      })),
    );
    expect(calls()).toBe(maxFailed);
    // The accounts they came through are not locked by what was never asked.
    bank.start.mockClear();
    for (let again = 0; again < maxFailed; again += 1)
      await guess(again, {
        externalId: `account-${round}-${attemptsInRound(round) - 1}`,
        username: `somebody-${again}`,
      });
    expect(bank.start.mock.calls.length).toBeGreaterThanOrEqual(maxFailed - 1);
  }, 180_000);
  test("to one step make one call", async () => {
    await storm(1, async (round) => {
      const first = form(
        await guess(0, { externalId: `step-${round}`, username: `step-${round}` }),
      );
      return Array.from(
        { length: attemptsInRound(round) },
        (_, index) => () => answer(replica(index), first, "step"),
      );
    });
    expect(bank.answer).toHaveBeenCalledTimes(1);
  }, 180_000);
});

describe("one authorisation", () => {
  test("takes five wrong answers to the bank, whatever the person is called and whatever is asked; the last try is announced", async () => {
    let screen: Screen = (await enter("single")).screen;
    const left: (number | null)[] = [];
    bank.answer.mockImplementation(async () =>
      calls() > 2 ? { ...wrong, challenge: code } : wrong,
    );
    for (let tries = 0; tries < maxFailed; tries += 1) {
      screen = await answer(replica(tries), form(screen), `person-${tries}`);
      if (screen.type === "challenge") left.push(screen.content.triesLeft);
    }
    expect(left).toEqual([null, null, 2, 1]);
    expect(screen).toMatchObject(tooMany);
    expect(calls()).toBe(maxFailed);
  });
  test("is not held back by answers that were right, or that the bank could not judge", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    let screen: Screen = (await enter("right")).screen;
    const results: (() => Promise<BankResult>)[] = [
      async () => ({ type: "challenge", challenge: code, state: null, otherWay: false }),
      async () => Promise.reject(new RemoteFault("bank-unavailable")),
    ];
    for (const result of [...results, ...results, ...results, ...results]) {
      screen = await answer(replica(calls()), form(screen), "right");
      bank.answer.mockImplementation(result);
    }
    expect(screen).toMatchObject({ type: "challenge" });
    expect(calls()).toBe(8);
  });
});

describe("an account", () => {
  test("whose person signed in after wrong answers in the same journey has all its tries again", async () => {
    for (let journeys = 0; journeys < 3; journeys += 1) {
      let screen: Screen = (await enter("mine")).screen;
      for (let tries = 0; tries < maxFailed - 1; tries += 1)
        screen = await answer(replica(tries), form(screen), "me");
      bank.answer.mockResolvedValueOnce({ type: "authorised", accounts: [{ externalId: "mine" }] });
      expect(await answer(replica(0), form(screen), "me")).toMatchObject(signedIn);
    }
  });
  test("gives nobody new tries by the sign-ins of its person: three wrong answers more are theirs, and none of anybody else", async () => {
    expect(await signIn("visited", "visitor")).toMatchObject(signedIn);
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "visited", username: `stranger-${tries}` });
    for (let visits = 0; visits < 3; visits += 1) {
      expect(await signIn("visited", "visitor", visits)).toMatchObject(signedIn);
      vi.clearAllMocks();
      expect(await guess(visits, { externalId: "visited", username: "stranger" })).toMatchObject(
        backAtFirstScreen,
      );
      expect(calls()).toBe(0);
    }
    for (let tries = 0; tries < 5; tries += 1)
      await guess(tries, { externalId: "visited", username: "visitor" });
    expect(calls()).toBe(3);
  });
  test("whose bank names no person keeps what others were counted for, however often somebody signs in", async () => {
    bank.userIdentifier.mockReturnValue(undefined);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      for (let tries = 0; tries < 2; tries += 1) await guess(tries, { externalId: "nameless" });
      if (rounds < 2) expect(await signIn("nameless", "somebody", rounds)).toMatchObject(signedIn);
    }
    vi.clearAllMocks();
    expect(await guess(0, { externalId: "nameless" })).toMatchObject(backAtFirstScreen);
    expect(calls()).toBe(0);
  });
  test("stays locked for a right password in the middle of guesses at its code", async () => {
    bank.start.mockResolvedValue({ type: "challenge", challenge: code, state: null });
    bank.answer.mockResolvedValue({ ...wrong, challenge: code });
    for (let journeys = 0; journeys < 12; journeys += 1) {
      const screen = await guess(journeys, { externalId: "codes", username: "codes" });
      if (screen.type === "challenge") await answer(replica(journeys), form(screen), "codes");
    }
    expect(bank.answer).toHaveBeenCalledTimes(maxFailed);
  });
  test.each(["timeout", "network"])(
    "is locked by answers whose fate nobody knows (%s), since the bank may have judged them",
    async (code) => {
      bank.start.mockRejectedValue(new RemoteFault(code));
      for (let tries = 0; tries < maxFailed; tries += 1)
        expect(await guess(tries, { externalId: code, username: code })).toMatchObject({
          type: "challenge",
          content: { pageProblem: "bank-away" },
        });
      expect(await guess(0, { externalId: code, username: code })).toMatchObject(backAtFirstScreen);
      expect(calls()).toBe(maxFailed);
    },
  );
  test("is open again half an hour after the first wrong answer", async () => {
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "later", username: "later" });
    expect(await guess(0, { externalId: "later", username: "later" })).toMatchObject(
      backAtFirstScreen,
    );
    await minuteAfter();
    bank.start.mockClear();
    expect(await guess(0, { externalId: "later", username: "later" })).toMatchObject({
      type: "challenge",
    });
    expect(bank.start).toHaveBeenCalledTimes(1);
  });
});

describe("somebody who guesses at another person", () => {
  const own = {
    type: "authorised",
    accounts: [{ externalId: "own" }, { externalId: "own-too" }],
  } as const satisfies BankResult;
  const page = {
    type: "challenge",
    challenge: { kind: "redirect", prompt: { url: "https://bank.example/", opens: "frame" } },
    state: null,
    otherWay: false,
  } as const satisfies BankResult;
  /**
   * In one authorisation for an account of their own: guesses until they are stopped, four at most.
   */
  const guesses = async (person: string, externalId: string) => {
    let screen: Screen = (await enter(externalId)).screen;
    for (let tries = 0; tries < maxFailed - 1 && screen.type === "challenge"; tries += 1)
      screen = await answer(replica(tries), form(screen), person);
    return screen;
  };

  test("does not get new tries by signing in as themselves", async () => {
    const first = await guesses("victim", "own");
    bank.answer.mockResolvedValue(own);
    expect(await answer(replica(0), form(first), "thief")).toMatchObject({
      type: "finishing",
      succeeded: true,
    });
    vi.clearAllMocks();
    bank.answer.mockResolvedValue(wrong);
    expect(await guesses("victim", "own")).toMatchObject(tooMany);
    expect(calls()).toBe(1);
  });
  test("locks nobody out who has signed in before: they sign in to their own account, with three tries", async () => {
    expect(await signIn("account-of-a-victim", "known-victim")).toMatchObject(signedIn);
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "of-an-attacker", username: "Known Victim" });
    vi.clearAllMocks();
    expect(
      await guess(0, { externalId: "of-an-attacker", username: "known-victim" }),
    ).toMatchObject(backAtFirstScreen);
    expect(calls()).toBe(0);
    expect(
      await guess(1, { externalId: "account-of-a-victim", username: "known-victim" }),
    ).toMatchObject({ type: "challenge", content: { triesLeft: 2 } });
    expect(await signIn("account-of-a-victim", "known-victim", 2)).toMatchObject(signedIn);
    // The sign-in gave the attacker nothing.
    vi.clearAllMocks();
    expect(
      await guess(0, { externalId: "of-an-attacker", username: "known-victim" }),
    ).toMatchObject(backAtFirstScreen);
    expect(calls()).toBe(0);
  });
  test("uses up nobody’s authorisation: who has not signed in before is told when to come back, and then goes on with it", async () => {
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "of-another-attacker", username: "new-victim" });
    vi.clearAllMocks();
    const { id, screen } = await enter("account-of-a-new-victim");
    for (let again = 0; again < 3; again += 1)
      expect(await answer(replica(again), form(screen), "new-victim")).toMatchObject({
        ...backAtFirstScreen,
        reference: id,
      });
    expect(calls()).toBe(0);
    expect(await isClaimed(id)).toBe(false);
    await minuteAfter();
    bank.start.mockResolvedValueOnce({
      type: "authorised",
      accounts: [{ externalId: "account-of-a-new-victim" }],
    });
    expect(await answer(replica(0), form(screen), "new-victim")).toMatchObject(signedIn);
  });
  test.each([
    ["4815-1623", "48151623", "048 15 16 23", "٤٨١٥١٦٢٣", "４８１５.１６２３", "48151623"],
    ["vic-tim", "VICTIM", "v.i.c.t.i.m", "víctim", "vic\u00adtim", "victim"],
    ["jörg", "jorg", "JORG", "jo\u0308rg", "jørg", "Jörg"],
  ])("has five tries for all spellings of %s", async (...spellings) => {
    for (const [index, username] of spellings.entries())
      await guess(index, { externalId: `spelled-${spellings[0]}-${index}`, username });
    expect(calls()).toBe(maxFailed);
  });
  test("does not get new tries by signing in as themselves on a page of the bank’s own, which does not say whom it has let in", async () => {
    const first = await guesses("guest", "own-too");
    bank.answer.mockResolvedValueOnce(page).mockResolvedValueOnce(own);
    const there = form(await answer(replica(0), form(first), "guest"));
    const back = new URL(bank.answer.mock.lastCall?.[0].returnAddress ?? "").search.slice(1);
    expect(await replica(0).returnFromBank(back)).toMatchObject({ type: "here" });
    expect((await replica(0).showStep(there.handle)).screen).toMatchObject({
      type: "finishing",
      succeeded: true,
    });
    vi.clearAllMocks();
    expect(await guesses("guest", "another-own")).toMatchObject(tooMany);
    expect(calls()).toBe(1);
  });
  test("does not get new tries, nor is the pair known, by signing in as themselves on that page where the bank asks for a code afterwards", async () => {
    const first = await guesses("host", "own-three");
    bank.answer
      .mockResolvedValueOnce(page)
      .mockResolvedValueOnce({ type: "challenge", challenge: code, state: null, otherWay: false })
      .mockResolvedValueOnce({ type: "authorised", accounts: [{ externalId: "own-three" }] });
    const there = form(await answer(replica(0), form(first), "host"));
    await replica(0).returnFromBank(
      new URL(bank.answer.mock.lastCall?.[0].returnAddress ?? "").search.slice(1),
    );
    const { screen } = await replica(0).showStep(there.handle);
    expect(await answer(replica(1), form(screen), "host")).toMatchObject(signedIn);
    vi.clearAllMocks();
    expect(await guesses("host", "own-three")).toMatchObject(tooMany);
    expect(calls()).toBe(1);
    expect(await guess(0, { externalId: "own-three", username: "host" })).toMatchObject(
      backAtFirstScreen,
    );
  });
});

describe("requests in somebody’s app", () => {
  const ring = {
    type: "challenge",
    challenge: { kind: "approval", prompt: { status: "waiting", pollSeconds: 1 } },
    state: null,
  } as const satisfies Partial<BankResult>;
  // What was asked is stored before the screen is looked at, however slow the machine is.
  const look = async (index: number, { handle }: Form) => {
    await replica(index).showStep(handle, { poll: true });
    await replica(index).settled();
    return (await replica(index).showStep(handle)).screen;
  };
  const again = async ({ handle, formToken }: Form) => {
    const posted = await replica(0).submitAnswer(
      handle,
      postedForm({ form_token: formToken, action: "ask-again" }),
    );
    await replica(0).settled();
    return (await replica(0).showStep(posted.type === "see-other" ? posted.handle : "")).screen;
  };
  beforeEach(() => {
    bank.start.mockResolvedValue(ring);
    bank.answer.mockResolvedValue({ ...ring, notice: "asked-again" });
  });

  test("are five, in one authorisation and in all of them, whoever turns them down or lets them run out", async () => {
    bank.poll.mockResolvedValueOnce({
      ...ring,
      challenge: { kind: "approval", prompt: { status: "over", pollSeconds: 1 } },
      problem: "denied",
    });
    let screen = await look(0, form(await guess(0, { externalId: "rung", username: "rung" })));
    screen = await again(form(screen));
    // Sooner than the bank sends another one: nothing rang.
    bank.answer.mockResolvedValueOnce({ ...ring, notice: "wait", waitSeconds: 8 });
    await again(form(screen));
    for (let index = 0; index < maxFailed - 2; index += 1)
      expect(await guess(index, { externalId: `rung-${index}`, username: "rung" })).toMatchObject({
        type: "challenge",
      });
    expect(await guess(0, { externalId: "rung-last", username: "rung" })).toMatchObject(
      backAtFirstScreen,
    );
    expect(calls()).toBe(maxFailed + 1);
  });
  test("are three more once one was approved", async () => {
    for (let index = 0; index < maxFailed - 1; index += 1)
      await guess(index, { externalId: "rings", username: "rings" });
    const last = form(await guess(0, { externalId: "rings", username: "rings" }));
    bank.poll.mockResolvedValue({ type: "authorised", accounts: [{ externalId: "rings" }] });
    expect(await look(0, last)).toMatchObject(signedIn);
    // Those of other journeys stay counted, and the pair has some of its own.
    bank.poll.mockResolvedValue({ type: "pending" });
    const rung = calls();
    for (let index = 0; index < maxFailed; index += 1)
      await guess(index, { externalId: "rings", username: "rings" });
    expect(calls() - rung).toBe(3);
  });
  test("that were approved by somebody without the account are one less", async () => {
    bank.poll.mockResolvedValue({ type: "authorised", accounts: [] });
    for (let index = 0; index <= maxFailed; index += 1) {
      expect(
        await look(0, form(await guess(index, { externalId: "without", username: "without" }))),
      ).toMatchObject({ type: "finished", reason: "wrong-account" });
    }
  });
});

describe("whoever is locked out and calls", () => {
  const documented =
    /DELETE FROM answer_counts [^;]+;/.exec(
      readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8"),
    )?.[0] ?? "";
  const letIn = (id: string) => real.db.prisma.$executeRawUnsafe(documented.replaceAll("…", id));
  const lock = async (externalId: string, username: string) => {
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: `${externalId}-${tries}`, username });
  };

  test("is let in by what docs/operations.md says, after a first answer that was refused", async () => {
    await lock("calls", "calls");
    const { id, screen } = await enter("calls");
    expect(await answer(replica(2), screen, "calls")).toMatchObject({
      ...backAtFirstScreen,
      reference: id,
    });
    expect(await letIn(id)).toBeGreaterThan(0);
    // In the same journey, which is not used up.
    expect(isAsked(await answer(replica(2), screen, "calls"))).toBe(true);
  });
  test("is let in by it after a later answer that was refused, with another name than the first", async () => {
    await lock("calls-too", "calls-too");
    const { id, screen } = await enter("calls-too");
    expect(
      await answer(replica(1), form(await answer(replica(0), screen, "misspelt")), "calls-too"),
    ).toMatchObject(tooMany);
    await letIn(id);
    expect(isAsked(await guess(0, { externalId: "calls-too", username: "calls-too" }))).toBe(true);
  });
  test("is let in by it after a fifth wrong answer of their own", async () => {
    const { id, screen } = await enter("calls-three");
    let last: Screen = screen;
    for (let tries = 0; tries < maxFailed; tries += 1)
      last = await answer(replica(tries), form(last), "calls-three");
    expect(last).toMatchObject(tooMany);
    expect(await guess(0, { externalId: "calls-three", username: "calls-three" })).toMatchObject(
      backAtFirstScreen,
    );
    await letIn(id);
    expect(isAsked(await guess(0, { externalId: "calls-three", username: "calls-three" }))).toBe(
      true,
    );
  });
});

describe("a journey whose bank has heard of nobody yet", () => {
  const lock = async (username: string) => {
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: `${username}-${tries}`, username });
    vi.clearAllMocks();
  };
  test("comes back to its step at the limit, with the name that was typed, and goes on from there later", async () => {
    await lock("forgetful");
    const { id, screen } = await enter("invalid");
    const posted = await replica(0).claimAuthorisation(
      screen.handle,
      postedForm({
        form_token: screen.formToken,
        username: "forgetful",
        password: "",
        action: "continue",
      }),
      "en-GB",
    );
    if (posted.type !== "see-other") throw new Error(posted.type);
    const invalid = (await replica(1).showStep(posted.handle)).screen;
    const back = await answer(replica(2), form(invalid), "forgetful");
    expect(back).toMatchObject({
      ...notTaken,
      reference: id,
      content: { ...notTaken.content, fields: { username: "forgetful" } },
    });
    expect(calls()).toBe(0);
    await minuteAfter();
    expect(isAsked(await answer(replica(0), form(back), "forgetful"))).toBe(true);
  });
  test("goes on at once with another name", async () => {
    await lock("misspelt-name");
    const { screen } = await enter("other-name");
    expect(await answer(replica(0), screen, "misspelt-name")).toMatchObject(backAtFirstScreen);
    expect(isAsked(await answer(replica(0), screen, "right-name"))).toBe(true);
  });
  test("can be cancelled at the limit", async () => {
    await lock("resigned");
    const { id, screen } = await enter("resigned");
    await answer(replica(0), screen, "resigned");
    const posted = await replica(0).claimAuthorisation(
      screen.handle,
      postedForm({ form_token: screen.formToken, action: "cancel" }),
      "en-GB",
    );
    expect(posted).toMatchObject({ type: "see-other" });
    expect(await isClaimed(id)).toBe(true);
  });
  test("says so only for a notice that we gave, for this entry, until its time is over", async () => {
    await lock("reasoned");
    const [{ screen }, other] = [await enter("reasoned"), await enter("reasoned")];
    const posted = await replica(0).claimAuthorisation(
      screen.handle,
      postedForm({
        form_token: screen.formToken,
        username: "reasoned",
        password: "guess",
        action: "continue",
      }),
      "en-GB",
    );
    if (posted.type !== "see-other" || posted.limitNotice === undefined)
      throw new Error("it was taken");
    expect(posted.handle).toBe(screen.handle);
    const shown = async (handle: string, limitNotice: string) =>
      (await replica(1).showStep(handle, { limitNotice })).screen;
    const plain = { type: "challenge", content: { pageProblem: null } };
    expect(await shown(screen.handle, posted.limitNotice)).toMatchObject(backAtFirstScreen);
    for (const limitNotice of [
      "",
      "garbage",
      `${posted.limitNotice}x`,
      screen.handle,
      "a.b.c.d.e",
      "x".repeat(5000),
    ])
      expect(await shown(screen.handle, limitNotice)).toMatchObject(plain);
    expect(await shown(other.screen.handle, posted.limitNotice)).toMatchObject(plain);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 60_000 });
    try {
      expect(await shown(screen.handle, posted.limitNotice)).toMatchObject(plain);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("an operator", () => {
  const lines: { event: string; authorisationId?: string; reason?: string }[] = [];
  const watch = () => {
    lines.length = 0;
    for (const { log } of replicas)
      vi.spyOn(log, "warn").mockImplementation(
        (event, fields) => void lines.push({ event, ...fields }),
      );
  };
  const alerts = () => lines.filter(({ event }) => event === "attempt limit reached");

  test("is told when a count is full, of each refusal, and whose count it is; never a name", async () => {
    watch();
    for (let tries = 0; tries < maxFailed - 1; tries += 1)
      await guess(tries, { externalId: `alerts-${tries}`, username: "watched" });
    expect(alerts()).toEqual([]);
    await guess(0, { externalId: "alerts-last", username: "watched" });
    expect(alerts()).toMatchObject([{ reason: "person" }]);
    const { id, screen } = await enter("alerts-again");
    await answer(replica(1), screen, "watched");
    expect(alerts().slice(1)).toEqual([
      { event: "attempt limit reached", authorisationId: id, reason: "person" },
    ]);
    watch();
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "alerts-account", username: `watched-${tries}` });
    expect(alerts()).toMatchObject([{ reason: "account" }]);
    expect(JSON.stringify(lines)).not.toMatch(/watched|alerts-/);
  });
  test("is told of a known pair that has used up its own, and of a session that did", async () => {
    await signIn("alerts-pair", "paired");
    for (let tries = 0; tries < maxFailed; tries += 1)
      await guess(tries, { externalId: "alerts-pair", username: `stranger-${tries}` });
    watch();
    for (let tries = 0; tries < 3; tries += 1)
      await guess(tries, { externalId: "alerts-pair", username: "paired" });
    expect(alerts()).toMatchObject([{ reason: "pair" }]);
    watch();
    let screen: Screen = (await enter("alerts-session")).screen;
    for (let tries = 0; tries < maxFailed; tries += 1) {
      screen = await answer(replica(tries), form(screen), `in-one-${tries}`);
      await minuteAfter();
    }
    expect(alerts()).toMatchObject([{ reason: "session" }]);
  });
  test("is told nothing of a fifth answer that is right", async () => {
    for (let tries = 0; tries < maxFailed - 1; tries += 1)
      await guess(tries, { externalId: "alerts-none", username: `none-${tries}` });
    watch();
    await signIn("alerts-none", "right");
    expect(alerts()).toEqual([]);
  });
});

describe("the database", () => {
  const everything = async (table: "answer_counts" | "audit_events" | "sessions") =>
    JSON.stringify(
      await real.db.rows(
        z.object({ row: z.unknown() }),
        table === "sessions"
          ? sql`SELECT to_jsonb(s) AS row FROM sessions s`
          : table === "audit_events"
            ? sql`SELECT to_jsonb(e) AS row FROM audit_events e`
            : sql`SELECT to_jsonb(c) AS row FROM answer_counts c`,
      ),
    );

  test("knows accounts and persons by a keyed hash only", async () => {
    await guess(0, { externalId: "account-of-a-canary", username: "canary-name" });
    for (const table of ["answer_counts", "audit_events", "sessions"] as const)
      expect(await everything(table)).not.toMatch(/canary/);
  });
  test("has an audit trail of every decision of a journey, in order", async () => {
    const { id, screen } = await enter("audited");
    bank.answer.mockResolvedValue({ type: "authorised", accounts: [{ externalId: "audited" }] });
    await answer(replica(1), form(await answer(replica(0), screen, "audited")), "audited");
    const row = z.object({
      event: z.string(),
      reason: z.string().nullable(),
      step: z.int().nullable(),
      account: z.string().nullable(),
    });
    const trail = await real.db.rows(
      row,
      sql`SELECT event, reason, step, account FROM audit_events
        WHERE authorisation_id = ${id}::uuid ORDER BY id`,
    );
    expect(trail.map(({ event, reason, step }) => [event, reason, step])).toEqual([
      ["entered", null, null],
      ["started", null, 1],
      ["bank-asked", null, 1],
      ["answer-judged", "wrong", 1],
      ["bank-asked", null, 2],
      ["finished", "authorised", 2],
    ]);
    expect(new Set(trail.slice(1).map(({ account }) => account)).size).toBe(1);
    expect(trail[1]?.account).toMatch(/^[\w-]{43}$/);
  });
  test("has the refusals before there is a session as counts", async () => {
    for (let times = 0; times < 3; times += 1)
      await replica(0).handleAuthrefresh.fromQuery(
        `authorisation_id=${randomUUID()}&redirect_uri=https://evil.example/&state=s&externalId=e`,
        { bind: true },
      );
    await replica(0).audit.flush();
    const row = z.object({ count: z.int() });
    expect(
      await real.db.rows(
        row,
        sql`SELECT count FROM audit_events WHERE event = 'authrefresh-refused'
          AND reason = 'redirect-uri'`,
      ),
    ).toEqual([{ count: 3 }]);
  });
});
