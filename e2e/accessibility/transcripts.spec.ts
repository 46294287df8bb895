import { readdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright/test";
import { galleryParts, galleryPath, telling } from "../support/gallery.ts";
import { slug } from "../../app/gallery/_screens/story.ts";
import { expect, test } from "../support/test.ts";
import { textDifference } from "../support/text-difference.ts";
import { hear, listen } from "../support/virtual-screen-reader.ts";

// The files are for reading: the first state of a screen as a whole, every other one by what is
// different. Made anew by `npm run e2e -- --grep transcript --update-snapshots`.
const parts = galleryParts(telling, { maxInPart: Infinity });
const fileOf = (part: string) => `${slug(part)}.txt`;

test.describe.configure({ mode: "parallel" });

/**
 * What a screen reader says of a screen: its title, what it hears on arrival, and what it reads
 * from beginning to end.
 */
async function heardOf(page: Page): Promise<string[]> {
  const title = await page.title();
  const { arriving, reading } = await hear(page);
  return [`title: ${title}`, ...arriving.map((line) => `on arrival: ${line}`), ...reading];
}

/** Its accessibility tree. The connector has another port at every run. */
async function treeOf(page: Page, connectorUrl: string): Promise<string[]> {
  return (await page.locator("body").ariaSnapshot())
    .replaceAll(connectorUrl, "https://connector.example")
    .split("\n");
}

/** The first text as a whole, the others by what is different in them. */
function compared(texts: readonly { title: string; lines: string[] }[]): string {
  const [first] = texts;
  const described = texts.map(({ title, lines }, index) => {
    const different = index === 0 ? lines : textDifference(first?.lines ?? [], lines);
    return [`## ${title}`, ...(different.length === 0 ? ["(the same)"] : different), ""].join("\n");
  });
  return described.join("\n");
}

for (const { part, entries } of parts) {
  test(`transcript: ${part}`, async ({ page, context, connector, watch }) => {
    if (entries.some(({ shows }) => shows.type === "fragment")) watch.expectBlockedScript();
    await listen(context);
    const heard = [];
    const trees = [];
    for (const entry of entries) {
      watch.expectGallery(entry);
      await page.goto(connector.connectorUrl + galleryPath(entry));
      trees.push({ title: entry.title, lines: await treeOf(page, connector.connectorUrl) });
      heard.push({ title: entry.title, lines: await heardOf(page) });
    }
    expect.soft(compared(heard)).toMatchSnapshot(["transcripts", fileOf(part)]);
    expect.soft(compared(trees)).toMatchSnapshot(["trees", fileOf(part)]);
  });
}

test("transcript: there is none of a screen that is no more", () => {
  const files = parts.map(({ part }) => fileOf(part)).toSorted();
  for (const folder of ["transcripts", "trees"])
    expect(readdirSync(path.join(import.meta.dirname, folder)).toSorted()).toEqual(files);
});
