import { readFileSync } from "node:fs";
import path from "node:path";
import { endings } from "../../lib/journey/endings.ts";
import { root } from "../../testing/toolchain.mjs";

const bank = "Northwind Bank";
const texts = JSON.parse(readFileSync(path.join(root, "lib/i18n/en-GB.json"), "utf8")) as Record<
  string,
  string
>;

// Of two with the same heading the first one counts: an ending, not an error, which its status
// tells.
const titles = new Map(
  Object.entries(endings)
    .reverse()
    .map(([name, { title }]) => [texts[title]?.replaceAll("{bank}", bank), name] as const),
);

// A person who has not failed is still on a step: "Step 3: …".
const headingOf = (html: string) =>
  /<h1[^>]*>(?:Step \d+: )?([^<]*)<\/h1>/
    .exec(html)?.[1]
    ?.replaceAll("&#x27;", "’")
    .replaceAll("&#39;", "’")
    .replaceAll("&amp;", "&");

/** The name of the outcome a page tells in its heading; undefined for a page that is none. */
export const outcomeOn = (html: string): string | undefined => titles.get(headingOf(html));

/** Whether a page says that all is over but for telling Sage. */
export const isFinishing = (html: string): boolean =>
  headingOf(html) === texts["finishing.heading"];
