import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test as unwatched } from "../support/connector-test.ts";
import { expect, test } from "../support/test.ts";

// Every ancestor counts, not only the parent: a page of Sage's that a stranger frames must not show
// us to their visitors either.
test("in a chain of three origins that may frame us the screen is there", async ({ open }) => {
  const wizard = await open();
  const origins = await wizard.screen
    .locator("body")
    .evaluate(() => Array.from(location.ancestorOrigins));
  expect(
    new Set([...origins, new URL(wizard.authorisation.authrefreshUrl).origin]).size,
  ).toBeGreaterThanOrEqual(3);
});

// Not watched: what the browser complains of is what this is about.
unwatched(
  "with one stranger above them all the browser shows nothing of us",
  async ({ create, connector, page }) => {
    const { pageUrl, authrefreshUrl } = await create({ embedMode: "frame" });
    // Sage's own pages, framed by a stranger; and we, framed by them at once.
    const stranger = createServer((_, response) =>
      response
        .setHeader("content-type", "text/html")
        .end(
          `<!doctype html><title>stranger</title><iframe src="${pageUrl}"></iframe><iframe ` +
            `src="${authrefreshUrl}"></iframe>`,
        ),
    );
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    try {
      const blocked: string[] = [];
      page.on("console", (message) => {
        if (message.text().includes("frame-ancestors")) blocked.push(message.text());
      });
      await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
      await expect.poll(() => blocked.length).toBeGreaterThan(0);
      for (const frame of page.frames())
        expect(
          frame.url().startsWith(connector.connectorUrl) &&
            (await frame.locator("form").count()) > 0,
        ).toBe(false);
    } finally {
      stranger.closeAllConnections();
      stranger.close();
    }
  },
);
