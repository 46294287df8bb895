import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { z } from "zod";
import { bankingServiceClient } from "../simulator/client.ts";
import { simulatorSettings } from "../simulator/settings.ts";
import { startBankingService } from "../simulator/start-banking-service.ts";
import { freePorts } from "./free-port.mjs";
import type { BankAdapter, BankResult, Banks } from "../lib/banks/bank-adapter.ts";
import { createNotificationStore } from "../lib/notifications/notification-store.ts";
import { sql } from "../lib/db/db.ts";
import { useTestDb } from "./test-db.ts";
import { readSettings } from "../lib/config/env.ts";
import { createServices, type Services } from "../lib/services.ts";
import { postedForm } from "../lib/authrefresh/posted-form.fixture.ts";
import type { Screen } from "../lib/journey/screen.ts";

/**
 * The wizard's use cases on real parts: PostgreSQL, the simulator as Sage; only the bank does what
 * each test says. A file that imports this has its own.
 */
export const bank = {
  describe: () => ({ name: "Test Bank", firstChallenge: { kind: "credentials", prompt: {} } }),
  start: vi.fn<BankAdapter["start"]>(),
  answer: vi.fn<BankAdapter["answer"]>(),
  poll: vi.fn<NonNullable<BankAdapter["poll"]>>(),
  redirectToBank: vi.fn<NonNullable<BankAdapter["redirectToBank"]>>(),
  undo: vi.fn<NonNullable<BankAdapter["undo"]>>(),
  /** The key of its provider; none, unless a test has one. */
  grants: vi.fn<NonNullable<Banks["grants"]>>(),
} satisfies BankAdapter & Pick<Banks, "grants">;

/** Settings beside those below, which a file adds before its tests begin. */
export const journeySettings: Record<string, string> = {};

export const real = useTestDb();
export let services: Services;
let sage: Awaited<ReturnType<typeof startBankingService>>;
beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  const env = {
    ...simulatorSettings({ publicUrl: "http://localhost:3000", bankingServicePort: port }),
    BANKING_SERVICE_PORT: String(port),
    DATABASE_URL: real.runtimeUrl,
    SEAL_KEYS: randomBytes(32).toString("base64url"),
    BANK_ADAPTER: "sandbox",
    LOG_LEVEL: "silent",
    ...journeySettings,
  } as unknown as NodeJS.ProcessEnv;
  sage = await startBankingService(env);
  services = createServices(readSettings(env), { bank });
});
afterAll(async () => {
  await services.stop();
  await sage.close();
});
afterEach(async () => {
  vi.resetAllMocks();
  // All journeys here are about one account; e2e/integration/attempt-limit.integration.ts is about
  // its wrong answers.
  await real.db.rows(z.unknown(), sql`DELETE FROM answer_counts RETURNING key`);
});

export const code = {
  kind: "one-time-code",
  prompt: { channel: "sms", destination: "•••• 1", length: 6 },
} as const;
export const approval = {
  kind: "approval",
  prompt: { status: "waiting", pollSeconds: 1 },
} as const;
export const authorised: BankResult = { type: "authorised", accounts: [{ externalId: "account" }] };
export const signIn = { username: "ada", password: "secret-word", action: "continue" };

/** An announced authorisation, entered. */
export async function enter() {
  const created = await bankingServiceClient(sage.url).createAuthorisation({
    notify: false,
    externalId: "account",
  });
  await createNotificationStore(real.db, { lifetimeSeconds: 600 }).record({
    type: "resourceCreated",
    resource: { id: created.authorisationId, type: "authorisation" },
    bankId: null,
    externalId: null,
    requestedStartDate: null,
    announcesAuthorisation: true,
    authorisationId: created.authorisationId,
  });
  const opened = await services.handleAuthrefresh.fromQuery(
    new URL(created.authrefreshUrl).search,
    {
      bind: true,
    },
  );
  if (opened.type !== "open") throw new Error(opened.type);
  return { ...created, screen: opened.screen };
}

export const post = (
  { handle, formToken }: { handle: string; formToken: string },
  fields: Record<string, string>,
) =>
  handle.includes(".")
    ? services.claimAuthorisation(handle, postedForm({ form_token: formToken, ...fields }), "en-GB")
    : services.submitAnswer(handle, postedForm({ form_token: formToken, ...fields }));

export async function see(posted: Awaited<ReturnType<typeof post>>) {
  if (posted.type !== "see-other") throw new Error(posted.type);
  return (await services.showStep(posted.handle)).screen;
}

export type Open = Extract<Screen, { formToken: string }>;
export function open(screen: Screen): Open {
  if (!("formToken" in screen)) throw new Error(`no form on ${screen.type}`);
  return screen;
}

export const outcomeOf = (authorisationId: string) =>
  real.db.prisma.outcome.findUnique({ where: { authorisationId } });
export const patchesOf = async (id: string) =>
  (await bankingServiceClient(sage.url).authorisation(id)).patches;
