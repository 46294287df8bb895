import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startCommand } from "../../testing/start-command.mjs";
import { simulatorSettings } from "../../simulator/settings.ts";
import type { OnTheWay } from "../support/adapter-journey.ts";
import { adapterJourneys } from "../support/adapter-journeys.ts";
import { axeFindingsIn } from "../support/axe.ts";
import { test as banksTest } from "../support/test-banks.ts";
import { expect } from "../support/test.ts";
import { success } from "../support/wizard.ts";

interface TestParts {
  /** Opens a journey at the bank of an adapter, up to its first screen. */
  begin: (adapter: string, options?: { externalId?: string }) => Promise<OnTheWay>;
}

const test = banksTest.extend<TestParts>({
  begin: async ({ visit, watch, banks, connector, javaScriptEnabled }, use) =>
    use(async (adapter, options = {}) => {
      for (const origin of [banks.provider.issuer, banks.berlinGroup.origin])
        watch.expectOrigin(origin);
      const { first, account } = journeyOf(adapter);
      const wizard = await visit({
        bankId: adapter,
        ...(account ? { externalId: account } : {}),
        ...options,
      });
      // Without script nothing follows the fragment's link but the person.
      if (!javaScriptEnabled) await wizard.screen.getByRole("link").click();
      const on = {
        wizard,
        banks,
        connectorUrl: connector.connectorUrl,
        look: async () => {
          // axe is a script.
          if (javaScriptEnabled) expect(await axeFindingsIn(await wizard.frame())).toEqual([]);
        },
      };
      await wizard.expectScreen(...first);
      await on.look();
      return on;
    }),
});

// Each worker has banks of its own.
test.describe.configure({ mode: "parallel" });

function journeyOf(adapter: string) {
  const journey = adapterJourneys[adapter];
  if (!journey) throw new Error(`there is no journey for ${adapter}`);
  return journey;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled });

    for (const [adapter, { wrong, right, away, otherPerson }] of Object.entries(adapterJourneys)) {
      test(`${adapter}: a wrong answer is said to be one, the right one connects the feed, and Sage is told once`, async ({
        begin,
      }) => {
        const on = await begin(adapter);
        await wrong(on);
        await on.look();
        await right(on);
        await on.wizard.expectScreen("authorised.heading", { step: 3 });
        await on.look();
        expect(await on.wizard.patches()).toEqual([success]);
      });

      test(`${adapter}: whoever does not have the account is told so, and Sage nothing`, async ({
        begin,
      }) => {
        const on = await begin(adapter, { externalId: "an-account-nobody-has" });
        await (otherPerson ?? right)(on);
        await on.wizard.expectScreen("refused.wrong-account.heading");
        await on.look();
        expect(await on.wizard.patches()).toEqual([]);
      });

      if (away) {
        test(`${adapter}: a bank that is away is said to be, and goes on when it is back`, async ({
          begin,
        }) => {
          const on = await begin(adapter);
          await away(on);
          await on.look();
          await right(on);
          await on.wizard.expectScreen("authorised.heading", { step: 3 });
          expect(await on.wizard.patches()).toEqual([success]);
        });
      }
    }
  });
}

test("every adapter has its journey here", () => {
  const folders = readdirSync(path.resolve(import.meta.dirname, "../../lib/banks"), {
    withFileTypes: true,
  }).filter((entry) => entry.isDirectory());
  expect(new Set(Object.keys(adapterJourneys).map((name) => name.split(",")[0]))).toEqual(
    new Set(folders.map(({ name }) => name)),
  );
});

test("a bank’s own help and colours are on its screens", async ({ begin }) => {
  const { wizard } = await begin("http");
  await expect(wizard.screen.getByRole("link", { name: "Forgot your password?" })).toHaveAttribute(
    "target",
    "_blank",
  );
  await expect(wizard.button("page.continue")).toHaveCSS("background-color", "rgb(122, 0, 68)");
});

test("a code of the bank’s app is made for nobody but the bank", async ({ connector, request }) => {
  const made = await request.post(`${connector.connectorUrl}/connect-codes`, {
    headers: { authorization: `Bearer ${"k".repeat(64)}` },
    data: { bankId: "connect-code", accounts: [{ externalId: "mine" }] },
  });
  expect(made.status()).toBe(401);
});

test("a bank that nobody configured is said to be one", async ({ create, page, watch }) => {
  watch.expectStatus(404);
  const { authrefreshUrl } = await create({ bankId: "00000000-0000-4000-8000-000000000000" });
  const response = await page.goto(authrefreshUrl);
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We do not know this bank");
  expect(await axeFindingsIn(page.mainFrame())).toEqual([]);
});

test("a file of banks that is not right stops the start, with every problem named beside those of the settings, and no value", async ({
  banks,
  connector,
}) => {
  const file = `${banks.file}.wrong`;
  writeFileSync(
    file,
    JSON.stringify({
      banks: [
        { bankId: "one", name: "", adapter: "hunter2" },
        { bankId: "two", name: "Two", adapter: "http", settings: { url: "hunter2" } },
      ],
    }),
  );
  const env = {
    PATH: process.env["PATH"],
    ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: 4000 }),
    DATABASE_URL: connector.databaseUrl,
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    BANKS_FILE: file,
    PORT: "0",
    PROVIDER_API_KEY: "",
    HTTPS_PROXY: "hunter2:3128",
  };
  const [command = "", ...given] = startCommand;
  const started = spawn(command, given, {
    env: env as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [started.stdout, started.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  // All that it said has come only now, unlike at its exit.
  const status = await new Promise((resolve) => started.once("close", resolve));
  expect(said).toContain("  BANKS_FILE: banks[0].adapter: must be one of");
  expect(said).toContain("  BANKS_FILE: banks[1].settings.url: is not an absolute https URL");
  expect(said).toContain("  BANKS_FILE: banks[1].settings.auth: ");
  // With those of all other settings, each of them once.
  expect(said).toContain("  PROVIDER_API_KEY: is missing\n");
  expect(said).toContain("  HTTPS_PROXY: is not an http:// URL");
  const lines = said.split("\n").filter((line) => line.startsWith("  "));
  expect(new Set(lines).size).toBe(lines.length);
  expect(said).not.toMatch(/hunter2|^\s+at /m);
  expect(status).toBe(1);
});
