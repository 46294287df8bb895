import fc from "fast-check";
import { type Challenge, challengeKinds } from "../../../lib/challenges/index.ts";

/**
 * What has been markup, a script or an attribute somewhere. A script of theirs calls `ran()`, which
 * no element has a property of the name of.
 */
export const markup = fc.constantFrom(
  "<script>ran()</script>",
  '"><img src=x onerror=ran()>',
  "'-ran()-'",
  "<svg/onload=ran()>",
  "</title><script>ran()</script>",
  "--><b>",
  "]]><b>",
  '<a href="javascript:ran()">',
  "javascript:ran()",
  '" onfocus="ran()" autofocus="',
  '<iframe srcdoc="<b>">',
  '<base href="//evil.example/">',
  "<meta http-equiv=refresh content=0>",
  "<form action=//evil.example>",
  "&lt;b&gt;",
  "&#60;b&#62;",
  '<math><mtext></p><style><!--</style><img title="--&gt;&lt;b&gt;">',
  "{{ran()}}",
  "${ran()}",
  "<!--",
  "<b",
  "\u2028<b>",
  "＜b＞",
  "<ScRiPt>ran()</sCrIpT>",
  "<textarea><b>",
  "<noscript><b>",
  "<template><b>",
);

/** The same in the middle of whatever text. */
export const payload = fc
  .tuple(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    markup,
    fc.string({ unit: "binary", maxLength: 12 }),
  )
  .map((parts) => parts.join(""));

/** Every example of every kind. */
export const challenges = challengeKinds.flatMap(({ kind, examples }) =>
  examples.map(({ name, prompt }) => ({
    name: `${kind}, ${name}`,
    challenge: { kind, prompt } as Challenge,
  })),
);

/** The texts of a prompt that a bank may choose freely. */
export const freeTexts = [
  "label",
  "hint",
  "text",
  "title",
  "alt",
  "destination",
  "device",
  "paragraphs",
  "called",
  "instead",
  "note",
];
/** The texts of which a prompt takes some only. */
export const numbersAndNames = ["name", "matchNumber", "number"];

/** The same prompt with other words in the texts of these names. */
export function reworded(
  value: unknown,
  words: () => string,
  texts: readonly string[],
  path = "",
): unknown {
  if (Array.isArray(value)) return value.map((each) => reworded(each, words, texts, path));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, reworded(each, words, texts, name)]),
    );
  return typeof value === "string" && texts.includes(path) ? words() : value;
}
