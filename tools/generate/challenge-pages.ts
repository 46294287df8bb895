import { challengeKinds } from "../../lib/challenges/index.ts";
import { replacePart } from "./replace-part.ts";

const table = (...rows: readonly (readonly string[])[]) =>
  `\n${rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("")}\n`;

/** docs/extending.md with the table of what a bank can ask. */
const extendingPage = (page: string) =>
  replacePart(
    page,
    "kinds",
    table(
      ["kind", "you hand over", "you get"],
      ["---", "---", "---"],
      ...challengeKinds.map(({ kind, about }) => [`\`${kind}\``, about.handOver, about.get]),
    ),
  );

/** docs/accessibility.md with the table of how each kind does without a memory. */
const accessibilityPage = (page: string) =>
  replacePart(
    page,
    "kinds",
    table(
      [
        "what is asked",
        "what makes it possible without remembering, solving or copying (WCAG 3.3.8, bar A14)",
      ],
      ["---", "---"],
      ...challengeKinds.flatMap(({ about }) =>
        about.withoutMemory.map(({ asked, how }) => [asked, how]),
      ),
    ),
  );

/** What is made from the kinds of challenge, by file: from what stands there to what has to. */
export const madeFromChallenges: Readonly<Record<string, (text: string) => string>> = {
  "docs/extending.md": extendingPage,
  "docs/accessibility.md": accessibilityPage,
};
