import type { Page } from "playwright/test";
import type { AuthorisationOptions, CreatedAuthorisation } from "../../simulator/control-api.ts";
import { expect, test as connectorTest } from "./connector-test.ts";
import { holdLastScreen } from "./hold-screen.ts";
import { Watch } from "./watch.ts";
import { Wizard } from "./wizard.ts";

interface OpenOptions extends AuthorisationOptions {
  /** One that is there already; a new one is created unless it is given. */
  authorisation?: CreatedAuthorisation;
  /** Opens `authrefresh` as a page of its own and not in Sage's frames. */
  standalone?: boolean;
  /** Another page than the test's own. */
  page?: Page;
}

interface TestParts {
  /** Whether the last screen goes back to Sage by itself after a while, as it does in real life. */
  leavesByItself: boolean;
  /**
   * Whether the report is to show what the screens look like, which takes time that `npm test` does
   * not have.
   */
  pictures: boolean;
  watch: Watch;
  /** Goes to an authorisation, whatever is shown there. */
  visit: (options?: OpenOptions) => Promise<Wizard>;
  /** Goes to an authorisation up to its first screen. */
  open: (options?: OpenOptions) => Promise<Wizard>;
}

/**
 * A test in a browser that is watched: product page, common UI, redirect page and the connector,
 * every frame cross-site to the one around it.
 */
export const test = connectorTest.extend<TestParts>({
  leavesByItself: [false, { option: true }],
  pictures: [process.env["E2E_PICTURES"] === "on", { option: true }],

  watch: [
    async ({ context, connector, leavesByItself }, use) => {
      if (!leavesByItself) await holdLastScreen(context);
      // Said as a console error, which the watch hears from every frame.
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          console.error(`policy violation: ${violatedDirective} ${blockedURI}`),
        );
      });
      const watch = new Watch(context, connector);
      await use(watch);
      expect(watch.verdict(), "what the browser complained of").toEqual([]);
      expect(await context.cookies(), "cookies").toEqual([]);
    },
    { auto: true },
  ],

  visit: async ({ page: ownPage, bankingService, create, javaScriptEnabled: scripted }, use) =>
    use(async ({ standalone = false, page = ownPage, authorisation, ...options } = {}) => {
      const opened = authorisation ?? (await create(options));
      await page.goto(standalone ? opened.authrefreshUrl : opened.pageUrl);
      return new Wizard(page, opened, bankingService, { framed: !standalone, scripted });
    }),

  open: async ({ visit, watch, javaScriptEnabled }, use) =>
    use(async (options = {}) => {
      const wizard = await visit(options);
      // Without script nothing follows the fragment's link but the person.
      if (
        !javaScriptEnabled &&
        wizard.authorisation.embedMode === "embedded" &&
        !options.standalone
      )
        await wizard.screen.getByRole("link").click();
      // Seen once in some thousand openings: the connector had sent the screen and the driver knew
      // no frame that had it, after the frame changed its process twice while it loaded. Opening is
      // repeat-safe; where the connector sent nothing, this changes nothing and the test fails.
      if (
        !(await wizard.shows("credentials.heading", { step: 1 })) &&
        watch.sentScreen &&
        javaScriptEnabled
      )
        await wizard.page.reload();
      await wizard.expectScreen("credentials.heading", { step: 1 });
      return wizard;
    }),
});

export { expect };
