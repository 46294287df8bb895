import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";
import { maxMedia } from "../media.ts";
import { asPicture } from "../samples/png.ts";
import { scene, type SceneName, sceneNames } from "../samples/scenes.ts";

const one = (id: SceneName, alt: string = id) => ({ id, picture: asPicture(scene(id), alt) });
const asked = (pictures: unknown) =>
  ({ kind: "picture-choice", prompt: { pictures } }) as Challenge;
const challenge = asked([one("boat"), one("tree")]);
const html = (shown = challenge) =>
  renderToStaticMarkup(
    kindOf(shown).render({
      bank: "Northwind Bank",
      translator: translatorFor("en-GB"),
      bankLang: "de",
      problems: [],
      fields: { choice: "boat" },
      otherWay: false,
    }),
  );

describe("a choice of pictures", () => {
  test("is one of those that were shown", () => {
    expect(readAnswer(challenge, { choice: "tree" })).toEqual({
      answer: { kind: "picture-choice", value: { choice: "tree" } },
    });
  });
  test.each([undefined, "", "lighthouse", "Tree", "tree,boat", "__proto__"])(
    "is missing when it is %j",
    (choice) => {
      expect(readAnswer(challenge, choice === undefined ? {} : { choice })).toMatchObject({
        problems: [{ field: "choice", message: { key: "picture-choice.missing" } }],
      });
    },
  );
  test("is made by the words for each picture, which stand beside it once, in the bank’s language", () => {
    expect(html().match(/<input type="radio"/g)).toHaveLength(2);
    expect(html().match(/alt=""/g)).toHaveLength(2);
    expect(html()).toContain('<span lang="de" dir="auto">boat</span>');
  });
  test("is never made beforehand", () => {
    expect(html()).not.toMatch(/checked/);
  });
  test("lets nothing in the words become markup", () => {
    expect(html(asked([one("boat", "<script>alert(1)</script>"), one("tree")]))).not.toContain(
      "<script",
    );
  });
});

describe("a prompt of a bank", () => {
  const twelve = Array.from({ length: 12 }, (_, index) => ({
    ...one("tree", `Tree ${index}`),
    id: `tree-${index}`,
  }));
  test("may have two pictures, and twelve", () => {
    expect(
      [challenge, asked(twelve)].map((each) => challengeSchema.safeParse(each).success),
    ).toEqual([true, true]);
  });
  test.each([
    ["with one picture", [one("boat")]],
    ["with thirteen", [...twelve, one("boat")]],
    ["with two of the same name", [one("boat"), { ...one("tree"), id: "boat" }]],
    [
      "with two of the same words, which nobody could tell apart by them",
      [one("boat", "A picture"), one("tree", "A picture")],
    ],
    ["with a picture without words", [one("boat"), one("tree", "")]],
    ["with a name that is none", [one("boat"), { ...one("tree"), id: '"><script>' }]],
    [
      "with something that is no picture",
      [
        one("boat"),
        { id: "tree", picture: { mediaType: "image/svg+xml", base64: "PHN2Zy8+", alt: "Tree" } },
      ],
    ],
  ])("is refused %s", (_, pictures) => {
    expect(challengeSchema.safeParse(asked(pictures)).success).toBe(false);
  });
  test("is refused when all its pictures together are more than a step holds", () => {
    const noise = (seed: number) => ({
      width: 300,
      height: 300,
      colours: Array.from(
        { length: 256 },
        (_, index) => `#${index.toString(16).padStart(2, "0").repeat(3)}`,
      ),
      colourAt: (x: number, y: number) =>
        Math.floor(Math.abs(Math.sin(x * 12.9898 + y * 78.233 + seed) * 43758.5453) * 256) % 256,
    });
    const heavy = sceneNames.map((id, seed) => ({ id, picture: asPicture(noise(seed), id) }));
    expect(heavy.every(({ picture }) => picture.base64.length < maxMedia)).toBe(true);
    expect(challengeSchema.safeParse(asked(heavy.slice(0, 1).concat(one("tree")))).success).toBe(
      true,
    );
    expect(challengeSchema.safeParse(asked(heavy)).success).toBe(false);
  });
});
