import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../clock/clock.ts";
import { createLog } from "../log/log.ts";
import { answerJson, type LocalServer, startLocalServer } from "../sage/local-server.fixture.ts";
import { type AccountSettings, createAccountLookup, sameIds } from "./account-lookup.ts";
import { bankHttp } from "./bank-http.ts";
import type { AccountIdentifier } from "./lookup-answer.ts";

const ibans = {
  asked: "DE89370400440532013000",
  second: "FR1420041010050500013M02606",
  stranger: "GB82WEST12345698765432",
};
const name = "Canary Payroll Ltd";
const request = { bankId: "bank", externalId: "13b437a2:0b03", bankAccount: "sage" };
const right = {
  asked: { iban: ibans.asked },
  connection: [
    { externalId: request.externalId, iban: ibans.asked, name: "Current" },
    { externalId: "two", iban: ibans.second, name },
  ],
};
const shows = (...ids: string[]) => ids.map((id) => ({ id, details: {} }));
const { signal } = new AbortController();

let server: LocalServer;
let answers: (readonly [number, unknown])[];
let logged: string;
beforeEach(async () => {
  answers = [[200, right]];
  logged = "";
  server = await startLocalServer((response) => {
    const [status, body] = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (status === 0) return response.destroy();
    answerJson(response, status, body);
  });
});
afterEach(async () => {
  // Whatever a test did: an operator sees what is wrong, and of nobody's account anything.
  for (const canary of [...Object.values(ibans), name, "Current", request.externalId, "secret"])
    expect(logged).not.toContain(canary);
  await server.close();
});

const lookup = ({
  policy = "asked",
  identifier = "iban",
}: Partial<Pick<AccountSettings, "policy"> & { identifier: AccountIdentifier }> = {}) =>
  createAccountLookup(
    { lookup: { url: `${server.url}/accounts`, tokenFile: "secret" }, policy },
    {
      identifier,
      http: bankHttp(systemClock)({ timeoutMs: 5000 }),
      clock: { ...systemClock, sleep: () => Promise.resolve() },
      log: createLog("debug", { write: (line: string) => void (logged += line) }),
      bankId: "bank",
    },
  );

test("asks the provider by POST, with the token and with Sage's ids", async () => {
  await lookup().connectionOf(request, signal);
  expect(server.requests).toMatchObject([
    {
      method: "POST",
      path: "/accounts",
      headers: { authorization: "Bearer secret", "content-type": "application/json" },
    },
  ]);
  expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
    bankId: "bank",
    externalId: "13b437a2:0b03",
    bankaccount: "sage",
  });
});

describe("the accounts of a connection", () => {
  const connectionOf = () => lookup().connectionOf(request, signal);
  const idsIn = async () => (await connectionOf())?.accounts.map(({ id }) => id);

  test("are those of the answer, the one asked about first", async () => {
    answers = [[200, { ...right, connection: right.connection.toReversed() }]];
    expect(await connectionOf()).toMatchObject({
      asked: { externalId: request.externalId, id: ibans.asked },
      accounts: [
        { externalId: request.externalId, id: ibans.asked },
        { externalId: "two", id: ibans.second, name },
      ],
    });
  });
  test.each([
    ["absent", {}],
    ["null", { connection: null }],
    ["empty", { connection: [] }],
  ])("are the one asked about where the connection is %s", async (_, more) => {
    answers = [[200, { asked: { iban: "de89 3704 0044 0532 0130 00", bban: null }, ...more }]];
    expect(await idsIn()).toEqual([ibans.asked]);
  });
  test("have none that the bank calls by another of its names", async () => {
    answers = [
      [200, { ...right, connection: [{ externalId: "card", maskedPan: "5409****1234" }] }],
    ];
    expect(await idsIn()).toEqual([ibans.asked, undefined]);
  });
  test("are nobody's where the provider does not know the id", async () => {
    answers = [[404, { title: "no such account" }]];
    expect(await connectionOf()).toBeUndefined();
    expect(JSON.parse(logged)).toMatchObject({
      event: "account look-up failed",
      reason: "account-unknown",
      bankId: "bank",
    });
  });
});

const entry = (externalId: string, iban: string) => ({ externalId, iban });
const many = (count: number) =>
  Array.from({ length: count }, (_, index) => entry(`id-${index}`, `XX${index}`));

describe("a look-up that is of no use", () => {
  test.each([
    ["away", [503, {}], "lookup-unavailable", undefined],
    ["too busy", [429, {}], "lookup-unavailable", undefined],
    ["cut off", [0, {}], "lookup-network", undefined],
    ["wrong about our token", [401, {}], "lookup-refused", undefined],
    ["empty", [204, undefined], "lookup-refused", undefined],
    ["no JSON", [200, "<html>"], "lookup-not-understood", ["$"]],
    ["a list", [200, []], "lookup-not-understood", ["$"]],
    ["without the account", [200, {}], "lookup-not-understood", ["asked"]],
    ["null", [200, { asked: null }], "lookup-not-understood", ["asked"]],
    ["of another name", [200, { asked: { bban: "1" } }], "lookup-not-understood", ["asked.iban"]],
    ["a number", [200, { asked: { iban: 5 } }], "lookup-not-understood", ["asked.iban"]],
    [
      "an account without its id",
      [200, { ...right, connection: [{ iban: ibans.second }, null] }],
      "lookup-not-understood",
      ["connection[0].externalId", "connection[1]"],
    ],
    [
      "one id twice",
      [200, { ...right, connection: [entry("two", ibans.second), entry("two", ibans.stranger)] }],
      "lookup-not-understood",
      ["connection[1].externalId"],
    ],
    [
      "one account by two ids",
      [200, { ...right, connection: [entry("two", ibans.second), entry("three", ibans.second)] }],
      "lookup-not-understood",
      ["connection[1].iban"],
    ],
    [
      "the account asked about by another id",
      [200, { ...right, connection: [entry("two", ibans.asked)] }],
      "lookup-not-understood",
      ["connection[0].iban"],
    ],
    [
      "another account by the id asked about",
      [200, { ...right, connection: [entry(request.externalId, ibans.stranger)] }],
      "lookup-not-understood",
      ["connection[0].iban"],
    ],
    [
      "1,001 accounts",
      [200, { ...right, connection: many(1001) }],
      "lookup-not-understood",
      ["connection"],
    ],
    [
      "10,000 accounts",
      [200, { ...right, connection: many(10_000) }],
      "lookup-too-large",
      undefined,
    ],
  ] as const)("did not answer: %s", async (_, answer, code, paths) => {
    answers = [answer];
    const asking = lookup().connectionOf(request, signal);
    await expect(asking).rejects.toMatchObject({ name: "RemoteFault", code });
    expect(JSON.parse(logged)).toEqual({
      level: 40,
      time: expect.any(String),
      event: "account look-up failed",
      reason: code,
      bankId: "bank",
      ...(paths ? { paths } : {}),
    });
  });
  test("takes 1,000 accounts", async () => {
    answers = [[200, { ...right, connection: many(1000) }]];
    expect((await lookup().connectionOf(request, signal))?.accounts).toHaveLength(1001);
  });
});

describe("what the bank shows", () => {
  const confirm = (ids: readonly string[], policy: AccountSettings["policy"] = "asked") =>
    lookup({ policy }).confirm(request, shows(...ids), signal);

  test("is confirmed by Sage's ids, with what the bank says of it", async () => {
    const shown = [
      { id: ibans.second, details: {} },
      { id: ibans.asked, details: { name: "Giro", bankIdentifier: "COBADEFF" } },
    ];
    expect(await lookup().confirm(request, shown, signal)).toEqual({
      type: "authorised",
      accounts: [
        { externalId: request.externalId, name: "Giro", bankIdentifier: "COBADEFF" },
        { externalId: "two", name },
      ],
    });
  });
  test("confirms nothing of what Sage did not ask about, and of no other person's", async () => {
    answers = [
      [200, { ...right, connection: [...right.connection, entry("theirs", ibans.stranger)] }],
    ];
    const result = await confirm([ibans.asked, ibans.second, "DE02120300000000202051"]);
    expect(result).toMatchObject({
      accounts: [{ externalId: request.externalId }, { externalId: "two" }],
      uncovered: [{ ending: "5432" }],
    });
    // The bank shows the other person's account alone.
    expect(await confirm([ibans.stranger])).toEqual({ type: "authorised", accounts: [] });
  });
  test("is told in full where all of it is there", async () => {
    expect(await confirm([ibans.asked, ibans.second], "every")).not.toHaveProperty("uncovered");
  });
  test("leaves accounts uncovered that are named, and masked", async () => {
    expect(await confirm([ibans.asked])).toEqual({
      type: "authorised",
      accounts: [{ externalId: request.externalId, name: "Current" }],
      uncovered: [{ name, ending: "2606" }],
    });
  });
  test("is not enough where every account has to be there", async () => {
    expect(await confirm([ibans.asked], "every")).toEqual({
      type: "refused",
      reason: "accounts-missing",
      uncovered: [{ name, ending: "2606" }],
    });
  });
  test.each(["asked", "every"] as const)(
    "is no success without the account asked about: %s",
    async (policy) => {
      expect(await confirm([ibans.second], policy)).toEqual({ type: "authorised", accounts: [] });
    },
  );
  test("is no success where the provider has come to know nothing of the account", async () => {
    answers = [[404, {}]];
    expect(await confirm([ibans.asked])).toEqual({ type: "authorised", accounts: [] });
  });
  test("is compared letter for letter but for IBANs", async () => {
    answers = [[200, { asked: { resourceId: "de12Ab" } }]];
    const byId = lookup({ identifier: "resourceId" });
    expect(await byId.confirm(request, shows("DE12AB"), signal)).toMatchObject({ accounts: [] });
    expect(await byId.confirm(request, shows("de12Ab"), signal)).toMatchObject({
      accounts: [{ externalId: request.externalId }],
    });
  });
  test("waits for a look-up that is away for a moment, and for none that is wrong", async () => {
    answers = [
      [503, {}],
      [0, {}],
      [200, right],
    ];
    expect(await confirm([ibans.asked, ibans.second])).toMatchObject({ type: "authorised" });
    answers = [[503, {}]];
    await expect(confirm([ibans.asked])).rejects.toMatchObject({ code: "lookup-unavailable" });
    const before = server.requests.length;
    answers = [[401, {}]];
    await expect(confirm([ibans.asked])).rejects.toMatchObject({ code: "lookup-refused" });
    expect(server.requests.length).toBe(before + 1);
  });
});

describe("asked ahead", () => {
  const asked = async (count: number) => {
    await expect.poll(() => server.requests.length).toBe(count);
    await setTimeout(20);
  };

  test("is not asked again for the first answer, and is at the end", async () => {
    const accounts = lookup();
    accounts.prefetch(request);
    accounts.prefetch(request);
    await accounts.connectionOf(request, signal);
    expect(server.requests).toHaveLength(1);
    await accounts.confirm(request, shows(ibans.asked), signal);
    await accounts.connectionOf(request, signal);
    expect(server.requests).toHaveLength(3);
  });
  test("is asked again where it failed, and for any other account", async () => {
    const accounts = lookup();
    answers = [
      [503, {}],
      [200, right],
    ];
    accounts.prefetch(request);
    await asked(1);
    expect(await accounts.connectionOf(request, signal)).toBeDefined();
    expect(server.requests).toHaveLength(2);
    accounts.prefetch(request);
    answers = [[200, { asked: { iban: ibans.stranger } }]];
    const other = { ...request, externalId: "other" };
    expect((await accounts.connectionOf(other, signal))?.asked.id).toBe(ibans.stranger);
  });
});

test("without a look-up the bank knows accounts by Sage's ids", async () => {
  expect((await sameIds.connectionOf(request, signal))?.accounts).toEqual([
    { externalId: request.externalId, id: request.externalId },
  ]);
  expect(await sameIds.confirm(request, shows("a", "b"), signal)).toEqual({
    type: "authorised",
    accounts: [{ externalId: "a" }, { externalId: "b" }],
  });
});
