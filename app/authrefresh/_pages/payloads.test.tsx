import { renderToStaticMarkup } from "react-dom/server";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { challengeSchema, type Challenge } from "../../../lib/challenges/index.ts";
import { readAnswer } from "../../../lib/challenges/read-answer.fixture.ts";
import { translatorFor } from "../../../lib/i18n/translator.ts";
import { firstStatus, transition } from "../../../lib/journey/transition.ts";
import { challenges, freeTexts, numbersAndNames, payload, reworded } from "./payloads.fixture.ts";
import { ScreenPage } from "./screen-page.tsx";

// What an attacker types, and what a bank (or somebody in between) says: it is on the screen as
// text, or not at all. `npm run security` makes 5,000.
const runs = Number(process.env["SECURITY_PAYLOADS"] ?? 60);
const timeout = 60_000 + runs * 100;

/** Every tag of a document with its attributes' names; what is only text has none. */
const skeleton = (document: string) =>
  [...document.matchAll(/<(\/?[a-z][\w-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, tag = "", attributes = ""]) =>
      `${tag} ${[...attributes.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name).join(" ")}`,
  );
const translator = translatorFor("en-GB");
const assets = {
  script: "https://c.example/assets/wizard-1.js",
  style: "https://c.example/assets/wizard-1.css",
};

function page(content: ReturnType<typeof firstStatus>["content"], bank: string): string {
  const screen = {
    type: "challenge",
    bank,
    handle: "h",
    formToken: "t",
    version: "v",
    reference: "r",
    content,
    secondsLeft: 900,
  } as const;
  return renderToStaticMarkup(
    <ScreenPage
      screen={screen}
      url="https://c.example/authrefresh/h"
      translator={translator}
      assets={assets}
    />,
  );
}

const status = (challenge: Challenge) => firstStatus({ name: "Bank", firstChallenge: challenge });

// An element or an attribute that was not there before, or a character that could begin one.
function expectInert(document: string, plain: string) {
  expect(
    skeleton(document).filter((tag) =>
      /^(script|iframe|base|form|svg|math|template|object|embed)\b/.test(tag),
    ).length,
  ).toBe(
    skeleton(plain).filter((tag) =>
      /^(script|iframe|base|form|svg|math|template|object|embed)\b/.test(tag),
    ).length,
  );
  // What is left without the values of attributes has no handler in it.
  expect(document.replace(/="[^"]*"/g, "")).not.toMatch(/<[a-z][^>]*\son[a-z]+/i);
  expect(document).not.toMatch(/(href|src|action)="\s*javascript:/i);
}

describe("generated payloads", () => {
  test(`${runs} of them in every text of a bank are text, or refused`, { timeout }, () => {
    let shown = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...challenges),
        fc.array(payload, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(freeTexts, [...freeTexts, ...numbersAndNames]),
        ({ challenge }, words, texts) => {
          let next = 0;
          const parsed = challengeSchema.safeParse(
            reworded(
              challenge,
              () => (words[next++ % words.length] ?? "").trim().replace(/\s+/g, " ").slice(0, 200),
              texts,
            ),
          );
          if (!parsed.success) return;
          shown += 1;
          const content = { ...status(parsed.data).content, lang: "en-GB" };
          expectInert(page(content, words[0] ?? ""), page(status(challenge).content, "Bank"));
        },
      ),
      { numRuns: runs },
    );
    // Most are refused by the schemas of prompts; enough of them get as far as a screen.
    expect(shown).toBeGreaterThan(runs / 20);
  });

  test(
    `${runs} of them in every field a person can fill leave a page without anything of theirs but text`,
    { timeout },
    () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...challenges),
          payload,
          fc.string({ maxLength: 20 }),
          ({ challenge }, value, name) => {
            const fields = [
              "username",
              "password",
              "code",
              "reply",
              "method",
              "choice",
              "answer-1",
              "character-2",
              "customer-number",
              "action",
              name,
            ];
            const entries = Object.fromEntries(fields.map((field) => [field, value]));
            const read = readAnswer(challenge, entries);
            const next = transition(
              status(challenge),
              "problems" in read
                ? { type: "invalid", fields: entries, problems: read.problems }
                : { type: "answered", fields: entries },
            );
            if (next?.state !== "awaiting_user") return;
            const html = page(next.content, "Bank");
            expectInert(html, page(status(challenge).content, "Bank"));
          },
        ),
        { numRuns: runs },
      );
    },
  );
});
