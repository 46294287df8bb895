import { galleryLocales } from "../../app/gallery/_screens/gallery-translator.ts";
import { axeFindingsIn } from "../support/axe.ts";
import { gallery, galleryPath, isOurDocument } from "../support/gallery.ts";
import { fragmentProblems, holdFragment, personProblems } from "../support/host-page.ts";
import { layoutProblems, type TextChange } from "../support/layout.ts";
import { expect, test } from "../support/test.ts";
import { words } from "../support/words.ts";

const widths = [1280, 320];
const ordinary = {};
const longest = { externalId: "x".repeat(256), state: "s".repeat(128), bankId: "b".repeat(128) };

for (const [what, options] of Object.entries({
  "an ordinary fragment": ordinary,
  "a fragment with long parameters": longest,
})) {
  test(`${what} can be seen, read and used in a page whose stylesheet is hostile`, async ({
    visit,
    connector,
    page,
    watch,
  }, testInfo) => {
    await holdFragment(page, watch, connector.connectorUrl);
    const wizard = await visit(options);
    const link = wizard.screen.getByRole("link", { name: words("fragment.link") });
    await expect(link).toBeVisible();
    await expect(
      wizard.screen.getByRole("region", { name: words("fragment.heading") }),
    ).toBeVisible();
    for (const width of widths) {
      await page.setViewportSize({ width, height: 640 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect
          .soft(
            await axeFindingsIn(await wizard.frame(), { within: "section" }),
            `${colorScheme}, ${width} px`,
          )
          .toEqual([]);
        expect
          .soft(await fragmentProblems(await wizard.frame()), `${colorScheme}, ${width} px`)
          .toEqual([]);
      }
      await testInfo.attach(`${what} at ${width} px`, {
        body: await page.screenshot(),
        contentType: "image/png",
      });
    }
  });
}

test("the link is reached by Tab, looks different when it is, and Enter follows it", async ({
  visit,
  connector,
  page,
  watch,
}) => {
  const letGo = await holdFragment(page, watch, connector.connectorUrl);
  const wizard = await visit();
  const link = wizard.screen.getByRole("link", { name: words("fragment.link") });
  await page.getByRole("link", { name: "Simulator" }).focus();
  await page.keyboard.press("Tab");
  await expect(link).toBeFocused();
  const outline = await link.evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
  });
  expect
    .soft(outline, "width of the outline, which the host takes from everything")
    .toBeGreaterThanOrEqual(2);
  await letGo();
  await page.keyboard.press("Enter");
  await wizard.expectScreen("credentials.heading", { step: 1 });
});

test("the refusal in Sage’s own page can be seen and read there", async ({
  visit,
  page,
}, testInfo) => {
  const wizard = await visit({ notify: false });
  await expect(
    wizard.screen.getByRole("region", { name: words("error.refused.heading") }),
  ).toBeVisible();
  for (const width of widths) {
    await page.setViewportSize({ width, height: 640 });
    expect
      .soft(await axeFindingsIn(await wizard.frame(), { within: "section" }), `${width} px`)
      .toEqual([]);
    expect.soft(await fragmentProblems(await wizard.frame()), `${width} px`).toEqual([]);
    await testInfo.attach(`refusal in the host page at ${width} px`, {
      body: await page.screenshot(),
      contentType: "image/png",
    });
  }
});

// Each a rule that holds against any style of ours but one that says `!important` itself.
const hostileSheet = `
  html { background: #101418; color-scheme: dark }
  :where(section, section *) {
    display: none !important; visibility: hidden !important; position: absolute !important; left: -9999px !important; top: 0 !important;
    color: #39414d !important; background: #101418 !important;
    margin: 0 !important; padding: 0 !important; font: 9px/1 serif !important; letter-spacing: -0.05em !important; text-decoration: none !important; outline: none !important;
  }`;

for (const locale of galleryLocales) {
  test(`what stands in Sage’s page keeps its place and its colours against a sheet that says !important, and the person’s own text styles win, in ${locale}`, async ({
    page,
    connector,
    watch,
  }) => {
    watch.expectBlockedScript();
    for (const story of gallery.filter((each) => !isOurDocument(each))) {
      watch.expectGallery(story);
      await page.goto(connector.connectorUrl + galleryPath(story, locale));
      for (const host of ["", hostileSheet]) {
        if (host) await page.addStyleTag({ content: host });
        for (const width of widths) {
          await page.setViewportSize({ width, height: 640 });
          for (const change of [
            "as it is",
            "twice as large",
            "spaced out",
          ] satisfies TextChange[]) {
            const where = `${story.name}, ${host ? "hostile" : "plain"}, ${width} px, ${change}`;
            expect
              .soft(
                [
                  ...(await personProblems(page.mainFrame(), change, { ownSize: host === "" })),
                  ...(await layoutProblems(page.mainFrame(), change)),
                ],
                where,
              )
              .toEqual([]);
          }
        }
      }
    }
  });
}
