import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../i18n/translator.ts";
import { type Challenge, challengeSchema, kindOf } from "../index.ts";
import { readAnswer } from "../read-answer.fixture.ts";
import { maxMedia } from "../media.ts";
import { digitsRecording } from "../samples/digits.ts";
import { asPicture } from "../samples/png.ts";
import { scene } from "../samples/scenes.ts";

type Prompt = Extract<Challenge, { kind: "picture-code" }>["prompt"];

const picture = asPicture(scene("boat"), "Ein Boot");
/** Pixels that nothing makes smaller. */
const noise = {
  width: 200,
  height: 200,
  colours: Array.from(
    { length: 256 },
    (_, index) => `#${index.toString(16).padStart(2, "0").repeat(3)}`,
  ),
  colourAt: (x: number, y: number) =>
    Math.floor(Math.abs(Math.sin(x * 12.9898 + y * 78.233) * 43758.5453) * 256) % 256,
};
const sound = { mediaType: "audio/wav" as const, base64: digitsRecording("12").toString("base64") };
const prompt: Prompt = { purpose: "scan", picture, reply: { characters: "digits", length: 6 } };
const asked = (changes: Partial<Prompt> = {}): Challenge => ({
  kind: "picture-code",
  prompt: { ...prompt, ...changes },
});
const letters = asked({ purpose: "read", reply: { characters: "any" } });
const html = (challenge: Challenge, bankLang?: string) =>
  renderToStaticMarkup(
    kindOf(challenge).render({
      bank: "Northwind Bank",
      translator: translatorFor("en-GB"),
      bankLang,
      problems: [],
      fields: { reply: "123456" },
      otherWay: false,
    }),
  );

describe("the reply to a picture", () => {
  test.each([
    "123456",
    " 123 456\n",
    "123-456",
    "123–456",
    "１２３４５６",
    "12\u200b3456",
    "١٢٣٤٥٦",
    "१२३४५६",
  ])("takes the code %j as it was meant", (reply) => {
    expect(readAnswer(asked(), { reply })).toEqual({
      answer: { kind: "picture-code", value: { reply: "123456" } },
    });
  });
  test("leaves capitals to the bank, and takes letters of any alphabet", () => {
    expect(readAnswer(letters, { reply: " aB 9ß字" })).toEqual({
      answer: { kind: "picture-code", value: { reply: "aB9ß字" } },
    });
  });
  test.each([
    [asked(), "", "picture-code.missing-scan"],
    [letters, " - ", "picture-code.missing-read"],
    [asked(), "12345", "picture-code.wrong-length-digits"],
    [asked(), "12345a", "picture-code.not-digits"],
    [asked(), "12345\u{1F600}", "picture-code.not-digits"],
    [asked(), "9".repeat(60_000), "picture-code.wrong-length-digits"],
    [letters, "x".repeat(60_000), "picture-code.too-long"],
  ])("is refused, %#", (challenge, reply, key) => {
    expect(readAnswer(challenge, { reply })).toMatchObject({
      problems: [{ field: "reply", message: { key } }],
    });
  });
  test("counts characters as people do", () => {
    const four = asked({ purpose: "read", reply: { characters: "any", length: 4 } });
    expect(readAnswer(four, { reply: "𝒶b😀d" })).toMatchObject({ answer: {} });
  });
  test("is the wish for a new picture when that button was pressed, whatever stands in the field", () => {
    expect(readAnswer(asked(), { action: "refresh", reply: "x" })).toEqual({
      answer: { kind: "picture-code", value: { refresh: true } },
    });
  });
});

describe("the screen", () => {
  test("shows the picture in the document, with its size, its words and their language", () => {
    expect(html(asked(), "de")).toContain(
      `<img class="picture" src="data:image/png;base64,${picture.base64}" width="160" ` +
        `height="112" alt="Ein Boot" lang="de"/>`,
    );
    expect(html(asked())).toContain('alt="Ein Boot"/>');
  });
  test("lets nothing in a text of the bank become markup", () => {
    expect(
      html(asked({ picture: { ...picture, alt: '"><script>alert(1)</script>' }, instead: "<b>1" })),
    ).not.toMatch(/<script|<b>/);
  });
  test("offers the data to type, seen in groups and spoken one by one, and a recording in a player with a name", () => {
    const both = html(asked({ instead: "4815 1623", sound }));
    expect(both).toContain('<span aria-hidden="true">4815 1623</span>');
    expect(both).toContain('<span class="visually-hidden">4 8 1 5');
    expect(both).toContain(
      `<audio id="reauth-sound" controls="" preload="auto" ` +
        `src="data:audio/wav;base64,${sound.base64}" ` +
        `aria-labelledby="reauth-sound-label">`,
    );
    expect(html(asked())).not.toMatch(/<audio|readable/);
  });
  test("says how long a picture works only where it runs out, and asks again only there", () => {
    expect(html(asked({ expiresInSeconds: 90 }))).toContain("about 2 minutes");
    expect(html(asked())).not.toContain("minute");
    expect([
      kindOf(asked({ expiresInSeconds: 90 })).pollSeconds,
      kindOf(asked()).pollSeconds,
    ]).toEqual([5, undefined]);
  });
  test("shows no code again: it belongs to one picture", () => {
    expect(html(asked())).not.toContain("123456");
  });
  test("asks a phone for a code that it may fill in only where one is sent to it", () => {
    expect(html(asked())).toContain('autoComplete="one-time-code"');
    expect(html(letters)).toContain('autoComplete="off"');
  });
});

describe("a prompt of a bank", () => {
  const soundOf = (characters: number) => ({
    mediaType: "audio/mpeg" as const,
    base64: Buffer.concat([Buffer.from("ID3"), Buffer.alloc((characters / 4) * 3 - 3)]).toString(
      "base64",
    ),
  });
  test("may bring a recording of 144 KiB, and no larger one", () => {
    expect(challengeSchema.safeParse(asked({ sound: soundOf(maxMedia) })).success).toBe(true);
    expect(challengeSchema.safeParse(asked({ sound: soundOf(maxMedia + 4) })).success).toBe(false);
  });
  test.each([
    [
      "with a picture that is none",
      { picture: { ...picture, base64: Buffer.from("<svg/>").toString("base64") } },
    ],
    [
      "whose picture and recording together fit into no step",
      { instead: "1", sound: soundOf(maxMedia), picture: asPicture(noise, "Noise") },
    ],
    [
      "with a recording that is none",
      { sound: { mediaType: "audio/wav", base64: Buffer.from("<svg/>").toString("base64") } },
    ],
    ["whose picture runs out before anybody can scan it", { expiresInSeconds: 5 }],
    ["with a reply of no length", { reply: { characters: "digits", length: 0 } }],
    ["with an address for a picture", { picture: "https://bank.example/picture.png" }],
  ])("is refused %s", (_, changes) => {
    expect(
      challengeSchema.safeParse({ kind: "picture-code", prompt: { ...prompt, ...changes } })
        .success,
    ).toBe(false);
  });
});
