import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";

import { launchChromium } from "./launch-chromium.fixture.ts";
import { goodAccessToken, sendPatch } from "./provider-calls.fixture.ts";
import { startPair } from "./start-with-fake-connector.fixture.ts";

// Other test files keep the machine busy meanwhile.
const generousMs = 60_000;
vi.setConfig({ testTimeout: 3 * generousMs, hookTimeout: generousMs });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A new page that fails the test on any console error. */
async function openPage(width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  context.setDefaultTimeout(generousMs);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  onTestFinished(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });
  return page;
}

function innermost(page: Page) {
  return page
    .frameLocator('iframe[title="Bank connection"]')
    .frameLocator('iframe[title="Your bank"]');
}

/**
 * Follows a link in the innermost frame. A browser drops a click in a document that it has not
 * painted yet, as a busy machine shows; a person clicks again.
 */
async function follow(page: Page, link: Locator): Promise<void> {
  const wait = { timeout: 5000 };
  const leaves = async () => {
    const [request] = await Promise.all([
      page.waitForRequest((each) => each.isNavigationRequest(), wait).catch(() => undefined),
      link.click(wait).catch(() => undefined),
    ]);
    return request !== undefined || !(await link.isVisible());
  };
  await expect.poll(leaves, { timeout: generousMs }).toBe(true);
}

describe.each(["embedded", "frame"] as const)("an authorisation opened as %s", (embedMode) => {
  test("goes through nested cross-site frames to the connector and back", async () => {
    const { client, settings, connector } = await startPair();
    const page = await openPage();
    const sites = new Map<string, string | undefined>();
    page.on("request", (request) => {
      if (request.isNavigationRequest())
        sites.set(new URL(request.url()).hostname, request.headers()["sec-fetch-site"]);
    });
    const { authorisationId, pageUrl } = await client.createAuthorisation({ embedMode });
    await page.goto(pageUrl);
    const link = innermost(page).getByRole("link", { name: "Return" });
    await link.waitFor();

    const hosts = page.frames().map((frame) => new URL(frame.url()).hostname);
    expect(hosts).toEqual(["127.0.0.1", "ui.localhost", "localhost"]);
    const [first] = connector.requests.filter(({ url }) => url.pathname === "/authrefresh");
    expect(first?.headers["sec-fetch-mode"]).toBe(embedMode === "frame" ? "navigate" : undefined);
    const last = connector.requests.findLast(({ url }) => url.pathname.startsWith("/authrefresh"));
    expect(last?.headers["sec-fetch-site"]).toBe("cross-site");
    expect(last?.url.searchParams.get("authorisation_id")).toBe(authorisationId);

    await sendPatch(settings, authorisationId, await goodAccessToken(settings));
    await follow(page, link);
    await innermost(page).getByRole("heading", { name: "Your bank feed is active" }).waitFor();
    await expectAccessible(page);
    expect(await client.authorisation(authorisationId)).toMatchObject({
      active: true,
      patchedBeforeArrival: true,
    });
    expect(
      [...sites.keys()].filter((host) => !/^(127\.0\.0\.1|(.*\.)?localhost)$/.test(host)),
    ).toEqual([]);
  });
});

test("a browser without JavaScript finds the fragment’s link in the hostile page", async () => {
  const { client } = await startPair();
  const context = await browser.newContext({ javaScriptEnabled: false });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto((await client.createAuthorisation()).pageUrl);
  await follow(page, innermost(page).getByRole("link", { name: "Continue to your bank" }));
  await innermost(page).getByRole("link", { name: "Return" }).waitFor();
});

describe.each([320, 1280])("the product page at %i px", (width) => {
  test("starts a re-authorisation, shows the wire and has no accessibility findings", async () => {
    const { client, settings, url } = await startPair();
    const page = await openPage(width);
    await page.goto(url);
    await expectAccessible(page);
    await page.getByText("All user names").click();
    await expectAccessible(page);

    await page.getByLabel("Scenario").selectOption("user_questions");
    await page.getByRole("button", { name: "Start a re-authorisation" }).click();
    await page.locator(".cheat-sheet").getByText("First car: blue. First pet: rover").waitFor();
    expect(await page.getByLabel("Scenario").inputValue()).toBe("user_questions");
    const link = innermost(page).getByRole("link", { name: "Return" });
    await link.waitFor();
    await page.getByText("POST /notification").waitFor();
    await expectAccessible(page);

    const authorisationId = new URL(page.url()).searchParams.get("authorisation") ?? "";
    await sendPatch(settings, authorisationId, await goodAccessToken(settings));
    await page.getByText(`PATCH /provider/v1/authorisations/${authorisationId}`).waitFor();
    await follow(page, link);
    await page.getByRole("status").getByText("active", { exact: true }).waitFor();
    expect((await client.authorisation(authorisationId)).active).toBe(true);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    // By key, not by mouse: Chromium gives a click right after a programmed scroll to the frame
    // that was there before it.
    await page.getByRole("button", { name: "Clear the log" }).press("Enter");
    await expect.poll(() => page.locator("#wire li").count(), { timeout: generousMs }).toBe(0);
  });
});

test("what was asked for before the log was cleared does not come back into it", async () => {
  const { url, client } = await startPair();
  const page = await openPage();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let tellAnswered = () => {};
  const answered = new Promise<void>((resolve) => (tellAnswered = resolve));
  await page.route("**/control/wire?after=*", async (route) => {
    const response = await route.fetch();
    const { entries } = (await response.json()) as { entries: unknown[] };
    if (entries.length > 0) {
      tellAnswered();
      await held;
    }
    await route.fulfill({ response });
  });
  await client.createAuthorisation();
  await page.goto(url);
  await answered;
  const gone = page.waitForResponse((each) => each.request().method() === "DELETE");
  await page.getByRole("button", { name: "Clear the log" }).press("Enter");
  await (await gone).finished();
  const late = page.waitForResponse(/control\/wire\?after=/);
  letGo();
  await (await late).finished();
  const fresh = page.waitForResponse(/control\/wire\?after=/);
  await (await fresh).finished();
  expect(await page.locator("#wire li").count()).toBe(0);
});

test("the product page says so when the connector did not take the notification", async () => {
  const { url, connector } = await startPair();
  connector.notificationStatus = 401;
  const page = await openPage();
  await page.goto(url);
  await page.getByRole("button", { name: "Start a re-authorisation" }).click();
  await page
    .getByRole("alert")
    .getByText("The connector did not take the notification: it answered 401.")
    .waitFor();
  await expectAccessible(page);
});

test("the product page works without JavaScript, but for the wire log", async () => {
  const { url } = await startPair();
  const context = await browser.newContext({ javaScriptEnabled: false });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  // Playwright's text search leaves noscript out.
  await page.locator("noscript p").waitFor();
  await page.getByRole("radio", { name: /^Frame/ }).check();
  await page.getByRole("button", { name: "Start a re-authorisation" }).click();
  await innermost(page).getByRole("link", { name: "Return" }).waitFor();
});

async function expectAccessible(page: Page): Promise<void> {
  // axe looks into the frames too: the common UI, the last page, and the fake connector's page.
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`),
  ).toEqual([]);
}
