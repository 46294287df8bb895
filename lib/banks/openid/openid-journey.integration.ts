import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { bank, enter, open, patchesOf, post, services, signIn } from "../../../testing/journey.ts";
import { systemClock } from "../../clock/clock.ts";
import { createHttpClient } from "../../http/http.ts";
import { createOpenidBank } from "./openid-bank.ts";
import { type OpenidProvider, startOpenidProvider } from "./openid-provider.fixture.ts";
import { openidSettings } from "./settings.ts";

// The wizard, its database and a real provider; only the browser is missing
// (e2e/journeys/banks.spec.ts has it).
const folder = mkdtempSync(path.join(tmpdir(), "openid-journey-"));
const statuses: boolean[] = [];
let provider: OpenidProvider;
beforeAll(async () => {
  const pings = async (authorization: string) => {
    const ours = await services.ping(authorization);
    statuses.push(ours);
    return ours ? 204 : 401;
  };
  provider = await startOpenidProvider({
    redirectUri: `${services.settings.publicUrl}/authrefresh/return`,
    pings,
  });
  writeFileSync(path.join(folder, "key.json"), JSON.stringify(provider.clientKey));
});
afterAll(async () => {
  await provider.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  const quiet = () => undefined;
  const settings = openidSettings.parse({
    ...provider.entry("pinged", path.join(folder, "key.json")),
    flows: ["ciba", "authorization_code"],
    person: { label: "Customer name" },
    page: { opens: "window" },
  });
  const real = createOpenidBank(settings, {
    clock: systemClock,
    publicUrl: services.settings.publicUrl,
    bank: { id: null, name: "Test Bank" },
    http: () => createHttpClient({ timeoutMs: 20_000, publicHosts: true }),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  bank.start.mockImplementation((...given) => real.start(...given));
  bank.answer.mockImplementation((...given) => real.answer(...given));
  bank.poll.mockImplementation(
    (request, call) => real.poll?.(request, call) ?? Promise.reject(new TypeError()),
  );
  bank.redirectToBank.mockImplementation(
    (request, call) => real.redirectToBank?.(request, call) ?? Promise.reject(new TypeError()),
  );
});

/**
 * A busy machine shows a screen that waits first; and 20 s are less than the provider would be left
 * alone without its ping.
 */
const awaited = (handle: string, expected: object, poll = false) =>
  vi.waitFor(
    async () => {
      const { screen } = await services.showStep(handle, { poll });
      expect(screen).toMatchObject(expected);
      return screen;
    },
    { timeout: 20_000, interval: 100 },
  );
const asked = async (posted: Awaited<ReturnType<typeof post>>, kind: string) => {
  if (posted.type !== "see-other") throw new Error(posted.type);
  return open(
    await awaited(posted.handle, { type: "challenge", content: { challenge: { kind } } }),
  );
};
const tokenCalls = () => provider.calls.filter((at) => at === "/token").length;

test(
  "an approval in the app is noticed at once by the provider’s ping, and Sage is told",
  { timeout: 60_000 },
  async () => {
    const { authorisationId, screen } = await enter();
    const waiting = await asked(await post(screen, signIn), "approval");
    await services.showStep(waiting.handle, { poll: true });
    await services.settled();
    expect(tokenCalls()).toBe(1);
    const request = provider.asked.at(-1);
    if (!request) throw new Error("the app was not asked");
    await provider.approve(request);
    expect(statuses).toEqual([true]);
    await awaited(
      waiting.handle,
      { type: "finished", result: "authorised", deliveryStatus: "delivered" },
      true,
    );
    expect(await patchesOf(authorisationId)).toHaveLength(1);
  },
);

test(
  "the other way leads to the bank’s page, whose answer is taken once",
  { timeout: 60_000 },
  async () => {
    const { screen } = await enter();
    const waiting = await asked(await post(screen, signIn), "approval");
    const page = await asked(await post(waiting, { action: "other-way" }), "redirect");
    const to = await services.redirectToBank(page.handle);
    if (to.type !== "bank") throw new Error(to.type);
    const { search } = await provider.through(to.url, "yes");
    const before = tokenCalls();
    expect(await services.returnFromBank(search.slice(1))).toMatchObject({
      type: "other-window",
      locale: "en-GB",
    });
    await awaited(page.handle, { type: "finished", result: "authorised" });
    await services.returnFromBank(search.slice(1));
    expect(tokenCalls()).toBe(before + 1);
  },
);
