import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { postedForm } from "../../lib/authrefresh/posted-form.fixture.ts";
import {
  rightPassword,
  startBerlinGroupBank,
} from "../../lib/banks/berlin-group/berlin-group-bank.fixture.ts";
import {
  type OpenidProvider,
  startOpenidProvider,
} from "../../lib/banks/openid/openid-provider.fixture.ts";
import { readSettings } from "../../lib/config/env.ts";
import type { Screen } from "../../lib/journey/screen.ts";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import {
  answerJson,
  type LocalServer,
  startLocalServer,
} from "../../lib/sage/local-server.fixture.ts";
import type { DeliveryLoop } from "../../lib/delivery/delivery-loop.ts";
import { createServices, type Services } from "../../lib/services.ts";
import { bankingServiceClient } from "../../simulator/client.ts";
import { simulatorSettings } from "../../simulator/settings.ts";
import { startBankingService } from "../../simulator/start-banking-service.ts";
import { freePorts } from "../../testing/free-port.mjs";
import { useTestDb } from "../../testing/test-db.ts";

// The whole connector with a look-up in the file of banks: PostgreSQL, the simulator as Sage, and
// banks, provider and look-up as real servers.
const real = useTestDb();
const folder = mkdtempSync(path.join(tmpdir(), "accounts-"));
const current = { iban: "DE89370400440532013000", name: "Girokonto", bic: "COBADEFFXXX" };
const second = { iban: "DE02120300000000202051", name: "Second" };
const stranger = "GB82WEST12345698765432";
const berlin = await startBerlinGroupBank({ accounts: [current, second] });

let sage: Awaited<ReturnType<typeof startBankingService>>;
let provider: OpenidProvider;
let lookup: LocalServer;
let services: Services;
let loop: DeliveryLoop | undefined;
const wait = { timeout: 45_000, interval: 50 };
/** What the look-up answers; undefined is never. */
let answer: readonly [status: number, body: unknown] | undefined;

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  const env = {
    ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: port }),
    BANKING_SERVICE_PORT: String(port),
    DATABASE_URL: real.runtimeUrl,
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    BANKS_FILE: path.join(folder, "banks.json"),
    PROVIDER_API_BANK_ACCOUNTS: "all",
    LOG_LEVEL: "silent",
  } as unknown as NodeJS.ProcessEnv;
  sage = await startBankingService(env);
  lookup = await startLocalServer((response) => answer && answerJson(response, ...answer));
  provider = await startOpenidProvider({
    redirectUri: "http://localhost:3000/authrefresh/return",
    pings: () => Promise.resolve(204),
  });
  const secret = (file: string, content: string) => {
    writeFileSync(path.join(folder, file), content);
    return path.join(folder, file);
  };
  const accounts = {
    lookup: { url: `${lookup.url}/lookup`, tokenFile: secret("token", "a-token-of-the-look-up") },
  };
  const xs2a = {
    name: "Berlin Bank",
    adapter: "berlin-group",
    settings: { url: berlin.url, ipAddress: "192.0.2.7" },
  };
  const banks = [
    { bankId: "berlin-group", ...xs2a, accounts },
    { bankId: "every", ...xs2a, accounts: { ...accounts, policy: "every" } },
    {
      bankId: "openid",
      name: "Openid Bank",
      adapter: "openid",
      settings: {
        ...provider.entry("polled", secret("openid.json", JSON.stringify(provider.clientKey))),
        flows: ["ciba"],
        person: { label: "Customer name" },
      },
      accounts,
    },
  ];
  secret("banks.json", JSON.stringify({ banks }));
  services = createServices(readSettings(env));
  loop = services.startDeliveryLoop();
});
afterAll(async () => {
  await loop?.stop();
  await services.stop();
  await Promise.all([sage.close(), provider.close(), berlin.stop(), lookup.close()]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  berlin.heard.length = lookup.requests.length = provider.asked.length = 0;
});

type Form = Extract<Screen, { formToken: string }>;
const formOn = (screen: Screen): Form => {
  if (!("formToken" in screen)) throw new Error(`no form on ${screen.type}`);
  return screen;
};

async function enter(bankId: string) {
  const externalId = `${randomUUID()}:${randomUUID()}`;
  const created = await bankingServiceClient(sage.url).createAuthorisation({
    notify: false,
    externalId,
  });
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: "resourceCreated",
    resource: { id: created.authorisationId, type: "authorisation" },
    bankId,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: created.authorisationId,
  });
  const see = async () => {
    const entry = await services.handleAuthrefresh.fromQuery(
      new URL(created.authrefreshUrl).search,
      { bind: true },
    );
    if (entry.type !== "open") throw new Error(entry.type);
    return formOn(entry.screen);
  };
  return { externalId, authorisationId: created.authorisationId, see };
}

async function signIn({ handle, formToken }: Form, username: string) {
  const fields = { form_token: formToken, username, password: rightPassword, action: "continue" };
  const posted = await (handle.includes(".")
    ? services.claimAuthorisation(handle, postedForm(fields), "en-GB")
    : services.submitAnswer(handle, postedForm(fields)));
  if (posted.type !== "see-other") throw new Error(posted.type);
  return posted.handle;
}

const until = (handle: string, expected: object) =>
  vi.waitFor(
    async () => {
      const { screen } = await services.showStep(handle, { poll: true });
      expect(screen).toMatchObject(expected);
      return screen;
    },
    { timeout: 30_000, interval: 100 },
  );
const toldOf = async (authorisationId: string) =>
  (await bankingServiceClient(sage.url).authorisation(authorisationId)).patches;

describe("a Berlin Group bank", () => {
  const through = async (
    bankId: string,
    said: (externalId: string) => NonNullable<typeof answer>,
  ) => {
    const entered = await enter(bankId);
    answer = said(entered.externalId);
    const handle = await signIn(await entered.see(), "exempt");
    return { ...entered, handle };
  };
  const three = (externalId: string) =>
    [
      200,
      {
        asked: { iban: current.iban, resourceId: null },
        connection: [
          { externalId, iban: current.iban },
          { externalId: "second", iban: second.iban },
          { externalId: "third", iban: stranger, name: "Payroll" },
          { externalId: "fourth", iban: "FR1420041010050500013M02606" },
        ],
      },
    ] as const;

  test("gives a consent for every account of the connection, and Sage is told its own ids", async () => {
    const { authorisationId, externalId, handle } = await through("berlin-group", three);
    await until(handle, {
      type: "finished",
      result: "authorised",
      content: { uncovered: [{ name: "Payroll" }, { ending: "2606" }], more: 0 },
    });
    const asked = [current.iban, second.iban, stranger, "FR1420041010050500013M02606"];
    expect(berlin.heard.find(({ method }) => method === "POST")?.body).toMatchObject({
      access: { accounts: asked.map((iban) => ({ iban })) },
    });
    expect(await toldOf(authorisationId)).toMatchObject([
      {
        applied: true,
        body: {
          data: {
            status: "success",
            bankAccounts: [
              {
                bankAccountExternalId: externalId,
                accountName: "Girokonto",
                bankIdentifier: "COBADEFFXXX",
                accountIdentifier: current.iban,
              },
              {
                bankAccountExternalId: "second",
                accountName: "Second",
                accountIdentifier: second.iban,
              },
            ],
          },
        },
      },
    ]);
    expect(
      lookup.requests.map(({ body }) => JSON.parse(body) as unknown),
      "asked before the first screen, and at the end",
    ).toEqual([
      { bankId: "berlin-group", externalId, bankaccount: expect.any(String) },
      { bankId: "berlin-group", externalId, bankaccount: expect.any(String) },
    ]);
  });

  test.each([
    [400, "FORMAT_ERROR"],
    [404, "RESOURCE_UNKNOWN"],
  ])("is asked for the one account where it takes no consent for all: %i", async (status, why) => {
    berlin.spoil({
      at: "POST /v1/consents",
      status,
      body: { tppMessages: [{ category: "ERROR", code: why }] },
    });
    const { handle } = await through("berlin-group", three);
    await until(handle, { type: "finished", result: "authorised" });
    const asked = berlin.heard.flatMap(({ method, path: at, body }) =>
      method === "POST" && at === "/v1/consents"
        ? [(body as { access: { accounts: unknown[] } }).access.accounts]
        : [],
    );
    expect(asked).toEqual([expect.any(Array), [{ iban: current.iban }]]);
    expect(asked[0]).toHaveLength(4);
  });

  test("is refused, and its consent taken back, where every account has to be there", async () => {
    const { authorisationId, handle } = await through("every", three);
    await until(handle, {
      type: "finished",
      result: "refused",
      reason: "accounts-missing",
      content: { uncovered: [{ name: "Payroll" }, { ending: "2606" }], more: 0 },
    });
    await expect.poll(() => berlin.heard.at(-1)?.method, wait).toBe("DELETE");
    expect(await toldOf(authorisationId)).toEqual([]);
  });

  test.each(["berlin-group", "every"])(
    "is no success for an account it does not show, whoever else's it shows: %s",
    async (bankId) => {
      const { handle } = await through(bankId, () => [
        200,
        { asked: { iban: stranger }, connection: [{ externalId: "second", iban: second.iban }] },
      ]);
      await until(handle, { type: "finished", result: "refused", reason: "wrong-account" });
      await expect.poll(() => berlin.heard.at(-1)?.method, wait).toBe("DELETE");
    },
  );

  test("hears nothing of an account that the provider does not know", async () => {
    const { handle } = await through("berlin-group", () => [404, {}]);
    await until(handle, { type: "finished", result: "refused", reason: "wrong-account" });
    expect(berlin.heard).toEqual([]);
  });

  test.each([
    ["away", [503, {}]],
    ["contradicting itself", [200, { asked: { iban: stranger }, connection: [{}, {}] }]],
  ] as const)("did not answer while the look-up is %s, and may be tried again", async (_, said) => {
    const { externalId, handle } = await through("berlin-group", () => said);
    const away = await until(handle, { type: "challenge", content: { pageProblem: "bank-away" } });
    expect(berlin.heard).toEqual([]);
    answer = three(externalId);
    await until(await signIn(formOn(away), "exempt"), { result: "authorised" });
  });
});

test("an OpenID bank's accounts are Sage's, by the look-up", { timeout: 60_000 }, async () => {
  const { authorisationId, externalId, see } = await enter("openid");
  answer = [
    200,
    {
      asked: { resourceId: "savings" },
      connection: [
        { externalId: "also", resourceId: "account" },
        { externalId: "bobs", resourceId: "bobs-account", name: "Bob's" },
      ],
    },
  ];
  const handle = await signIn(await see(), "ada");
  await until(handle, { type: "challenge", content: { challenge: { kind: "approval" } } });
  const [request] = provider.asked;
  if (!request) throw new Error("the app was not asked");
  await provider.approve(request);
  await until(handle, {
    type: "finished",
    result: "authorised",
    content: { uncovered: [{ name: "Bob's" }], more: 0 },
  });
  expect(await toldOf(authorisationId)).toMatchObject([
    {
      applied: true,
      body: {
        data: {
          bankAccounts: [{ bankAccountExternalId: externalId }, { bankAccountExternalId: "also" }],
        },
      },
    },
  ]);
});

test("an OpenID bank's app asks nobody about an account that the provider does not know", async () => {
  const { see } = await enter("openid");
  answer = [404, {}];
  const handle = await signIn(await see(), "ada");
  await until(handle, { type: "finished", result: "refused", reason: "wrong-account" });
  expect(provider.asked).toEqual([]);
});

test("the first screen does not wait for the look-up", async () => {
  const { see } = await enter("berlin-group");
  answer = undefined;
  expect(await see()).toMatchObject({ type: "challenge", bank: "Berlin Bank" });
  await expect.poll(() => lookup.requests.length).toBe(1);
});
