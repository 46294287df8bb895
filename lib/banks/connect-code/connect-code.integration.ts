import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Answer } from "../../challenges/index.ts";
import { openDb, sql } from "../../db/db.ts";
import { createSeals } from "../../crypto/seal.ts";
import { systemClock } from "../../clock/clock.ts";
import { createLog } from "../../log/log.ts";
import type { BankConfig } from "../banks-file.ts";
import { createConfiguredBanks } from "../configured-banks.ts";
import { useTestDb } from "../../../testing/test-db.ts";
import { testBankAdapter } from "../adapter-contract.ts";
import type { BankAdapter, InboundResult } from "../bank-adapter.ts";
import { createConnectCodeBank } from "./connect-code-bank.ts";
import { createConnectCodeStore } from "./connect-code-store.ts";
import { createConnectCodes } from "./connect-codes.ts";
import type { ConnectCodeSettings } from "./settings.ts";

const real = useTestDb();
const key = "k".repeat(32);
const settings: ConnectCodeSettings = {
  keys: [key, "o".repeat(32)],
  digits: 8,
  validMinutes: 10,
  note: "Choose More, then Connect.",
  lang: "en",
};
const ring = [1, 2].map((seed) => Uint8Array.from({ length: 32 }, (_, index) => index * seed));
const account = "the-account-asked-for";
const base = {
  bankId: "bank",
  externalId: account,
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};
const call = () => ({ signal: new AbortController().signal });

const bankOf = (seals = createSeals(ring), of = settings) =>
  createConnectCodeBank(of, {
    name: "Example Bank",
    codes: createConnectCodes({ settings: of, store: createConnectCodeStore(real.db), seals }),
  });
let bank: BankAdapter;
beforeAll(() => void (bank = bankOf()));

const ask = (
  body: unknown,
  {
    authorization = `Bearer ${key}`,
    bankId = "bank",
  }: { authorization?: string | null; bankId?: string | null } = {},
) => bank.called?.({ bankId, authorization, body }) as Promise<InboundResult>;
async function codeFor(
  accounts: readonly string[] = [account],
  more: object = {},
  bankId: string | null = "bank",
): Promise<string> {
  const made = await ask(
    { accounts: accounts.map((externalId) => ({ externalId })), ...more },
    { bankId },
  );
  if (made.type !== "made") throw new Error(made.type);
  return (made.value as { code: string }).code;
}
const typed = (code: string): Answer => ({ kind: "one-time-code", value: { code } });
const type = (
  code: string,
  {
    externalId = account,
    by = bank,
    bankId = "bank",
  }: { externalId?: string; by?: BankAdapter; bankId?: string | null } = {},
) => by.start({ ...base, bankId, externalId, answer: typed(code) }, call());
const wrongTo = (code: string) => code.replace(/.$/, (last) => String((Number(last) + 1) % 10));
const authorised = { type: "authorised", accounts: [{ externalId: account }] };

/** Somebody who fetches a code in the app whenever they need one. */
const fetched = typed("fetch one");
const otherFetched = typed("fetch one of somebody else");
const withApp: BankAdapter = {
  describe: (bankId) => bank.describe(bankId),
  start: async ({ answer, ...request }, limits) => {
    const code =
      answer === fetched
        ? await codeFor(["savings", account])
        : answer === otherFetched
          ? await codeFor(["another"])
          : undefined;
    return bank.start({ ...request, answer: code === undefined ? answer : typed(code) }, limits);
  },
  answer: (request, limits) => withApp.start(request, limits),
};

testBankAdapter("a bank with connect codes", {
  adapter: withApp,
  good: fetched,
  wrong: typed("00000000"),
  otherAccount: otherFetched,
  slow: fetched,
});

describe("a connect code", () => {
  test("says when it ends as the time it is, in whatever zone the server is", async () => {
    const [begun, made] = [Date.now(), await ask({ accounts: [{ externalId: account }] })];
    if (made.type !== "made") throw new Error(made.type);
    const validMs = Date.parse((made.value as { expiresAt: string }).expiresAt) - begun;
    // Clocks of the test and of the database may differ, by less than zones do.
    expect(Math.abs(validMs - settings.validMinutes * 60_000)).toBeLessThan(5 * 60_000);
  });
  test("is asked for with the bank’s own words", () => {
    expect(bank.describe("bank")).toEqual({
      name: "Example Bank",
      lang: "en",
      firstChallenge: {
        kind: "one-time-code",
        prompt: { channel: "app", length: 8, validMinutes: 10, note: "Choose More, then Connect." },
      },
    });
  });
  test("works once, of any number of tries at the same time", async () => {
    const code = await codeFor();
    const results = await Promise.all(Array.from({ length: 8 }, () => type(code)));
    expect(results.filter(({ type }) => type === "authorised")).toEqual([authorised]);
    expect(
      results.filter((result) => result.type === "challenge" && result.problem === "expired"),
    ).toHaveLength(7);
  });
  test("opens the accounts of the person it was made for, and no others", async () => {
    expect(await type(await codeFor(["another"]))).toEqual({
      type: "authorised",
      accounts: [{ externalId: "another" }],
    });
  });
  test("is too old after its time", async () => {
    const code = await codeFor();
    await real.db.rows(
      z.unknown(),
      sql`UPDATE connect_codes SET made_at = made_at - interval '11 minutes',
        ends_at = ends_at - interval '11 minutes'`,
    );
    expect(await type(code)).toMatchObject({ type: "challenge", problem: "expired" });
  });
  test("is worth nothing after five wrong ones for its account", async () => {
    const code = await codeFor(["guessed-at"]);
    const other = await codeFor(["left-alone"]);
    for (let tries = 0; tries < 5; tries += 1)
      expect(await type(wrongTo(code), { externalId: "guessed-at" })).toMatchObject({
        problem: "wrong",
      });
    expect(await type(code, { externalId: "guessed-at" })).toMatchObject({ problem: "expired" });
    expect(await type(other, { externalId: "left-alone" })).toMatchObject({ type: "authorised" });
  });
  test("ends when the same person gets a newer one", async () => {
    const [older, newer, others] = [
      await codeFor([account], { person: "ada" }),
      await codeFor([account], { person: "ada" }),
      await codeFor([account], { person: "bob" }),
    ];
    expect(await type(older)).toMatchObject({ problem: "expired" });
    expect(await type(newer)).toEqual(authorised);
    expect(await type(others)).toEqual(authorised);
  });
  test.each([
    ["bank", "another bank"],
    ["another bank", "bank"],
    ["bank", null],
    [null, "bank"],
  ])(
    "of the bank %j is nothing to the bank %j, though one entry stands for both and the account has one name",
    async (of, to) => {
      const code = await codeFor([account], {}, of);
      expect(await type(code, { bankId: to })).toMatchObject({ problem: "wrong" });
      expect(await type(code, { bankId: of })).toEqual(authorised);
    },
  );
  test("of one bank ends by nothing that happens at another: neither by wrong codes for an account of that name nor by a newer code for a person of that name", async () => {
    const code = await codeFor(["of-two-banks"], { person: "ada" });
    for (let tries = 0; tries < 5; tries += 1)
      await type(wrongTo(code), { externalId: "of-two-banks", bankId: "another bank" });
    await codeFor(["of-two-banks"], { person: "ada" }, "another bank");
    expect(await type(code, { externalId: "of-two-banks" })).toMatchObject({ type: "authorised" });
  });
  test("made before SEAL_KEYS changed works after it", async () => {
    const code = await codeFor();
    expect(
      await type(code, {
        by: bankOf(
          createSeals([Uint8Array.from({ length: 32 }, (_, index) => index * 3), ...ring]),
        ),
      }),
    ).toEqual(authorised);
  });
  test("is still good after our database was away while it was typed", async () => {
    const code = await codeFor();
    const away = openDb(Object.assign(new URL(real.url), { port: "1" }).href);
    const typing = createConnectCodeBank(settings, {
      name: "Example Bank",
      codes: createConnectCodes({
        settings,
        store: createConnectCodeStore(away),
        seals: createSeals(ring),
      }),
    }).start({ ...base, answer: typed(code) }, call());
    await expect(typing).rejects.toMatchObject({ name: "RemoteFault", code: "database-away" });
    await away.close();
    expect(await type(code)).toEqual(authorised);
  });
  test("is stored as a keyed hash, its account and its person, too", async () => {
    const code = await codeFor(["DE89370400440532013000"], { person: "ada@example.com" });
    const stored = JSON.stringify(
      await real.db.rows(z.unknown(), sql`SELECT * FROM connect_codes`),
    );
    for (const secret of [code, "DE89370400440532013000", "ada@example.com"])
      expect(stored).not.toContain(secret);
  });
});

describe("a code with a second field", () => {
  const identifier = {
    label: "Connection id",
    characters: "digits",
    minLength: 6,
    maxLength: 6,
  } as const;
  const asking = (more: object = {}) =>
    bankOf(createSeals(ring), { ...settings, identifier: { ...identifier, ...more } });
  const make = async (by: BankAdapter, body: object) =>
    by.called?.({
      bankId: "bank",
      authorization: `Bearer ${key}`,
      body: { accounts: [{ externalId: account }], ...body },
    });
  async function made(by: BankAdapter, given: string, externalId = account) {
    const answer = await make(by, { accounts: [{ externalId }], identifier: given });
    if (answer?.type !== "made") throw new Error(answer?.type);
    return (answer.value as { code: string }).code;
  }
  const enter = (by: BankAdapter, code: string, id?: string, externalId = account) =>
    by.start(
      {
        ...base,
        externalId,
        answer: {
          kind: "one-time-code",
          value: { code, ...(id === undefined ? {} : { identifier: id }) },
        },
      },
      call(),
    );

  test("is asked for in the bank’s words", () => {
    expect(asking().describe("bank").firstChallenge.prompt).toMatchObject({
      channel: "app",
      length: 8,
      identifier,
    });
  });
  test("works with the one that the bank gave, once", async () => {
    const by = asking();
    const code = await made(by, "481516");
    expect(await enter(by, code, "481516")).toEqual(authorised);
    expect(await enter(by, code, "481516")).toMatchObject({ problem: "expired" });
  });
  test.each([
    ["another one", "481517"],
    ["none", undefined],
    ["nothing", ""],
  ])(
    "is wrong with %s, does not say which of the two is, and is not used up by it",
    async (_, id) => {
      const by = asking();
      const code = await made(by, "481516");
      expect(await enter(by, code, id)).toEqual(await enter(by, wrongTo(code), "481516"));
      expect(await enter(by, code, id)).toMatchObject({ type: "challenge", problem: "wrong" });
      expect(await enter(by, code, "481516")).toEqual(authorised);
    },
  );
  test("and another one is one try, and after five of them the code is worth nothing", async () => {
    const by = asking();
    const code = await made(by, "481516", "tried-at");
    for (let tries = 0; tries < 5; tries += 1)
      expect(await enter(by, code, `48151${tries}`, "tried-at")).toMatchObject({
        problem: "wrong",
      });
    expect(await enter(by, code, "481516", "tried-at")).toMatchObject({ problem: "expired" });
  });
  test("is counted for whoever it names", () => {
    const named = (value: { code: string; identifier?: string } | { sendAgain: true }) =>
      asking().userIdentifier?.({ kind: "one-time-code", value }, base);
    expect([
      named({ code: "12345678", identifier: "481516" }),
      named({ code: "12345678" }),
      named({ sendAgain: true }),
    ]).toEqual(["481516", undefined, undefined]);
  });
  test.each([
    ["٤٨١٥١٦", {}, "481516"],
    ["48 15-16", {}, "481516"],
    ["Ada  B", { characters: "any", minLength: 1, maxLength: 10 }, "ada b"],
  ])("that the bank writes as %j is the same", async (given, more, id) => {
    const by = asking(more);
    expect(await enter(by, await made(by, given), id)).toEqual(authorised);
  });
  test.each([
    ["missing", {}],
    ["too short", { identifier: "48" }],
    ["not of digits", { identifier: "48151a" }],
    ["a number", { identifier: 481516 }],
  ])("is made for no bank whose own is %s, which is told where", async (_, body) => {
    expect(await make(asking(), body)).toEqual({ type: "malformed", paths: ["identifier"] });
  });
  test("is made for no bank whose entry does not ask for one", async () => {
    expect(await make(bank, { identifier: "481516" })).toMatchObject({ type: "malformed" });
  });
  test("is stored as a keyed hash", async () => {
    await made(asking(), "481599");
    expect(
      JSON.stringify(await real.db.rows(z.unknown(), sql`SELECT * FROM connect_codes`)),
    ).not.toContain("481599");
  });
});

test("one entry of * serves all banks, and its codes are those of the bank that asked for them", async () => {
  const parts = {
    theme: {},
    publicUrl: base.returnAddress,
    clock: systemClock,
    log: createLog("silent"),
    stored: { db: real.db, seals: createSeals(ring) },
  };
  const all = createConfiguredBanks(parts);
  const bankConfig = (bankId: string, keys: string[]): BankConfig => ({
    bankId,
    name: "Bank",
    help: [],
    privateHosts: [],
    adapter: "connect-code",
    settings: { ...settings, keys },
    written: bankId,
  });
  all.take([bankConfig("*", [key]), bankConfig("own", ["p".repeat(32)])]);
  expect(
    [`Bearer ${key}`, `Bearer ${"p".repeat(32)}`, `Bearer ${"x".repeat(32)}`].map((shown) =>
      all.trusts(shown),
    ),
  ).toEqual([true, true, false]);
  const made = await all.called({
    bankId: "one",
    authorization: `Bearer ${key}`,
    body: { accounts: [{ externalId: account }] },
  });
  const { code } = (made as Extract<InboundResult, { type: "made" }>).value as { code: string };
  const typeAt = (bankId: string | null) =>
    all.start({ ...base, bankId, answer: typed(code) }, call());
  for (const other of ["two", "own", null])
    expect(await typeAt(other)).toMatchObject({ type: "challenge", problem: "wrong" });
  expect(await typeAt("one")).toEqual(authorised);
  // The key of one bank makes no code for another.
  expect(
    await all.called({
      bankId: "own",
      authorization: `Bearer ${key}`,
      body: { accounts: [{ externalId: account }] },
    }),
  ).toEqual({ type: "unauthorised" });
});

describe("a bank that wants a code", () => {
  test("is known by its key before anything else of the call is", () => {
    expect(
      [
        `Bearer ${key}`,
        `bearer ${"o".repeat(32)}`,
        `Bearer ${"x".repeat(32)}`,
        "",
        "Bearer ",
        key,
        `Basic ${key}`,
      ].map((shown) => bank.trusts?.(shown)),
    ).toEqual([true, true, false, false, false, false, false]);
  });
  test("shows one of its two keys", async () => {
    expect(
      await ask(
        { accounts: [{ externalId: account }] },
        { authorization: `bearer ${"o".repeat(32)}` },
      ),
    ).toMatchObject({
      type: "made",
      value: { display: expect.stringMatching(/^\d{4} \d{4}$/), expiresAt: expect.any(String) },
    });
  });
  test.each([
    null,
    "",
    "Bearer",
    "Bearer ",
    `Bearer ${key}x`,
    `Bearer ${key} x`,
    `Basic ${key}`,
    key,
    `Bearer ${key.toUpperCase()}`,
  ])("gets none with %j", async (authorization) => {
    expect(await ask({ accounts: [{ externalId: account }] }, { authorization })).toEqual({
      type: "unauthorised",
    });
  });
  test.each([
    undefined,
    null,
    [],
    {},
    { accounts: [] },
    { accounts: [{ externalId: "" }] },
    { accounts: ["x"] },
    { accounts: [{ externalId: "x", iban: "x" }] },
    { accounts: [{ externalId: "x" }], code: "12345678" },
    { accounts: Array.from({ length: 201 }, () => ({ externalId: "x" })) },
  ])("gets none for %j", async (body) => {
    expect(await ask(body)).toEqual({ type: "malformed", paths: expect.any(Array) });
  });
});
