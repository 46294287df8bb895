import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createReferenceBank } from "../../examples/bank-api/reference-bank.mjs";
import {
  oauthClient,
  rightCode,
  rightPassword,
  startBerlinGroupBank,
} from "../../lib/banks/berlin-group/berlin-group-bank.fixture.ts";
import { startOpenidProvider } from "../../lib/banks/openid/openid-provider.fixture.ts";
import { systemClock } from "../../lib/clock/clock.ts";
import {
  clientKey,
  listenTo,
  settingsOf,
  startReferenceBank,
} from "../../lib/banks/http/reference-bank.fixture.ts";
import { bankApiConformance, conformance, report, UsageError } from "./conformance.ts";
import { type TestUsers, referenceBankTestUsers, sandboxTestUsers } from "./test-users.ts";

const closing: (() => void)[] = [];
afterAll(() => closing.forEach((close) => close()));
// Its refusals and its slow person are tried once, with the good bank.
const few: TestUsers = {
  ...referenceBankTestUsers,
  more: { "one code": referenceBankTestUsers.more["one code"]! },
  refused: {},
  slow: undefined,
};

const problemsOf = (outcomes: Awaited<ReturnType<typeof conformance>>) =>
  outcomes.flatMap(({ group, name, problem }) =>
    problem === undefined ? [] : [`${group}: ${name}: ${problem}`],
  );

/** Time that is turned on instead of being waited for. */
function manualTime() {
  let lateMs = 0;
  return {
    clock: { ...systemClock, now: () => new Date(Date.now() + lateMs) },
    wait: async (ms: number) => void (lateMs += ms),
  };
}
const folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
closing.push(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, content: unknown) => {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, name);
};
const signIn = (username: string, password?: string) => ({
  kind: "credentials",
  value: { username, ...(password === undefined ? {} : { password }) },
});

test("the reference bank meets all of some hundred cases", async () => {
  const time = manualTime();
  const bank = await startReferenceBank({ now: () => time.clock.now().getTime() });
  closing.push(bank.close);
  const outcomes = await bankApiConformance(settingsOf(bank.url), referenceBankTestUsers, {
    time,
  });
  expect(problemsOf(outcomes)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(400);
  expect(report(outcomes)).toContain(`${outcomes.length} cases, all of them met.`);
}, 300_000);

test("so does a bank of the Berlin Group, with its app, its page and its authorisation server", async () => {
  const bank = await startBerlinGroupBank({
    accounts: [
      { resourceId: "the-account-asked-for", iban: "DE89370400440532013000", currency: "EUR" },
    ],
  });
  closing.push(() => void bank.stop());
  const secretFile = path.join(folder, "oauth-secret");
  writeFileSync(secretFile, oauthClient.secret);
  const oauth = {
    clientId: oauthClient.clientId,
    authentication: { method: "client_secret_basic", secretFile },
  };
  const settings = {
    url: bank.url,
    ipAddress: "192.0.2.7",
    account: "resourceId",
    consent: { access: "offered" },
    oauth,
  };
  const as = (username: string) => signIn(username, rightPassword);
  const [code, way] = [
    { kind: "one-time-code", value: { code: rightCode } },
    (method: string) => ({ kind: "method-choice", value: { method } }),
  ];
  const testUsers = {
    externalId: "the-account-asked-for",
    good: [as("exempt")],
    wrong: signIn("exempt", "not the password"),
    otherAccount: [as("other")],
    more: {
      "a code": [as("sms"), code],
      "a choice, then a picture": [
        as("choose"),
        way("1"),
        { kind: "picture-code", value: { reply: rightCode } },
      ],
      "the app": [as("approves"), { kind: "elsewhere" }],
      "the page": [as("redirect"), { kind: "page" }],
      "the authorisation server": [as("oauth"), { kind: "page" }],
    },
    refused: { suspended: [as("blocked")] },
    slow: as("slow"),
  };
  const outcomes = await conformance({
    adapter: "berlin-group",
    settingsFile: fileOf("xs2a.json", settings),
    testUsersFile: fileOf("xs2a-test-users.json", testUsers),
    time: manualTime(),
  });
  expect(problemsOf(outcomes)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(250);
}, 300_000);

test("so does an OpenID Provider, with its app and its page", async () => {
  const provider = await startOpenidProvider({
    redirectUri: "https://connector.example/authrefresh/return",
    pings: async () => 204,
    approves: ["ada", "bob"],
  });
  closing.push(() => void provider.close());
  const settings = {
    ...provider.entry("polled", fileOf("key.json", provider.clientKey)),
    flows: ["ciba", "authorization_code"],
    person: { label: "Customer name" },
    page: { opens: "frame" },
  };
  const testUsers = {
    externalId: "the-account-asked-for",
    good: [signIn("ada"), { kind: "elsewhere" }],
    wrong: signIn("nobody"),
    otherAccount: [signIn("bob"), { kind: "elsewhere" }],
    more: { "the page": [signIn("ada"), { kind: "other-way" }, { kind: "page", press: "/yes$" }] },
    slow: signIn("sleepy"),
  };
  const outcomes = await conformance({
    adapter: "openid",
    settingsFile: fileOf("openid.json", settings),
    testUsersFile: fileOf("openid-test-users.json", testUsers),
    time: manualTime(),
  });
  expect(problemsOf(outcomes)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(130);
}, 300_000);

test("so does the sandbox, as an adapter", async () => {
  expect(problemsOf(await conformance({ adapter: "sandbox", time: manualTime() }))).toEqual([]);
}, 300_000);

describe("a bank is found out that", () => {
  /**
   * The reference bank with something wrong in it: `change` sees each answer of an operation and
   * what was asked.
   */
  async function brokenBank(
    groups: readonly string[],
    change: (result: Record<string, unknown>, asked: Record<string, unknown>) => unknown,
    {
      listener = (real) => real,
      testUsers = few,
    }: { listener?: (real: RequestListener) => RequestListener; testUsers?: TestUsers } = {},
  ) {
    const real = createReferenceBank({ clientKey }) as RequestListener;
    const spoiled: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      const { end } = response;
      const spoil = (body: unknown) => {
        const asked = parsed(Buffer.concat(chunks).toString());
        const result =
          request.url?.startsWith("/v1/") && response.statusCode === 200
            ? parsed(String(body))
            : undefined;
        return Reflect.apply(end, response, [
          result && asked && "type" in result ? JSON.stringify(change(result, asked)) : body,
        ]) as ServerResponse;
      };
      Object.assign(response, { end: spoil });
      real(request, response);
    };
    const bank = await listenTo(listener(spoiled));
    closing.push(bank.close);
    return problemsOf(await bankApiConformance(settingsOf(bank.url), testUsers, { groups }));
  }
  const parsed = (text: string): Record<string, unknown> | undefined => {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  };

  test("copies the account it was asked about", async () => {
    const problems = await brokenBank(["other people’s accounts"], (result, { externalId }) =>
      result["type"] === "authorised" ? { ...result, accounts: [{ externalId }] } : result,
    );
    expect(problems.join("\n")).toContain(
      "other people’s accounts: whoever does not have the account is not shown it: it is shown",
    );
    expect(problems.join("\n")).toContain("externalId of the request is among the accounts");
  });
  test("remembers passwords in its state", async () => {
    const problems = await brokenBank(["secrets"], (result, { answer }) =>
      result["type"] === "challenge"
        ? { ...result, state: { ...(result["state"] as object), last: answer } }
        : result,
    );
    expect(problems.some((problem) => problem.startsWith("secrets: "))).toBe(true);
  });
  test("works on every repeat again", async () => {
    const problems = await brokenBank(["repeats"], (result) => result, {
      listener: (real) => (request, response) => {
        request.headers["idempotency-key"] = `"${Math.random()}"`;
        real(request, response);
      },
    });
    expect(problems).toContainEqual(
      expect.stringContaining("repeats: the same key again gets the same answer: "),
    );
  });
  test("lets everybody in", async () => {
    const bank = await listenTo(createReferenceBank({}) as RequestListener);
    closing.push(bank.close);
    const problems = problemsOf(
      await bankApiConformance(settingsOf(bank.url, { auth: { method: "mutual-tls" } }), few, {
        groups: ["authentication"],
      }),
    );
    expect(problems).toContainEqual("authentication: start, with no token: answers 200, not 401");
  });
  test("answers what no bank may", async () => {
    const problems = await brokenBank(["answers", "journeys"], (result) =>
      result["type"] === "authorised" ? { ...result, owner: "Ada Lovelace" } : result,
    );
    expect(problems.some((problem) => problem.startsWith("journeys: "))).toBe(true);
    expect(problems).toContain(
      "answers: one code: each is as described: the answer to answer 1 is not as described " +
        "at its root (unrecognized keys)",
    );
    expect(problems.join("\n")).not.toContain("Lovelace");
  });
  test("believes what comes back from its page, although nobody was there", async () => {
    const testUsers = {
      ...sandboxTestUsers,
      more: { "a page": [signIn("user_redirect", "pass_good"), { kind: "page" }] },
    };
    const outcomes = await conformance({
      adapter: "sandbox",
      testUsersFile: fileOf("page.json", testUsers),
      groups: ["out of order"],
    });
    expect(problemsOf(outcomes)).toEqual([
      "out of order: a page: coming back at question 1 from a page nobody went to is no " +
        "success: it is a success",
    ]);
  });
  test("never ends what was to be done in its app", async () => {
    const testUsers = {
      ...sandboxTestUsers,
      more: { "the app": [signIn("user_sms", "pass_good"), { kind: "elsewhere" }] },
    };
    const outcomes = await conformance({
      adapter: "sandbox",
      testUsersFile: fileOf("app.json", testUsers),
      groups: ["journeys"],
      time: manualTime(),
    });
    expect(problemsOf(outcomes)).toContainEqual(
      "journeys: the app: ends with the account: nothing was done elsewhere within 60 s",
    );
  });
  test("is wrong, and not one that locks whoever guesses for the third time", async () => {
    const guesses = new Map<unknown, number>();
    const lock = (result: Record<string, unknown>, asked: Record<string, unknown>) => {
      const name = (asked["answer"] as { value?: { username?: unknown } } | undefined)?.value
        ?.username;
      guesses.set(name, (guesses.get(name) ?? 0) + (result["problem"] === "wrong" ? 1 : 0));
      return name !== undefined && (guesses.get(name) ?? 0) > 2
        ? { type: "refused", reason: "locked" }
        : result;
    };
    const testUsers = {
      ...few,
      wrong: {
        kind: "credentials" as const,
        value: { username: "carol", password: "not the password" },
      },
    };
    expect(
      await brokenBank(
        ["journeys", "wrong answers", "hostile text", "duplicates", "repeats", "answers"],
        lock,
        { testUsers },
      ),
    ).toEqual([]);
    expect(guesses.get("carol")).toBeGreaterThan(2);
  });
});

test("what cannot be run is said with all that is wrong", async () => {
  await expect(conformance({ adapter: "none" })).rejects.toBeInstanceOf(UsageError);
  await expect(conformance({ bankApi: "https://bank.example/v1" })).rejects.toThrow("auth: ");
  await expect(conformance({ adapter: "sandbox", testUsersFile: "/nowhere" })).rejects.toThrow(
    "/nowhere: cannot be read, ENOENT",
  );
  await expect(
    conformance({ adapter: "sandbox", publicUrl: "https://connector.example/" }),
  ).rejects.toThrow("--public-url must be an origin");
  await expect(
    conformance({
      adapter: "sandbox",
      testUsersFile: fileOf("wrong.json", {
        good: [{ kind: "elsewhere" }],
        more: { a: [signIn("ada"), { kind: "page", press: "(" }] },
      }),
    }),
  ).rejects.toThrow(/good\.0\.kind: [^]*more\.a\.1\.press: is no regular expression/);
  await expect(conformance({ adapter: "http" })).rejects.toBeInstanceOf(UsageError);
  const nobody = await listenTo(() => undefined);
  nobody.close();
  await expect(bankApiConformance(settingsOf(nobody.url), few)).rejects.toThrow(
    "cannot be asked, token-network",
  );
});
