import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer, Challenge } from "../../challenges/index.ts";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../../http/http.ts";
import { testBankAdapter } from "../adapter-contract.ts";
import {
  type BankAdapter,
  pollSchema,
  type BankResult,
  bankResultSchema,
  type Undo,
} from "../bank-adapter.ts";
import { createBerlinGroupBank } from "./berlin-group-bank.ts";
import { rightCode, rightPassword, startBerlinGroupBank } from "./berlin-group-bank.fixture.ts";
import { berlinGroupSettings } from "./settings.ts";

const account = {
  resourceId: "the-account-asked-for",
  iban: "DE89 3704 0044 0532 0130 00",
  currency: "EUR",
  name: "Girokonto",
  bic: "COBADEFFXXX",
  cashAccountType: "CACC",
  displayName: 5,
};
const details = {
  name: "Girokonto",
  bankIdentifier: "COBADEFFXXX",
  accountIdentifier: "DE89370400440532013000",
  type: "CACC",
};
const offered: { authenticationType: string; authenticationMethodId: string; name?: string }[] = [];
const bank = await startBerlinGroupBank({
  offered,
  accounts: [account, { resourceId: "closed", iban: "DE02", currency: "EUR", status: "deleted" }],
});
afterAll(() => bank.stop());
beforeEach(() => void bank.heard.splice(0));

const common = {
  url: bank.url,
  ipAddress: "192.0.2.7",
  account: "resourceId",
  consent: { access: "offered" },
} as const;
const bankWith = (settings: Record<string, unknown> = {}, clock = systemClock): BankAdapter => {
  const http = createHttpClient({ timeoutMs: 20_000, publicHosts: true });
  return createBerlinGroupBank(berlinGroupSettings.parse({ ...common, ...settings }), {
    name: "Example Bank",
    http,
    clock,
  });
};
const adapter = bankWith();
const base = {
  bankId: "bank",
  externalId: "the-account-asked-for",
  locale: "de-DE",
  returnAddress: "https://connector.example/authrefresh/return?state=x",
};
const call = () => ({ signal: new AbortController().signal });
const signIn = (username: string, password = rightPassword): Answer => ({
  kind: "credentials",
  value: { username, password },
});
const code = (value = rightCode): Answer => ({ kind: "one-time-code", value: { code: value } });
const way = (method: number): Answer => ({
  kind: "method-choice",
  value: { method: String(method) },
});
const consent = (links: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  status: 201,
  body: { consentStatus: "received", consentId: "c", _links: links, ...more },
});
const authorised = {
  type: "authorised",
  accounts: [{ externalId: "the-account-asked-for", ...details }],
};

const start = async (answer: Answer, by = adapter): Promise<BankResult> =>
  bankResultSchema.parse(await by.start({ ...base, answer }, call()));
function pendingOf(result: BankResult): { challenge: Challenge; state: never } {
  if (result.type !== "challenge") throw new Error(`nothing was asked: ${JSON.stringify(result)}`);
  return { challenge: result.challenge, state: result.state as never };
}
const answer = async (result: BankResult, given: Answer, by = adapter): Promise<BankResult> =>
  bankResultSchema.parse(await by.answer({ ...base, ...pendingOf(result), answer: given }, call()));
const poll = async (result: BankResult, by = adapter) =>
  pollSchema.parse(await by.poll?.({ ...base, ...pendingOf(result) }, call()));
const error = (code: string) => ({
  tppMessages: [{ category: "ERROR", code, text: "SECRET-TEXT" }],
});

const undoOf = (result: BankResult) => (result.type === "refused" ? undefined : result.undo);
const idOf = (result: BankResult) => undoOf(result)?.id;
const undo = async (result: BankResult, by = adapter) => {
  const what = undoOf(result);
  if (!what) throw new Error("nothing is to be undone");
  await by.undo?.({ bankId: "bank", externalId: base.externalId, undo: what }, call());
};
const heard = () =>
  bank.heard.map(
    ({ method, path }) =>
      `${method} ${path.replace(/consent%3D[^/]+/, "C").replace(/authorisations\/.+/, "authorisations/A")}`,
  );

testBankAdapter("a bank of the Berlin Group", {
  adapter,
  good: signIn("exempt"),
  wrong: signIn("exempt", "wrong horse"),
  otherAccount: signIn("other"),
  slow: signIn("slow"),
});

describe("embedded", () => {
  test("asks for the code of the one way there is, with the bank’s own note, and takes it", async () => {
    const asked = await start(signIn("sms"));
    expect(asked).toMatchObject({
      challenge: {
        kind: "one-time-code",
        prompt: {
          channel: "sms",
          destination: "+49160 xxxxx 28",
          maxLength: 8,
          sendAgain: true,
          note: "Nobody at the bank asks for this <b>code</b>. Please confirm.",
        },
      },
    });
    expect(await answer(asked, code())).toMatchObject(authorised);
    expect(heard()).toEqual([
      "POST /v1/consents",
      "POST /v1/consents/C/authorisations",
      "PUT /v1/consents/C/authorisations/A",
      "GET /v1/consents/C/status",
      "GET /v1/accounts",
    ]);
  });
  test("tells the bank what the standard wants told", async () => {
    await start(
      signIn("sms"),
      bankWith({ psuIdType: "login", prefers: "embedded", explicitStart: true, lang: "de" }),
    );
    const [consent, authorisation] = bank.heard;
    expect(consent?.headers).toMatchObject({
      "psu-id": "sms",
      "psu-id-type": "login",
      "psu-ip-address": "192.0.2.7",
      "psu-accept-language": "de-DE",
      "tpp-redirect-uri": base.returnAddress,
      "tpp-nok-redirect-uri": base.returnAddress,
      "tpp-redirect-preferred": "false",
      "tpp-decoupled-preferred": "false",
      "tpp-explicit-authorisation-preferred": "true",
    });
    expect(consent?.body).toMatchObject({
      access: { accounts: [], balances: [], transactions: [] },
      recurringIndicator: true,
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    });
    expect(authorisation?.body).toEqual({ psuData: { password: rightPassword } });
    expect(new Set(bank.heard.map(({ headers }) => headers["x-request-id"])).size).toBe(
      bank.heard.length,
    );
  });
  test("asks again after a wrong code, and ends when the bank does", async () => {
    const asked = await start(signIn("sms"));
    const again = await answer(asked, code("1"));
    expect(again).toMatchObject({
      type: "challenge",
      problem: "wrong",
      challenge: pendingOf(asked).challenge,
    });
    expect(await answer(await answer(again, code("2")), code("3"))).toEqual({
      type: "refused",
      reason: "too-many-tries",
    });
  });
  test("asks again for whoever answered another question, and tells the bank nothing of it", async () => {
    const asked = await start(signIn("sms"));
    const calls = heard().length;
    expect(await answer(asked, { kind: "message", value: { read: true } })).toEqual(asked);
    expect(heard()).toHaveLength(calls);
    expect(await answer(asked, code())).toMatchObject(authorised);
  });
  test("finds out that a code was taken although its answer was lost", async () => {
    const asked = await start(signIn("sms"));
    bank.spoil({ at: "GET /v1/consents", status: 503 });
    await expect(answer(asked, code())).rejects.toMatchObject({ code: "bank-unavailable" });
    expect(await answer(asked, code())).toMatchObject(authorised);
  });
  test("has a code sent again by choosing the way again", async () => {
    expect(
      await answer(await start(signIn("sms")), {
        kind: "one-time-code",
        value: { sendAgain: true },
      }),
    ).toMatchObject({ challenge: { kind: "one-time-code" }, notice: "sent-again" });
  });
  test("offers the ways there are, in the bank’s words, and the way back to them", async () => {
    const asked = await start(signIn("choose"));
    expect(pendingOf(asked).challenge).toEqual({
      kind: "method-choice",
      prompt: {
        methods: ["SMS OTP on phone +49160 xxxxx 28", "photoTAN", "chipTAN", "Ada’s phone"].map(
          (label, index) => ({ id: String(index), label }),
        ),
      },
    });
    const photo = await answer(asked, way(1));
    expect(photo).toMatchObject({
      otherWay: true,
      challenge: {
        kind: "picture-code",
        prompt: {
          purpose: "scan",
          picture: { mediaType: "image/png", alt: "photoTAN" },
          instead: "4815 1623",
          reply: { characters: "any" },
        },
      },
    });
    const chip = await answer(await answer(photo, { kind: "other-way" }), way(2));
    expect(pendingOf(chip).challenge).toEqual({
      kind: "one-time-code",
      prompt: {
        channel: "card-reader",
        number: "48151623",
        maxLength: 6,
        note: "Please confirm. Press F first.",
      },
    });
    expect(await answer(chip, code())).toMatchObject(authorised);
  });
  test("knows how long a code is where it was told", async () => {
    const told = bankWith({ codeLengths: { SMS_OTP: 6 } });
    expect(pendingOf(await start(signIn("sms"), told)).challenge.prompt).toMatchObject({
      length: 6,
    });
  });
  test("asks a company for its own number, too, and counts its people apart", async () => {
    const company = bankWith({
      signIn: {
        ask: "fields",
        name: { label: "Anmeldename" },
        password: { label: "PIN" },
        corporate: { label: "Kundennummer" },
      },
    });
    const given: Answer = {
      kind: "credentials",
      value: { corporate: "K 1", username: "exempt", password: rightPassword },
    };
    expect(company.describe("bank").firstChallenge.prompt).toMatchObject({
      fields: [{ name: "corporate" }, { name: "username" }, { name: "password", type: "password" }],
    });
    expect(company.userIdentifier?.(given, { externalId: "account" })).toEqual(["K 1", "exempt"]);
    expect(await start(given, company)).toMatchObject(authorised);
    expect(bank.heard[0]?.headers).toMatchObject({ "psu-corporate-id": "K 1" });
  });
  test("takes a name that fits into no header for a wrong one, and sends it nowhere", async () => {
    expect(await start(signIn("Ü\r\nX-Evil: 1"))).toMatchObject({
      type: "challenge",
      problem: "wrong",
    });
    expect(bank.heard).toEqual([]);
  });
});

describe("what a bank’s links carry along", () => {
  test("goes back to it with each request that follows one, over every step", async () => {
    const asked = await start(signIn("queries"));
    const code1 = await answer(asked, way(0));
    const again = await answer(code1, { kind: "one-time-code", value: { sendAgain: true } });
    const other = await answer(await answer(again, { kind: "other-way" }), way(3));
    expect(await poll(other)).toMatchObject({ type: "pending" });
    expect(
      await answer(await answer(await answer(other, { kind: "other-way" }), way(2)), code()),
    ).toMatchObject(authorised);
    expect(
      bank.heard.map(({ method, query }) => `${method} ${/carried=(\w+)/.exec(query)?.[1] ?? ""}`),
    ).toEqual([
      "POST ",
      "POST startAuthorisationWithPsuAuthentication",
      "PUT selectAuthenticationMethod",
      "PUT selectAuthenticationMethod",
      "PUT selectAuthenticationMethod",
      "GET scaStatus",
      "PUT selectAuthenticationMethod",
      "PUT authoriseTransaction",
      "GET status",
      "GET ",
    ]);
    await undo(await start(signIn("queries")));
    expect(bank.heard.at(-1)).toMatchObject({ method: "DELETE", query: "?carried=self&at=a%26b" });
  });
  const linkTo = (href: string) => consent({ startAuthorisation: { href } });
  test.each([
    [
      "/v1/consents/c/authorisations?authenticationCurrencyCode=EUR",
      "?authenticationCurrencyCode=EUR",
    ],
    ["https://elsewhere.example/xs2a/v1/consents/c/authorisations?a=1#top", "?a=1"],
    ["consents/c/authorisations?a=%C3%BC b", "?a=%C3%BC%20b"],
    ["/v1/consents/c/authorisations", ""],
    ["/v1/consents/another/authorisations?a=1", ""],
    ["/v1/consents/c/authorisations/x?a=1", ""],
    ["/elsewhere?a=1", ""],
    ["?a=1", ""],
  ])("is taken from %s as %j, and the request goes where it always went", async (href, query) => {
    bank.spoil({ at: "POST /v1/consents", ...linkTo(href) });
    bank.spoil({ at: "POST /v1/consents/c/authorisations", status: 503 });
    await expect(start(signIn("sms"))).rejects.toMatchObject({ code: "bank-unavailable" });
    expect(bank.heard.at(-1)).toMatchObject({
      method: "POST",
      path: "/v1/consents/c/authorisations",
      query,
    });
  });
  test("hides no authorisation that a link names", async () => {
    bank.spoil({
      at: "POST /v1/consents",
      ...consent({
        scaRedirect: { href: "/page" },
        scaStatus: { href: "/v1/consents/c/authorisations/a1?x=1" },
      }),
    });
    const asked = await start(signIn("sms"));
    bank.spoil({ at: "GET", body: { scaStatus: "started" } });
    expect(await poll(asked)).toMatchObject({ type: "pending" });
    expect(bank.heard.at(-1)).toMatchObject({
      path: "/v1/consents/c/authorisations/a1",
      query: "?x=1",
    });
  });
});

describe("a way that the bank names only when it offers it", () => {
  const asked = async (type: string, name?: string) => {
    offered.splice(
      0,
      Infinity,
      {
        authenticationType: type,
        authenticationMethodId: "one",
        ...(name === undefined ? {} : { name }),
      },
      { authenticationType: "X", authenticationMethodId: "two" },
    );
    return pendingOf(await answer(await start(signIn("plain")), way(0))).challenge;
  };
  test.each([
    [
      "SMS_OTP",
      "SMS OTP on phone +49160 xxxxx 28",
      { channel: "sms", destination: "+49160 xxxxx 28", sendAgain: true },
    ],
    ["SMS_OTP", undefined, { channel: "sms", sendAgain: true }],
    ["SMTP_OTP", undefined, { channel: "email", sendAgain: true }],
    [
      "SMTP_OTP",
      "To a***@example.com",
      { channel: "email", destination: "a***@example.com", sendAgain: true },
    ],
    [
      "EMAIL",
      "Mail to a***@example.com",
      { channel: "email", destination: "a***@example.com", sendAgain: true },
    ],
    ["CHIP_OTP", "chipTAN, Karte 4711", { channel: "other", method: "chipTAN, Karte 4711" }],
    ["PUSH_OTP", "pushTAN", { channel: "app" }],
    ["PUSH_DEC", "pushTAN", { channel: "app" }],
    ["PHOTO_OTP", "photoTAN", { channel: "other", method: "photoTAN" }],
    ["SOMETHING_NEW", undefined, { channel: "other", method: "SOMETHING NEW" }],
    ["SOMETHING_NEW", "Ring of the bank", { channel: "other", method: "Ring of the bank" }],
  ])("%s (%s) is asked for as what it is", async (type, name, prompt) => {
    expect(await asked(type, name)).toEqual({
      kind: "one-time-code",
      prompt: { ...prompt, note: "Please confirm." },
    });
  });
  test("is no way at all where nobody says which", async () => {
    bank.spoil({ at: "POST /v1/consents", ...consent({ authoriseTransaction: {} }) });
    expect(pendingOf(await start(signIn("sms"))).challenge).toEqual({
      kind: "one-time-code",
      prompt: { channel: "other" },
    });
  });
  test("keeps its number, however long its name is, in the choice and in the question", async () => {
    const name = `${"Sparkassen-Card (Debitkarte) von Ada Lovelace ".repeat(4)}chipTAN Karte ****4711`;
    offered.splice(
      0,
      Infinity,
      ...Array.from({ length: 12 }, (_, index) => ({
        authenticationType: "CHIP_OTP",
        authenticationMethodId: String(index),
        name: `${name}${index}`,
      })),
    );
    const choice = await start(signIn("plain"));
    const { challenge } = pendingOf(choice);
    expect(
      challenge.kind === "method-choice" &&
        challenge.prompt.methods.map(
          ({ label }) => /^Sparkassen-Card.*….*\*4711(\d+)$/.exec(label)?.[1],
        ),
    ).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
    expect(pendingOf(await answer(choice, way(3))).challenge.prompt).toMatchObject({
      method: expect.stringMatching(/\*47113$/),
    });
  });
  test("that asks for approval keeps the number of its device", async () => {
    const name = `${"A telephone ".repeat(10)}…4711`;
    bank.spoil({
      at: "POST /v1/consents",
      ...consent(
        { scaStatus: { href: "/v1/consents/c/authorisations/a" } },
        { chosenScaMethod: { authenticationType: "PUSH_DEC", authenticationMethodId: "p", name } },
      ),
    });
    expect(pendingOf(await start(signIn("sms"))).challenge.prompt).toMatchObject({
      device: expect.stringMatching(/^A telephone.*…4711$/),
    });
  });
  test("and data too long to be typed instead of a picture is not cut", async () => {
    const image =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    bank.spoil({
      at: "POST /v1/consents",
      ...consent(
        { authoriseTransaction: {} },
        {
          chosenScaMethod: { authenticationType: "PHOTO_OTP" },
          challengeData: { image, data: ["1".repeat(121)] },
        },
      ),
    });
    expect(pendingOf(await start(signIn("sms"))).challenge).toMatchObject({
      kind: "picture-code",
      prompt: expect.not.objectContaining({ instead: expect.anything() }),
    });
  });
});

describe("decoupled", () => {
  test("waits for the app, says to the bank that nobody asked, and goes on once it is approved", async () => {
    const asked = await start(signIn("decoupled"));
    expect(asked).toMatchObject({
      challenge: {
        kind: "approval",
        prompt: { status: "waiting", device: "Ada’s phone", note: "Please confirm." },
      },
    });
    expect(await poll(asked)).toEqual({ type: "pending", pollSeconds: 3 });
    expect(bank.heard.at(-1)?.headers["psu-ip-address"]).toBeUndefined();
    bank.decide("finalised");
    expect(await poll(asked)).toMatchObject(authorised);
  });
  test("says that it was turned down, and asks again for whoever wants it", async () => {
    const asked = await start(signIn("decoupled"));
    expect(await answer(asked, { kind: "approval", value: { askAgain: true } })).toMatchObject({
      notice: "asked-again",
      challenge: { kind: "approval", prompt: { status: "waiting" } },
    });
    bank.decide("failed");
    const over = bankResultSchema.parse(await poll(asked));
    expect(over).toMatchObject({
      problem: "denied",
      challenge: { kind: "approval", prompt: { status: "over" } },
    });
    // The password was not kept.
    expect(await answer(over, { kind: "approval", value: { askAgain: true } })).toMatchObject({
      challenge: { kind: "credentials" },
      state: { type: "sign-in" },
    });
  });
});

describe.each(["redirect", "implicit"])("redirect, %s", (psu) => {
  const byName = bankWith({ signIn: { ask: "fields", name: { label: "Anmeldename" } } });
  const named: Answer = { kind: "credentials", value: { username: psu } };
  test("sends to the bank’s page and believes only the bank", async () => {
    const asked = await start(named, byName);
    expect(asked).toMatchObject({
      lang: "de",
      challenge: {
        kind: "redirect",
        prompt: {
          opens: "window",
          url: expect.stringContaining(`${bank.origin}/page?consent=`),
        },
      },
    });
    for (const query of ["", "result=approved&scaStatus=finalised"]) {
      const still = await answer(asked, { kind: "redirect", value: { query } }, byName);
      expect(still).toMatchObject({ type: "challenge", ...pendingOf(asked) });
      // A reload of the way back is not counted as a wrong answer.
      expect(still).not.toHaveProperty("problem");
    }
    expect(await poll(asked, byName)).toMatchObject({ type: "pending" });
    bank.decide("finalised");
    expect(await poll(asked, byName)).toMatchObject(authorised);
    expect(await answer(asked, { kind: "redirect", value: { query: "" } }, byName)).toMatchObject(
      authorised,
    );
  });
  test("ends where the person said no", async () => {
    const asked = await start(named, byName);
    bank.decide("failed");
    expect(await poll(asked, byName)).toEqual({ type: "refused", reason: "denied" });
    expect(await answer(asked, { kind: "redirect", value: { query: "" } }, byName)).toEqual({
      type: "refused",
      reason: "denied",
    });
  });
});

describe("the consent", () => {
  test("is named to be undone by each question and by its end, always alike", async () => {
    const asked = await start(signIn("sms"));
    const wrong = await answer(asked, code("000000"));
    const done = await answer(wrong, code());
    expect(idOf(asked)).toBeDefined();
    expect([idOf(wrong), idOf(done)]).toEqual([idOf(asked), idOf(asked)]);
    expect(idOf(await start(signIn("sms")))).not.toBe(idOf(asked));
  });
  test("is deleted by what undoes it, and the person goes on with it no more", async () => {
    const asked = await start(signIn("sms"));
    await undo(asked);
    expect(heard().at(-1)).toBe("DELETE /v1/consents/C");
    expect(bank.heard.at(-1)?.headers).not.toHaveProperty("psu-ip-address");
    expect(await answer(asked, code())).toMatchObject({ type: "refused" });
    // As a job does that was stopped before it was settled.
    await undo(asked);
  });
  test("is left to what undoes it where somebody lacks the account, so that nobody waits", async () => {
    const result = await start(signIn("other"));
    expect(result).toMatchObject({
      type: "authorised",
      accounts: [{ externalId: "somebody-else" }],
    });
    expect(heard().filter((line) => line.startsWith("DELETE"))).toEqual([]);
    await undo(result);
    expect(heard().at(-1)).toBe("DELETE /v1/consents/C");
  });
  test("is granted with what it covers and until when, as it was asked for", async () => {
    const result = await start(signIn("exempt"));
    const { access, validUntil } = bank.heard[0]?.body as Record<string, unknown>;
    expect(result).toMatchObject({
      grant: { consentId: expect.stringMatching(/^consent=/), access, validUntil },
    });
  });
  test.each([
    ["gone", { status: 404, raw: "" }],
    ["gone for good", { status: 410, raw: "<html>" }],
    ["unknown", { status: 403, body: error("CONSENT_UNKNOWN") }],
    ["over", { status: 401, body: error("CONSENT_EXPIRED") }],
    ["terminated", { status: 409, body: error("STATUS_INVALID") }],
  ])("is deleted where the bank says that it is %s", async (_, reply) => {
    const asked = await start(signIn("sms"));
    bank.spoil({ at: "DELETE", ...reply });
    await undo(asked);
  });
  test.each([
    ["away", { status: 503 }, "bank-unavailable"],
    ["busy", { status: 429 }, "bank-busy"],
    ["gone from the line", { instead: "gone" as const }, "network"],
    ["blocked", { status: 403, body: error("SERVICE_BLOCKED") }, "request-refused"],
    ["in need of a token", { status: 401, body: error("TOKEN_INVALID") }, "token-wanted"],
  ])("is tried to delete again where the bank is %s", async (_, reply, thrown) => {
    const asked = await start(signIn("sms"));
    bank.spoil({ at: "DELETE", ...reply });
    await expect(undo(asked)).rejects.toMatchObject({ code: thrown });
  });
  test.each<[string, Parameters<typeof bank.spoil>[0]]>([
    [
      "the answer that made it cannot be read",
      {
        at: "POST /v1/consents",
        status: 201,
        body: { consentStatus: "received", consentId: "made", scaMethods: "by post" },
      },
    ],
    [
      "it says nothing that is understood",
      {
        at: "POST /v1/consents",
        status: 201,
        body: { consentStatus: "received", consentId: "made", _links: {} },
      },
    ],
    ["the next call finds no bank", { at: "authorisations", status: 503 }],
    ["the next call is answered by nonsense", { at: "authorisations", raw: "<html>" }],
    ["its accounts cannot be read", { at: "GET /v1/accounts", raw: "<html>" }],
    ["it was refused then", { at: "/status", body: { consentStatus: "rejected" } }],
  ])("is not lost where %s", async (_, spoilt) => {
    const told: Undo[] = [];
    bank.spoil(spoilt);
    const who = spoilt.at === "authorisations" ? "sms" : "exempt";
    const options = { ...call(), mustUndo: (one: Undo) => void told.push(one) };
    await adapter.start({ ...base, answer: signIn(who) }, options).catch(() => undefined);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    const [what] = told;
    if (what) await adapter.undo?.({ bankId: "bank", externalId: "x", undo: what }, call());
    expect(bank.heard.at(-1)).toMatchObject({ method: "DELETE" });
  });
});

test("hands a confirmation code back where the bank wants one", async () => {
  const confirming = bankWith({ confirmationParameter: "code" });
  const asked = await start(signIn("redirect"), confirming);
  bank.decide("unconfirmed");
  expect(await poll(asked, confirming)).toMatchObject({ type: "pending" });
  expect(
    await answer(asked, { kind: "redirect", value: { query: "code=confirm-me" } }, confirming),
  ).toMatchObject(authorised);
});

test("asks nothing where the bank asks everything itself", async () => {
  const quiet = bankWith({
    signIn: { ask: "nothing", paragraphs: ["Sie melden sich bei der Bank an."] },
  });
  expect(quiet.describe(null).firstChallenge.kind).toBe("message");
  bank.spoil({
    at: "POST /v1/consents",
    status: 201,
    body: { consentStatus: "received", consentId: "c", _links: { scaRedirect: { href: "/page" } } },
  });
  expect(await start({ kind: "message", value: { read: true } }, quiet)).toMatchObject({
    challenge: { kind: "redirect", prompt: { url: `${bank.origin}/page` } },
  });
});

describe("the account", () => {
  test("is named by its IBAN, however it is printed", async () => {
    expect(
      await start(signIn("exempt"), bankWith({ account: "iban", consent: { access: "asked" } })),
    ).toMatchObject({
      type: "authorised",
      accounts: [{ externalId: "DE89370400440532013000" }],
    });
    expect(bank.heard[0]?.body).toMatchObject({
      access: { accounts: [{ iban: base.externalId }] },
    });
  });
  test.each([
    ["partiallyAuthorised", "action-needed"],
    ["rejected", "denied"],
    ["expired", "denied"],
    ["revokedByPsu", "denied"],
  ])("is not shown by a consent that is %s", async (consentStatus, reason) => {
    bank.spoil({ at: "/status", body: { consentStatus } });
    expect(await start(signIn("exempt"))).toEqual({ type: "refused", reason });
  });
  test("is waited for while the consent is not ready", async () => {
    bank.spoil({ at: "/status", body: { consentStatus: "received" } });
    await expect(start(signIn("exempt"))).rejects.toMatchObject({ code: "consent-not-ready" });
  });
});

describe("an error of the bank", () => {
  test.each([
    [403, error("SERVICE_BLOCKED"), { type: "refused", reason: "suspended" }],
    [401, error("PSU_CREDENTIALS_INVALID"), { problem: "wrong" }],
    [
      401,
      { type: "https://bank.example/e", code: "PSU_CREDENTIALS_INVALID", title: "SECRET-TEXT" },
      { problem: "wrong" },
    ],
  ])("%i at the sign-in is told to the person", async (status, body, told) => {
    bank.spoil({ at: "authorisations", status, body });
    const result = await start(signIn("sms"));
    expect(result).toMatchObject(told);
    expect(JSON.stringify(result)).not.toContain("SECRET-TEXT");
  });
  test.each([
    ["CONSENT_EXPIRED", 401, { type: "refused", reason: "not-approved" }],
    ["RESOURCE_UNKNOWN", 404, { type: "refused", reason: "not-approved" }],
    ["SERVICE_BLOCKED", 403, { type: "refused", reason: "suspended" }],
    ["PSU_CREDENTIALS_INVALID", 401, { problem: "wrong", challenge: { kind: "one-time-code" } }],
  ])("%s after a code is told to the person", async (name, status, told) => {
    const asked = await start(signIn("sms"));
    bank.spoil({ status, body: error(name) });
    expect(await answer(asked, code())).toMatchObject(told);
  });
  test("about a way that cannot be used leads back to the choice", async () => {
    const asked = await start(signIn("choose"));
    bank.spoil({ status: 400, body: error("SCA_METHOD_UNKNOWN") });
    expect(await answer(asked, way(0))).toMatchObject({
      problem: "wrong",
      challenge: { kind: "method-choice" },
    });
  });
  test.each([
    [500, "bank-unavailable"],
    [503, "bank-unavailable"],
    [408, "bank-unavailable"],
    [429, "bank-busy"],
  ])("%i is a bank that is away", async (status, reason) => {
    bank.spoil({ status, raw: "<h1>SECRET-TEXT</h1>" });
    await expect(start(signIn("sms"))).rejects.toMatchObject({ name: "RemoteFault", code: reason });
  });
  test.each([
    [400, error("FORMAT_ERROR"), "request-refused"],
    [400, "<h1>SECRET-TEXT</h1>", "request-refused"],
    [401, error("CERTIFICATE_EXPIRED"), "certificate-refused"],
    [401, error("ROLE_INVALID"), "role-refused"],
    [401, error("SIGNATURE_MISSING"), "signature-wanted"],
    [401, error("TOKEN_EXPIRED"), "token-wanted"],
    [403, error("CONSENT_UNKNOWN"), "request-refused"],
    [409, error("STATUS_INVALID"), "request-refused"],
    [401, error("constructor"), "request-refused"],
  ])("%i %j is nothing the person can mend", async (status, body, reason) => {
    bank.spoil({ status, body });
    const failure = await start(signIn("sms")).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ name: "UnexpectedBankResponse", code: reason });
    expect(String(failure)).not.toContain("SECRET-TEXT");
  });
});

describe("a bank whose serialiser writes null for whatever has no value", () => {
  const none = {
    iban: null,
    bban: null,
    msisdn: null,
    maskedPan: null,
    status: null,
    name: null,
    _links: null,
  };
  test("is understood from the consent to the accounts", async () => {
    const nulls = {
      scaMethods: null,
      chosenScaMethod: null,
      challengeData: null,
      psuMessage: null,
      authorisationId: null,
      tppMessages: null,
    };
    bank.spoil({
      at: "POST /v1/consents",
      ...consent(
        { scaRedirect: null, scaOAuth: null, authoriseTransaction: { href: null } },
        {
          ...nulls,
          chosenScaMethod: {
            authenticationType: "SMS_OTP",
            authenticationMethodId: "x",
            name: null,
            explanation: null,
          },
          challengeData: {
            image: null,
            data: null,
            otpMaxLength: null,
            otpFormat: null,
            additionalInformation: null,
          },
        },
      ),
    });
    const asked = await start(signIn("sms"));
    expect(asked).toMatchObject({
      challenge: { kind: "one-time-code", prompt: { channel: "sms" } },
    });
    bank.spoil({
      at: "authorisations",
      status: 201,
      body: { ...nulls, scaStatus: "finalised", _links: null },
    });
    bank.spoil({ at: "status", body: { consentStatus: "valid", psuMessage: null } });
    bank.spoil({
      at: "GET /v1/accounts",
      body: {
        accounts: [
          { ...none, resourceId: "the-account-asked-for" },
          { ...none, resourceId: null },
        ],
      },
    });
    expect(await answer(asked, code())).toMatchObject({
      type: "authorised",
      accounts: [{ externalId: "the-account-asked-for" }],
    });
  });
  test("is understood where it says what is wrong", async () => {
    bank.spoil({
      at: "POST /v1/consents",
      status: 401,
      body: {
        tppMessages: [{ category: null, code: "PSU_CREDENTIALS_INVALID", path: null, text: null }],
        _links: null,
      },
    });
    expect(await start(signIn("sms"))).toMatchObject({ problem: "wrong" });
    bank.spoil({
      at: "POST /v1/consents",
      status: 401,
      body: { type: null, code: "PSU_CREDENTIALS_INVALID", additionalErrors: null },
    });
    expect(await start(signIn("sms"))).toMatchObject({ problem: "wrong" });
  });
  test("is told where it wrote null for what must be there, or something else than it should, and never what", async () => {
    bank.spoil({
      at: "POST /v1/consents",
      status: 201,
      body: { consentStatus: "received", consentId: null, _links: {} },
    });
    await expect(start(signIn("sms"))).rejects.toMatchObject({
      code: "answer-not-understood",
      paths: ["consentId"],
    });
    bank.spoil({
      at: "GET /v1/accounts",
      body: {
        accounts: [
          { ...none, resourceId: "a" },
          { ...none, iban: 47115 },
        ],
      },
    });
    await expect(start(signIn("exempt"))).rejects.toMatchObject({
      code: "answer-not-understood",
      paths: ["accounts[1].iban"],
    });
  });
});

describe("a bank that answers", () => {
  test.each<[string, Parameters<typeof bank.spoil>[0], string]>([
    ["no JSON", { status: 201, raw: "<html>" }, "answer-not-understood"],
    ["nothing", { status: 201, raw: "" }, "answer-not-understood"],
    [
      "twice",
      { status: 201, raw: JSON.stringify(consent({ authoriseTransaction: {} }).body).repeat(2) },
      "answer-not-understood",
    ],
    [
      "an id that leads elsewhere",
      { status: 201, body: { consentStatus: "received", consentId: "..", _links: {} } },
      "answer-not-understood",
    ],
    [
      "an unknown status",
      { status: 201, body: { consentStatus: "soon", consentId: "c", _links: {} } },
      "answer-not-understood",
    ],
    ["no link", consent({}), "answer-not-understood"],
    [
      "a page at a place that was not configured",
      consent({ scaRedirect: { href: "https://evil.example/" } }),
      "redirect-not-configured",
    ],
    [
      "a page that is a script",
      consent({ scaRedirect: { href: "javascript:alert(1)" } }),
      "redirect-not-configured",
    ],
    [
      "a page behind a user name",
      consent({ scaRedirect: { href: "http://127.0.0.1@evil.example/" } }),
      "redirect-not-configured",
    ],
    ["a page without an address", consent({ scaRedirect: {} }), "redirect-not-configured"],
    [
      "nothing but links that are null",
      consent({ scaRedirect: null, scaOAuth: null, startAuthorisation: null }),
      "answer-not-understood",
    ],
    [
      "an OAuth server, where the entry knows of none",
      consent({ scaOAuth: { href: "https://bank.example/" } }),
      "oauth-not-configured",
    ],
    [
      "links that carry more than can be remembered",
      consent({
        startAuthorisation: { href: `/v1/consents/c/authorisations?x=${"x".repeat(900)}` },
      }),
      "answer-not-understood",
    ],
    [
      "that passwords must be encrypted",
      consent({ startAuthorisationWithEncryptedPsuAuthentication: {} }),
      "encryption-not-supported",
    ],
    [
      "that it wants one more password",
      consent({ updateAdditionalPsuAuthentication: {} }),
      "more-passwords-not-supported",
    ],
    [
      "a picture that is none",
      consent(
        { authoriseTransaction: {} },
        {
          chosenScaMethod: { authenticationType: "PHOTO_OTP", authenticationMethodId: "p" },
          challengeData: { image: "PHN2Zz4=" },
        },
      ),
      "challenge-not-showable",
    ],
    [
      "too many ways",
      consent(
        { selectAuthenticationMethod: {} },
        {
          scaMethods: Array.from({ length: 21 }, (_, id) => ({
            authenticationType: "X",
            authenticationMethodId: String(id),
          })),
        },
      ),
      "answer-not-understood",
    ],
  ])("%s ends the journey with a closed reason", async (_, answered, reason) => {
    bank.spoil(answered);
    await expect(start(signIn("sms"))).rejects.toMatchObject({
      name: "UnexpectedBankResponse",
      code: reason,
    });
  });
  test("the same for ever is left", async () => {
    const identify = {
      status: 201,
      body: {
        scaStatus: "received",
        authorisationId: "a",
        _links: { updatePsuIdentification: {} },
      },
    };
    bank.spoil(consent({ startAuthorisationWithPsuIdentification: {} }));
    for (let times = 0; times < 6; times += 1) bank.spoil(identify);
    await expect(start(signIn("sms"))).rejects.toMatchObject({ code: "never-ends" });
    expect(bank.heard.length).toBeLessThan(10);
  });
  test.each<[string, Parameters<typeof bank.spoil>[0], string]>([
    [
      "more than anybody can read",
      { status: 201, raw: JSON.stringify({ more: "x".repeat(300_000) }) },
      "too-large",
    ],
    [
      "with a redirect",
      { status: 302, headers: { location: "http://169.254.169.254/" } },
      "redirected",
    ],
    ["by hanging up", { instead: "gone" }, "network"],
  ])("%s is away", async (_, answered, reason) => {
    bank.spoil(answered);
    await expect(start(signIn("sms"))).rejects.toMatchObject({ name: "RemoteFault", code: reason });
  });
  test("that passwords are wanted where none was asked for is set up wrongly", async () => {
    const byName = bankWith({ signIn: { ask: "fields", name: { label: "Name" } } });
    await expect(
      start({ kind: "credentials", value: { username: "sms" } }, byName),
    ).rejects.toMatchObject({ code: "password-not-asked" });
  });
  test("texts full of markup and marks that turn the direction is shown as plain text", async () => {
    bank.spoil(
      consent(
        { authoriseTransaction: {} },
        {
          psuMessage: "<script>alert(1)</script>\u202e\n\u0000gone",
          chosenScaMethod: {
            authenticationType: "SMS_OTP",
            authenticationMethodId: "p",
            name: "<img src=x>",
          },
        },
      ),
    );
    expect(pendingOf(await start(signIn("sms"))).challenge.prompt).toMatchObject({
      destination: "<img src=x>",
      note: "<script>alert(1)</script> gone",
    });
  });
});

test("stays within what a state may be, whatever the bank calls things", async () => {
  const scaMethods = Array.from({ length: 20 }, (_, index) => ({
    authenticationType: "SMS_OTP_OF_THIS_BANK",
    authenticationMethodId: `${index}`.padEnd(35, "-"),
    name: '"\\'.repeat(100),
  }));
  const longest = {
    status: 201,
    body: {
      consentStatus: "received",
      consentId: "c".repeat(256),
      _links: {
        selectAuthenticationMethod: {
          href: `/v1/consents/${"c".repeat(256)}/authorisations/${"a".repeat(256)}?x=${"x".repeat(750)}`,
        },
      },
      scaMethods,
    },
  };
  bank.spoil(longest);
  const result = await start(signIn("\\".repeat(100)));
  const { length } = JSON.stringify(pendingOf(result).state);
  expect(length).toBeGreaterThan(3000);
  expect(length).toBeLessThanOrEqual(4096);
});

test("a fault of the network is told as one", async () => {
  const nobody = bankWith({ url: "http://127.0.0.1:1" });
  await expect(start(signIn("sms"), nobody)).rejects.toBeInstanceOf(RemoteFault);
});
