import { catalogues } from "../../lib/i18n/catalogues.ts";
import { nextActions, type Ending, endings, retries } from "../../lib/journey/endings.ts";

const groups: readonly [heading: string, names: RegExp][] = [
  ["The connection is made, or on its way", /^(authorised|left)/],
  ["The person or the clock ended it", /^(cancelled|expired)/],
  ["The bank said no", /^refused/],
  ["It failed", /^(failed|bank-away|too-many-tries)/],
  ["A page outside a journey, or an answer that could not be taken", /^error/],
];

// A placeholder reads as what stands in for it, in the plural, and a bar would end the cell.
const plural = /\{(\w+), plural, .*?other \{([^{}]*)\}\}/g;
const words = (key: Ending["title"]) =>
  catalogues["en-GB"][key]
    .replace(plural, (_, name: string, other: string) => other.replaceAll("#", `{${name}}`))
    .replace(/\{(\w+)\}/g, "‹$1›")
    .replaceAll("|", "\\|");

const row = ([name, { title, text, next, retry }]: [string, Ending]) =>
  `| \`${name}\` | ${words(title)} | ${words(text)} | ${nextActions[next]} | ${retries[retry]} |`;

/** docs/outcomes.md, from the table of outcomes and the British texts. */
export function outcomesPage(): string {
  const entries = Object.entries<Ending>(endings);
  const sections = groups.map(([heading, names]) =>
    [
      `## ${heading}`,
      "",
      "| outcome | title | text | next action | may it be tried again? |",
      "|---|---|---|---|---|",
      ...entries.filter(([name]) => names.test(name)).map(row),
      "",
    ].join("\n"),
  );
  return [
    "<!-- Made by `npm run generate` from lib/journey/endings.ts and " +
      "lib/i18n/en-GB.json. Change those. -->",
    "# Outcomes and errors",
    "",
    `Everything a journey can come to, and every error a person can meet: ` +
      `${entries.length} in all. The pages take their words from the same table`,
    "([`endings.ts`](../lib/journey/endings.ts)), in the reader’s language; " +
      "here they are in British English. A word in ‹› is filled in.",
    "",
    ...sections,
  ].join("\n");
}
