import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { simulatorSettings } from "../../simulator/settings.ts";
import { createNotificationStore } from "../../lib/notifications/notification-store.ts";
import { readSettings } from "../../lib/config/env.ts";
import { useTestDb } from "../../testing/test-db.ts";
import { createServices, type Services } from "../../lib/services.ts";
import type { Screen } from "../../lib/journey/screen.ts";
import { postedForm } from "../../lib/authrefresh/posted-form.fixture.ts";

const real = useTestDb();
const folder = mkdtempSync(path.join(tmpdir(), "banks-"));
const file = path.join(folder, "banks.json");
let services: Services | undefined;
afterAll(async () => {
  await services?.stop();
  rmSync(folder, { recursive: true });
});

const write = (...bankIds: string[]) =>
  writeFileSync(
    file,
    JSON.stringify({
      banks: bankIds.map((bankId) => ({
        bankId,
        name: `Bank ${bankId}`,
        adapter: "sandbox",
        theme: { accent: "#7a0044" },
      })),
    }),
  );

function connector(): Services {
  const env = {
    ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: 4000 }),
    DATABASE_URL: real.runtimeUrl,
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    BANKS_FILE: file,
    REDIRECT_HOSTS: "sage.com",
    LOG_LEVEL: "silent",
  };
  services ??= createServices(readSettings(env as unknown as NodeJS.ProcessEnv));
  return services;
}

async function announced(bankId: string | null): Promise<string> {
  const id = randomUUID();
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: "resourceCreated",
    resource: { id, type: "authorisation" },
    bankId,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: id,
  });
  return String(
    new URLSearchParams({
      authorisation_id: id,
      redirect_uri: "https://x.sage.com/back",
      state: "s",
      externalId: id,
    }),
  );
}

const form = (screen: Screen | undefined) => {
  if (!screen || !("formToken" in screen))
    throw new Error(`no form on ${screen?.type ?? "nothing"}`);
  return screen;
};
const bankOf = (screen: Screen) => ("bank" in screen ? screen.bank : screen.type);

test("each authorisation meets the bank it is about, an unknown one none, and a session outlives a change of the file", async () => {
  write("one", "two");
  const { handleAuthrefresh, claimAuthorisation, submitAnswer, showStep, banks } = connector();
  const entered = async (bankId: string | null, search?: string) =>
    handleAuthrefresh.fromQuery(search ?? (await announced(bankId)), { bind: true });
  const checkTwice = async () => {
    await banks.watch.checkFile();
    await banks.watch.checkFile();
  };

  // Whoever has seen the first screen of a bank is never taken to another one, even if “*” stands
  // for it by now.
  const shownBefore = await entered("two");
  write("one", "*");
  await checkTwice();
  const other = form(shownBefore.type === "open" ? shownBefore.screen : undefined);
  const restarted = createServices(services!.settings);
  expect(
    await restarted.claimAuthorisation(
      other.handle,
      postedForm({
        form_token: other.formToken,
        username: "user_good",
        password: "pass_good",
        action: "continue",
      }),
      "en-GB",
    ),
  ).toEqual({ type: "unknown-bank" });
  await restarted.stop();
  write("one", "two");
  await checkTwice();

  const one = await entered("one");
  expect(one).toMatchObject({
    type: "open",
    screen: { bank: "Bank one", style: expect.stringContaining("wizard-") },
  });
  expect(await entered("two")).toMatchObject({ type: "open", screen: { bank: "Bank two" } });

  // Nothing is used up by an unknown bank: the same address works once the file names it.
  const three = await announced("three");
  expect(await entered("three", three)).toEqual({ type: "unknown-bank" });
  expect(await entered(null)).toEqual({ type: "unknown-bank" });

  const first = form(one.type === "open" ? one.screen : undefined);
  const begun = await claimAuthorisation(
    first.handle,
    postedForm({
      form_token: first.formToken,
      username: "user_sms",
      password: "pass_good",
      action: "continue",
    }),
    "en-GB",
  );
  if (begun.type !== "see-other") throw new Error(begun.type);
  const shown = form((await showStep(begun.handle)).screen);
  const waiting = await entered("one");
  write("two", "three");
  await checkTwice();
  expect(await entered("three", three)).toMatchObject({
    type: "open",
    screen: { bank: "Bank three" },
  });
  expect(await entered("one")).toEqual({ type: "unknown-bank" });
  const late = form(waiting.type === "open" ? waiting.screen : undefined);
  expect(await showStep(late.handle)).toMatchObject({ screen: { type: "unknown-bank" } });
  expect(
    await claimAuthorisation(
      late.handle,
      postedForm({
        form_token: late.formToken,
        username: "user_good",
        password: "pass_good",
        action: "continue",
      }),
      "en-GB",
    ),
  ).toEqual({ type: "unknown-bank" });

  const ended = await submitAnswer(
    begun.handle,
    postedForm({ form_token: shown.formToken, code: "123456", action: "continue" }),
  );
  if (ended.type !== "see-other") throw new Error(ended.type);
  const { screen } = await showStep(ended.handle);
  expect(["finishing", "finished"]).toContain(screen.type);
  expect(bankOf(screen)).toBe("Bank one");
});
