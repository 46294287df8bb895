import {
  galleryLocales,
  galleryTranslator,
} from "../../app/gallery/_screens/gallery-translator.ts";
import { gallery, galleryParts, galleryPath, isOurDocument } from "../support/gallery.ts";
import { inspectBuild, inspectFully, inspectRoom } from "../support/inspect.ts";
import { Known } from "../support/known-screens.ts";
import { attachPicture } from "../support/picture.ts";
import { structureProblems } from "../support/structure.ts";
import { keyboardProblems } from "../support/tab-walk.ts";
import { expect, test } from "../support/test.ts";

// The languages in which a layout breaks first: the original, a longer one, and one from right to
// left.
const everySize = ["en-GB", "en-XA", "ar-XB"];

test.describe.configure({ mode: "parallel", timeout: 1_200_000 });

for (const locale of galleryLocales) {
  const { dir } = galleryTranslator(locale);
  for (const { part, stories } of galleryParts(gallery.filter(isOurDocument))) {
    for (const framed of [false, true]) {
      test(`${locale}, ${framed ? "in Sage’s frames" : "alone"}: ${part}`, async ({
        open,
        page,
        connector,
        watch,
        pictures,
      }, testInfo) => {
        const wizard = framed ? await open() : undefined;
        const known = new Known();
        for (const story of stories) {
          watch.expectGallery(story);
          const frame = (await wizard?.frame()) ?? page.mainFrame();
          const response = await frame.goto(connector.connectorUrl + galleryPath(story, locale));
          const html = (await response?.text()) ?? "";
          const { same, alike } = known.look(story, html);
          // A frame changes nothing in a document, so there words alone make no difference.
          if (same || (framed && alike)) continue;
          const problems = await structureProblems(frame, html, { locale, dir });
          if (alike) problems.push(...(await inspectRoom(page, frame)));
          else if (framed || !everySize.includes(locale))
            problems.push(
              ...(await inspectRoom(page, frame)),
              ...(await inspectBuild(page, frame)).problems,
            );
          else problems.push(...(await inspectFully(page, frame)));
          if (framed && everySize.includes(locale))
            problems.push(...(await keyboardProblems(page, frame)));
          expect.soft(problems, story.name).toEqual([]);
          if (pictures && !framed && locale === "en-GB") await attachPicture(page, testInfo, story);
        }
      });
    }
  }
}
