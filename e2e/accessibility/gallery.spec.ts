import { readdirSync } from "node:fs";
import path from "node:path";
import type { Page, TestInfo } from "playwright/test";
import { axeFindingsIn } from "../support/axe.ts";
import {
  gallery,
  type Story,
  galleryParts,
  galleryPath,
  isOurDocument,
  representatives,
  telling,
} from "../support/gallery.ts";
import { closeOpened, inspectBuild, inspectFully, inspectRoom, see } from "../support/inspect.ts";
import { Known } from "../support/known-screens.ts";
import { attachPicture } from "../support/picture.ts";
import { structureProblems } from "../support/structure.ts";
import { keyboardProblems } from "../support/tab-walk.ts";
import { expect, test } from "../support/test.ts";
import {
  compared,
  heardOf,
  type ScreenText,
  transcriptFile,
  treeOf,
} from "../support/transcript.ts";
import { listen } from "../support/virtual-screen-reader.ts";

const british = { locale: "en-GB", dir: "ltr" } as const;
const wholeGroups = { maxInPart: Infinity, partOf: ({ group }: Story) => group };

test.describe.configure({ mode: "parallel" });

// One visit to each screen for all that is judged of it alone. A kind is one test, so that what
// differs in words alone is known among all its examples.
for (const { part: group, stories } of galleryParts(telling, wholeGroups)) {
  test(`the screens of the gallery are sound, and their transcripts as they were: ${group}`, async ({
    page,
    context,
    connector,
    watch,
    pictures,
  }, testInfo) => {
    if (!stories.every(isOurDocument)) watch.expectBlockedScript();
    await listen(context);
    const known = new Known();
    const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
    for (const { part, stories: states } of galleryParts(stories, { maxInPart: Infinity })) {
      const heard: ScreenText[] = [];
      const trees: ScreenText[] = [];
      for (const story of states) {
        await test.step(story.name, async () => {
          watch.expectGallery(story);
          await see(page, [width, height], "light");
          const response = await page.goto(connector.connectorUrl + galleryPath(story));
          const html = (await response?.text()) ?? "";
          const { title } = story;
          trees.push({ title, lines: await treeOf(page, connector.connectorUrl) });
          if (isOurDocument(story)) await expectSound(page, story, html, known, testInfo);
          if (pictures && isOurDocument(story)) await attachPicture(page, testInfo, story);
          await closeOpened(page.mainFrame());
          await see(page, [width, height], "light");
          heard.push({ title, lines: await heardOf(page) });
        });
      }
      await test.step(`transcript and tree: ${part}`, () => {
        expect.soft(compared(heard)).toMatchSnapshot(["transcripts", transcriptFile(part)]);
        expect.soft(compared(trees)).toMatchSnapshot(["trees", transcriptFile(part)]);
      });
    }
  });
}

/** Judges the document of a screen, alone and on a narrow screen; what is the same page once. */
async function expectSound(
  page: Page,
  story: Story,
  html: string,
  known: Known,
  testInfo: TestInfo,
): Promise<void> {
  const { same, alike } = known.look(story, html);
  if (same) return testInfo.attach(story.name, { body: `The same page as ${same}.` });
  const frame = page.mainFrame();
  const structure = await structureProblems(frame, html, british);
  expect.soft(structure, `structure of ${story.name}`).toEqual([]);
  const room = await inspectRoom(page, frame);
  expect.soft(room, `room for ${story.name}`).toEqual([]);
  const build = alike ? undefined : await inspectBuild(page, frame);
  expect.soft(build?.problems ?? [], `axe and colours of ${story.name}`).toEqual([]);
  const axe = build
    ? `${build.axePassed} rules passed`
    : `as for ${alike}, which differs in words alone`;
  const problems = [...structure, ...room, ...(build?.problems ?? [])];
  await testInfo.attach(`${story.name.replaceAll(".", ", ")}: result`, {
    body: `axe: ${axe}. Problems: ${problems.join("\n") || "none"}.`,
  });
}

test("there is no transcript of a screen that is no more", () => {
  const files = galleryParts(telling, { maxInPart: Infinity })
    .map(({ part }) => transcriptFile(part))
    .toSorted();
  for (const folder of ["transcripts", "trees"])
    expect(readdirSync(path.join(import.meta.dirname, folder)).toSorted()).toEqual(files);
});

for (const { part, stories } of galleryParts(representatives, wholeGroups)) {
  test(`in Sage’s frames they meet every bar: ${part}`, async ({
    open,
    connector,
    watch,
    page,
  }) => {
    const wizard = await open();
    for (const story of stories) {
      await test.step(story.name, async () => {
        watch.expectGallery(story);
        const frame = await wizard.frame();
        const response = await frame.goto(connector.connectorUrl + galleryPath(story));
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
          .soft(await structureProblems(frame, html, british), `structure of ${story.name}`)
          .toEqual([]);
        expect.soft(problems, `room, axe and colours of ${story.name}`).toEqual([]);
        expect.soft(await keyboardProblems(page, frame), `keyboard in ${story.name}`).toEqual([]);
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
