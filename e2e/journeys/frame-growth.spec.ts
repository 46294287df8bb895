import type { Frame, Page } from "playwright/test";
import { test as connectorTest } from "../support/connector-test.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const common = 'iframe[title="Bank connection"]';

const fits = (frame: Frame) =>
  frame.evaluate(
    () => document.documentElement.scrollHeight <= document.documentElement.clientHeight,
  );

test("the frame is as high as what is in it, on every screen and with every error", async ({
  open,
  page,
}) => {
  await page.setViewportSize({ width: 400, height: 300 });
  const wizard = await open();
  const heightOf = async () =>
    (await page.frameLocator(common).locator("iframe").boundingBox())?.height ?? 0;
  await expect.poll(async () => fits(await wizard.frame())).toBe(true);
  const first = await heightOf();
  expect(first).toBeGreaterThan(400);
  await wizard.continue();
  await wizard.expectScreen("credentials.heading", { step: 1, error: true });
  await expect.poll(heightOf).toBeGreaterThan(first + 50);
  await expect.poll(async () => fits(await wizard.frame())).toBe(true);
  await wizard.signIn("user_good");
  await wizard.expectScreen("authorised.heading", { step: 3 });
  await expect.poll(heightOf, "and lower again").toBeLessThan(first);
  await expect.poll(async () => fits(await wizard.frame())).toBe(true);
});

connectorTest("the product page’s own frame grows, too", async ({ page, connector }) => {
  await page.setViewportSize({ width: 400, height: 700 });
  await page.goto(connector.bankingServiceUrl);
  await page.getByRole("button", { name: "Start a re-authorisation" }).click();
  const wizard = page.frameLocator(common).frameLocator("iframe");
  await wizard.getByLabel(words("credentials.username")).waitFor();
  const [outer, inner] = [page.locator(common), page.frameLocator(common).locator("iframe")];
  await expect
    .poll(
      async () =>
        ((await outer.boundingBox())?.height ?? 0) - ((await inner.boundingBox())?.height ?? 0),
    )
    .toBe(2);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the frame stays as it is, and scrolls", async ({ open, page }) => {
    await page.setViewportSize({ width: 400, height: 300 });
    const wizard = await open();
    await wizard.signIn("user_good");
    await wizard.expectScreen("authorised.heading", { step: 3 });
  });
});

connectorTest.describe("a page that may not frame us", () => {
  interface Heard {
    origin: string;
    data: unknown;
  }
  const heard = (frame: Frame) =>
    frame.evaluate(() => (window as unknown as { heard: Heard[] }).heard);

  /**
   * Pages around an address, the stranger's outermost, in a browser that does not keep strangers
   * from framing us; each writes down what it is told.
   */
  async function openInStranger(
    page: Page,
    connectorUrl: string,
    ...[url = "", ...around]: string[]
  ) {
    await page.addInitScript(() => {
      const list: Heard[] = [];
      Object.assign(window, { heard: list });
      addEventListener("message", ({ origin, data }) => list.push({ origin, data }));
    });
    const pages = [...around, "http://stranger.localhost/"];
    for (const [index, outer] of pages.entries()) {
      await page.route(outer, (route) =>
        route.fulfill({
          contentType: "text/html",
          body:
            `<title>Around</title><iframe title="Framed" ` +
            `src="${pages[index - 1] ?? url}"></iframe>`,
        }),
      );
    }
    await page.route(`${connectorUrl}/authrefresh**`, async (route) => {
      const response = await route.fetch();
      const { "content-security-policy": policy = "", ...headers } = response.headers();
      await route.fulfill({
        response,
        headers: {
          ...headers,
          "content-security-policy": policy.replace(/frame-ancestors [^;]*;?/, ""),
        },
      });
    });
    await page.goto("http://stranger.localhost/");
    const ours = () => page.frames().find((candidate) => candidate.url().startsWith(connectorUrl));
    await expect.poll(() => ours()?.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
    const frame = ours() ?? page.mainFrame();
    // Whatever is told at all is told by then; what comes after it from the same place is heard
    // after it.
    await frame.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    await frame.evaluate(() => window.top?.postMessage("the end", "*"));
    await expect
      .poll(() => heard(page.mainFrame()))
      .toContainEqual({ origin: connectorUrl, data: "the end" });
    return { frame, heard: () => heard(page.mainFrame()) };
  }

  connectorTest("is told nothing, as our parent", async ({ page, connector, create }) => {
    const { authrefreshUrl } = await create();
    const stranger = await openInStranger(page, connector.connectorUrl, authrefreshUrl);
    expect(await stranger.heard()).toEqual([{ origin: connector.connectorUrl, data: "the end" }]);
  });

  connectorTest(
    "is told nothing, above a page that is told the height and nothing else",
    async ({ page, connector, create }) => {
      const { port } = new URL(connector.bankingServiceUrl);
      const { authrefreshUrl } = await create();
      const stranger = await openInStranger(
        page,
        connector.connectorUrl,
        authrefreshUrl,
        `http://ui.localhost:${port}/around`,
      );
      const parent = stranger.frame.parentFrame();
      const told = parent ? await heard(parent) : [];
      expect(told.length).toBeGreaterThan(0);
      // Once, or twice: a frame of another process may be laid out before it knows how wide it is.
      expect(told).toEqual(
        told.map(() => ({
          origin: connector.connectorUrl,
          data: { type: "reauth:height", height: expect.any(Number) },
        })),
      );
      expect(await stranger.heard()).toEqual([{ origin: connector.connectorUrl, data: "the end" }]);
    },
  );
});
