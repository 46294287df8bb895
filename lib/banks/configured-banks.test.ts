import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compactDecrypt } from "jose";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { systemClock } from "../clock/clock.ts";
import { createLog } from "../log/log.ts";
import { defineAdapter } from "./adapter-definition.ts";
import { type BankResult, bankResultSchema, type Undo } from "./bank-adapter.ts";
import { parseBanks } from "./banks-file.ts";
import { createConfiguredBanks } from "./configured-banks.ts";

const undone: string[] = [];
const firstChallenge = { kind: "credentials", prompt: {} } as const;
/** Says by its accounts which bank, with which settings, was asked. */
const echo = defineAdapter({
  settings: z.strictObject({ at: z.string() }),
  create: ({ at }, { bank }) => ({
    describe: () => ({ name: "of the adapter", firstChallenge }),
    userIdentifier: (answer) =>
      answer.kind === "credentials" ? `${at}/${answer.value.username}` : undefined,
    start: async (_, { mustUndo }) => {
      mustUndo?.({ id: "the consent", state: { begunAt: at } });
      return {
        type: "challenge",
        challenge: firstChallenge,
        state: { begunAt: at },
        problem: "wrong",
      };
    },
    answer: async ({ state }) => ({
      type: "authorised",
      accounts: [{ externalId: `${bank.id ?? "any"} at ${at}, begun ${JSON.stringify(state)}` }],
      undo: { id: "the consent", state: { givenAt: at } },
    }),
    undo: async ({ bankId, externalId, undo }) =>
      void undone.push(`${bankId} ${externalId} at ${at}: ${JSON.stringify(undo)}`),
  }),
});
/** The same under another name. */
const adapters = { echo, other: echo };

function banksOf(...bankConfigs: object[]) {
  let nowMs = 0;
  const clock = { ...systemClock, monotonicMs: () => nowMs };
  const banks = createConfiguredBanks({
    theme: {},
    publicUrl: "https://connector.example",
    clock,
    log: createLog("silent"),
    adapters,
  });
  const take = (...these: object[]) => {
    const read = parseBanks(JSON.stringify({ banks: these }), {
      theme: {},
      sandboxAllowed: true,
      adapters,
    });
    if ("problems" in read) throw new Error(read.problems.join());
    banks.take(read.banks);
  };
  take(...bankConfigs);
  return { banks, take, later: (ms: number) => void (nowMs += ms) };
}
const bankConfig = (bankId: string, at: string, more: object = {}) => ({
  bankId,
  name: `Bank ${bankId}`,
  adapter: "echo",
  settings: { at },
  ...more,
});
const call = { signal: new AbortController().signal };
const request = (bankId: string | null) => ({
  bankId,
  externalId: "account",
  locale: "en-GB",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
});
const answer = { kind: "credentials", value: { username: "ada", password: "x" } } as const;

/** What the adapter says to a second answer, given what it wanted remembered after the first. */
async function continueWith(
  banks: ReturnType<typeof banksOf>["banks"],
  bankId: string | null,
  begun: BankResult,
) {
  if (begun.type !== "challenge") throw new Error(begun.type);
  const result = bankResultSchema.parse(
    await banks.answer(
      { ...request(bankId), challenge: begun.challenge, state: begun.state, answer },
      call,
    ),
  );
  return result.type === "authorised" ? result.accounts[0]?.externalId : result.type;
}
const begin = async (banks: ReturnType<typeof banksOf>["banks"], bankId: string | null) =>
  bankResultSchema.parse(await banks.start({ ...request(bankId), answer }, call));

test("the bank of the notification picks name, adapter, settings, colours and help", async () => {
  const { banks } = banksOf(
    bankConfig("one", "A", {
      lang: "de",
      help: [{ label: "Hilfe", url: "https://one.example/" }],
      theme: { accent: "#7a0044" },
    }),
    bankConfig("two", "B"),
  );
  expect(banks.describe("one")).toMatchObject({
    name: "Bank one",
    help: [{ label: "Hilfe", lang: "de" }],
    style: expect.stringMatching(/^wizard-[0-9a-f]{10}\.css$/),
  });
  expect(banks.describe("two")).toEqual({
    name: "Bank two",
    firstChallenge,
    help: [],
    state: expect.anything(),
  });
  expect(await continueWith(banks, "two", await begin(banks, "two"))).toBe(
    'two at B, begun {"begunAt":"B"}',
  );
  expect(banks.userIdentifier(answer, { bankId: "one", externalId: "account" })).toBe("A/ada");
  const style = banks.style(banks.describe("one")?.style ?? "");
  expect(style?.encodings.identity.toString()).toContain("#7a0044");
});

test("a bank nobody configured is none, and is never asked", async () => {
  const { banks } = banksOf(bankConfig("one", "A"));
  for (const bankId of ["two", null, "*", "__proto__"]) {
    expect(banks.describe(bankId)).toBeUndefined();
    await expect(begin(banks, bankId)).rejects.toMatchObject({ code: "unknown-bank" });
  }
});

test("“*” stands for every other bank, and for notifications without one", async () => {
  const { banks } = banksOf(bankConfig("*", "any"), bankConfig("one", "A"));
  expect(
    [banks.describe("one"), banks.describe("two"), banks.describe(null)].map((bank) => bank?.name),
  ).toEqual(["Bank one", "Bank *", "Bank *"]);
  expect(await continueWith(banks, null, await begin(banks, null))).toContain("any at any");
});

test("a session that runs keeps the settings it began with, while new ones get the new", async () => {
  const { banks, take } = banksOf(bankConfig("one", "A"));
  const begun = await begin(banks, "one");
  take(bankConfig("one", "B"));
  expect(await continueWith(banks, "one", begun)).toContain("one at A");
  expect(await continueWith(banks, "one", await begin(banks, "one"))).toContain("one at B");
});

test("a session that runs outlives its bank in the file, for as long as a session may last", async () => {
  const { banks, take, later } = banksOf(bankConfig("one", "A"));
  const begun = await begin(banks, "one");
  take(bankConfig("two", "B"));
  expect(banks.describe("one")).toBeUndefined();
  expect(banks.describe("one", "session")?.name).toBe("Bank one");
  later(20 * 60_000);
  expect(await continueWith(banks, "one", begun)).toContain("one at A");
  later(6 * 60_000);
  expect(banks.describe("one", "session")).toBeUndefined();
  await expect(continueWith(banks, "one", begun)).rejects.toMatchObject({ code: "unknown-bank" });
});

test("another replica, which never knew the old settings, goes on with those it has", async () => {
  const begun = await begin(banksOf(bankConfig("one", "A")).banks, "one");
  expect(await continueWith(banksOf(bankConfig("one", "B")).banks, "one", begun)).toBe(
    'one at B, begun {"begunAt":"A"}',
  );
});

test("and never with another adapter: the bank is away there, and the screen still says whose it is", async () => {
  const begun = await begin(banksOf(bankConfig("one", "A")).banks, "one");
  const { banks } = banksOf(bankConfig("one", "B", { adapter: "other" }));
  await expect(continueWith(banks, "one", begun)).rejects.toMatchObject({ code: "unknown-bank" });
  const state = begun.type === "challenge" ? begun.state : null;
  expect(
    banks.userIdentifier(answer, { bankId: "one", externalId: "account" }, state),
  ).toBeUndefined();
  expect(banks.describe("one", "session", state)?.name).toBe("Bank one");
});

describe("a bank that was taken out, while “*” has an entry of the same adapter", () => {
  const any = bankConfig("*", "elsewhere");
  const begun = async () => begin(banksOf(bankConfig("one", "A"), any).banks, "one");
  const stateOf = (result: BankResult) => (result.type === "challenge" ? result.state : null);

  test("is gone on with by its former entry, where that was known", async () => {
    const { banks, take } = banksOf(bankConfig("one", "A"), any);
    const result = await begin(banks, "one");
    take(any);
    expect(await continueWith(banks, "one", result)).toContain("one at A");
    expect(banks.describe("one", "session", stateOf(result))?.name).toBe("Bank one");
  });
  test("is away after a restart, and no screen names another bank", async () => {
    const result = await begun();
    const { banks } = banksOf(any);
    await expect(continueWith(banks, "one", result)).rejects.toMatchObject({
      code: "unknown-bank",
    });
    await expect(
      banks.poll({ ...request("one"), challenge: firstChallenge, state: stateOf(result) }, call),
    ).rejects.toMatchObject({ code: "unknown-bank" });
    expect(
      banks.userIdentifier(answer, { bankId: "one", externalId: "account" }, stateOf(result)),
    ).toBeUndefined();
    expect(banks.describe("one", "session", stateOf(result))).toBeUndefined();
  });
  test("is away even if the settings are the same: who answers for any bank is not that bank", async () => {
    await expect(
      continueWith(banksOf(bankConfig("*", "A")).banks, "one", await begun()),
    ).rejects.toMatchObject({
      code: "unknown-bank",
    });
  });
  test("hears nothing of what was typed on its first screen, which said whose it was", async () => {
    const state = banksOf(bankConfig("one", "A"), any).banks.describe("one")?.state ?? null;
    const { banks } = banksOf(any);
    expect(banks.describe("one", "session", state)).toBeUndefined();
    await expect(banks.start({ ...request("one"), answer, state }, call)).rejects.toMatchObject({
      code: "unknown-bank",
    });
  });
  test("and what began with “*” goes on with it, whatever settings it has by now", async () => {
    const result = await begin(banksOf(bankConfig("*", "A")).banks, "one");
    expect(await continueWith(banksOf(bankConfig("*", "B")).banks, "one", result)).toBe(
      'any at B, begun {"begunAt":"A"}',
    );
    await expect(
      continueWith(banksOf(bankConfig("one", "B")).banks, "one", result),
    ).rejects.toMatchObject({
      code: "unknown-bank",
    });
  });
});

test("a first screen is answered by what made it, where that is still known", async () => {
  const { banks, take } = banksOf(bankConfig("one", "A"));
  const state = banks.describe("one")?.state ?? null;
  take(bankConfig("one", "B"));
  expect(
    await continueWith(
      banks,
      "one",
      bankResultSchema.parse(await banks.start({ ...request("one"), answer, state }, call)),
    ),
  ).toContain("one at A");
});

test("a state that nobody here can read belongs to no bank: it is away, and nothing else fails", async () => {
  const { banks } = banksOf(bankConfig("one", "A"));
  for (const state of ["x", { bankVersion: "AbCd-_12", state: null }, { begunAt: "A" }]) {
    const pending = { ...request("one"), challenge: firstChallenge, state };
    const away = { name: "RemoteFault", code: "unknown-bank" };
    await expect(banks.answer({ ...pending, answer }, call)).rejects.toMatchObject(away);
    await expect(banks.poll(pending, call)).rejects.toMatchObject(away);
    await expect(banks.cancel(pending, call)).rejects.toMatchObject(away);
    await expect(banks.start({ ...request("one"), answer, state }, call)).rejects.toMatchObject(
      away,
    );
    expect(banks.describe("one", "session", state)).toBeUndefined();
    expect(banks.userIdentifier(answer, { bankId: "one", externalId: "a" }, state)).toBeUndefined();
  }
});

test("who answers is judged by the settings their session began with", async () => {
  const { banks, take } = banksOf(bankConfig("one", "A"));
  const begun = await begin(banks, "one");
  take({ ...bankConfig("one", "B"), name: "New name" });
  const state = begun.type === "challenge" ? begun.state : null;
  expect([
    banks.userIdentifier(answer, { bankId: "one", externalId: "account" }, state),
    banks.userIdentifier(answer, { bankId: "one", externalId: "account" }),
  ]).toEqual(["A/ada", "B/ada"]);
  expect([banks.describe("one", "session", state)?.name, banks.describe("one")?.name]).toEqual([
    "Bank one",
    "New name",
  ]);
});

test("a bank without a page whose address is asked for has none", async () => {
  const { banks } = banksOf(bankConfig("one", "A"));
  expect(
    await banks.redirectToBank({ ...request("one"), challenge: firstChallenge, state: null }, call),
  ).toBeUndefined();
});

test("what did not change is not made again", async () => {
  let made = 0;
  const counted = {
    echo: {
      ...echo,
      create: (...given: Parameters<typeof echo.create>) => {
        made += 1;
        return echo.create(...given);
      },
    },
  };
  const banks = createConfiguredBanks({
    theme: {},
    publicUrl: "https://connector.example",
    clock: systemClock,
    log: createLog("silent"),
    adapters: counted,
  });
  for (const name of ["Bank one", "Bank one", "Another name"]) {
    const read = parseBanks(
      JSON.stringify({
        banks: [
          { ...bankConfig("one", "A"), name },
          bankConfig("two", "B", { help: [{ label: name, url: "https://two.example/" }] }),
        ],
      }),
      { theme: {}, sandboxAllowed: true, adapters },
    );
    if ("banks" in read) banks.take(read.banks);
  }
  // One bank whose name the adapter was made with; the help of the other is no business of its
  // adapter.
  expect(made).toBe(3);
});

describe("what a bank gave", () => {
  const given = async (banks: ReturnType<typeof banksOf>["banks"]) => {
    const begun = await begin(banks, "one");
    if (begun.type !== "challenge") throw new Error(begun.type);
    const result = bankResultSchema.parse(
      await banks.answer({ ...request("one"), ...begun, answer }, call),
    );
    if (result.type !== "authorised" || !result.undo) throw new Error("nothing to undo");
    return { undo: result.undo };
  };
  const undo = async (banks: ReturnType<typeof banksOf>["banks"], what: Undo) => {
    undone.splice(0);
    await banks.undo({ bankId: "one", externalId: "account", undo: what }, call);
    return undone;
  };
  const at = (where: string, settings: string) =>
    `one account at ${where}: {"id":"the consent","state":{"givenAt":"${settings}"}}`;

  test("is undone with the settings that it was given with, as long as there are any", async () => {
    const { banks, take, later } = banksOf(bankConfig("one", "A"));
    const { undo: what } = await given(banks);
    take(bankConfig("one", "B"));
    expect(await undo(banks, what)).toEqual([at("A", "A")]);
    later(26 * 60_000);
    expect(await undo(banks, what)).toEqual([at("B", "A")]);
  });
  test("is undone later where its bank is in the file no more, and by no other adapter", async () => {
    const { banks, take, later } = banksOf(bankConfig("one", "A"));
    const { undo: what } = await given(banks);
    take(bankConfig("two", "A"));
    later(26 * 60_000);
    await expect(undo(banks, what)).rejects.toMatchObject({ code: "unknown-bank" });
    take(bankConfig("one", "A", { adapter: "other" }));
    await expect(undo(banks, what)).rejects.toMatchObject({ code: "unknown-bank" });
    take(bankConfig("one", "A"));
    expect(await undo(banks, what)).toEqual([at("A", "A")]);
  });
  test("is named with its settings also where the adapter tells it before its result", async () => {
    const { banks } = banksOf(bankConfig("one", "A"));
    const told: Undo[] = [];
    await banks.start(
      { ...request("one"), answer },
      { ...call, mustUndo: (one) => told.push(one) },
    );
    const [what] = told;
    if (!what) throw new Error("nothing was told");
    expect(await undo(banks, what)).toEqual([
      'one account at A: {"id":"the consent","state":{"begunAt":"A"}}',
    ]);
  });
});

test("grants are encrypted to the key that the file names now, and to none where it names none", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const file = path.join(mkdtempSync(path.join(tmpdir(), "grants-")), "key.pem");
  writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
  const { banks, take } = banksOf(bankConfig("one", "A"), bankConfig("*", "A"));
  expect(banks.grants("one")).toBeUndefined();
  take(
    bankConfig("one", "A", { grants: { publicKeyFiles: [file], required: false } }),
    bankConfig("*", "A", { grants: { publicKeyFiles: [file] } }),
  );
  expect(banks.grants("one")?.required).toBe(false);
  expect(banks.grants(null)?.required).toBe(true);
  const jwe = await banks.grants("one")?.encrypt({ token: "x" });
  const { plaintext } = await compactDecrypt(jwe ?? "", privateKey);
  expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual({ token: "x" });
  take(bankConfig("one", "A"));
  expect(banks.grants("one")).toBeUndefined();
});
