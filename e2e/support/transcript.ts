import type { Page } from "playwright/test";
import { slug } from "../../app/gallery/_screens/story.ts";
import { textDifference } from "./text-difference.ts";
import { hear } from "./virtual-screen-reader.ts";

/** One screen as text: of a transcript, or of a tree. */
export interface ScreenText {
  title: string;
  lines: readonly string[];
}

/** The file that the texts of one part of the gallery are compared with. */
export const transcriptFile = (part: string): string => `${slug(part)}.txt`;

/**
 * What a screen reader says of a screen: its title, what it hears on arrival, and what it reads
 * from beginning to end. The screen's time goes on meanwhile.
 */
export async function heardOf(page: Page): Promise<string[]> {
  const title = await page.title();
  const { arriving, reading } = await hear(page);
  return [`title: ${title}`, ...arriving.map((line) => `on arrival: ${line}`), ...reading];
}

/** Its accessibility tree. The connector has another port at every run. */
export async function treeOf(page: Page, connectorUrl: string): Promise<string[]> {
  return (await page.locator("body").ariaSnapshot())
    .replaceAll(connectorUrl, "https://connector.example")
    .split("\n");
}

/**
 * The texts of one part of the gallery, for reading: the first one as a whole, the others by what
 * is different in them.
 */
export function compared(texts: readonly ScreenText[]): string {
  const [first] = texts;
  const described = texts.map(({ title, lines }, index) => {
    const different = index === 0 ? lines : textDifference(first?.lines ?? [], lines);
    return [`## ${title}`, ...(different.length === 0 ? ["(the same)"] : different), ""].join("\n");
  });
  return described.join("\n");
}
