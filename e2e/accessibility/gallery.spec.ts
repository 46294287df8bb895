import { axeFindingsIn } from "../support/axe.ts";
import {
  gallery,
  galleryParts,
  galleryPath,
  isOurDocument,
  representatives,
  telling,
} from "../support/gallery.ts";
import { inspectBuild, inspectFully, inspectRoom } from "../support/inspect.ts";
import { Known } from "../support/known-screens.ts";
import { attachPicture } from "../support/picture.ts";
import { structureProblems } from "../support/structure.ts";
import { keyboardProblems } from "../support/tab-walk.ts";
import { expect, test } from "../support/test.ts";

const british = { locale: "en-GB", dir: "ltr" } as const;

test.describe.configure({ mode: "parallel" });

for (const { part, entries } of galleryParts(telling.filter(isOurDocument))) {
  test(`the screens of the gallery are sound: ${part}`, async ({
    page,
    connector,
    watch,
    pictures,
  }, testInfo) => {
    const known = new Known();
    for (const entry of entries) {
      await test.step(entry.name, async () => {
        watch.expectGallery(entry);
        const response = await page.goto(connector.connectorUrl + galleryPath(entry));
        const html = (await response?.text()) ?? "";
        const { same, alike } = known.look(entry, html);
        if (same) return testInfo.attach(entry.name, { body: `The same page as ${same}.` });
        const frame = page.mainFrame();
        const problems = [
          ...(await structureProblems(frame, html, british)),
          ...(await inspectRoom(page, frame)),
        ];
        const build = alike ? undefined : await inspectBuild(page, frame);
        problems.push(...(build?.problems ?? []));
        expect.soft(problems, entry.name).toEqual([]);
        const axe = build
          ? `${build.axePassed} rules passed`
          : `as for ${alike}, which differs in words alone`;
        await testInfo.attach(`${entry.name.replaceAll(".", ", ")}: result`, {
          body: `axe: ${axe}. Problems: ${problems.join("\n") || "none"}.`,
        });
        if (pictures) await attachPicture(page, testInfo, entry);
      });
    }
  });
}

// By kind alone, since every test opens a journey to have Sage's frames.
for (const { part, entries } of galleryParts(representatives, { partOf: ({ group }) => group })) {
  test(`in Sage’s frames they meet every bar: ${part}`, async ({
    open,
    connector,
    watch,
    page,
  }) => {
    const wizard = await open();
    for (const entry of entries) {
      await test.step(entry.name, async () => {
        watch.expectGallery(entry);
        const frame = await wizard.frame();
        const response = await frame.goto(connector.connectorUrl + galleryPath(entry));
        const html = (await response?.text()) ?? "";
        const problems = await inspectFully(
          page,
          frame,
          [
            [1280, 800],
            [320, 256],
          ],
          ["dark"],
        );
        expect
          .soft([...(await structureProblems(frame, html, british)), ...problems], entry.name)
          .toEqual([]);
        expect.soft(await keyboardProblems(page, frame), entry.name).toEqual([]);
      });
    }
  });
}

test("the gallery lists them all on one page", async ({ page, connector, watch }) => {
  watch.expectPath("/gallery");
  const response = await page.goto(`${connector.connectorUrl}/gallery`);
  const html = (await response?.text()) ?? "";
  await expect(page.getByRole("listitem").getByRole("link")).toHaveCount(gallery.length);
  expect([
    ...(await axeFindingsIn(page.mainFrame())),
    ...(await structureProblems(page.mainFrame(), html, british)),
  ]).toEqual([]);
});
