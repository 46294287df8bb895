import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lookFiles } from "./assets.ts";
import { coloursOf, contrast, pairs, themed, themeProblems, themeVariables } from "./theme.ts";

const publicFile = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, "../../public", name), "utf8");
const tokens = publicFile("tokens.css");
const sheet = lookFiles.map(publicFile).join("\n");
const channel = fc.integer({ min: 0, max: 255 });
const colour = fc
  .tuple(channel, channel, channel)
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`);
const anyTheme = fc.record(
  Object.fromEntries(Object.keys(themeVariables).map((name) => [name, colour])),
  { requiredKeys: [] },
);

describe("contrast", () => {
  test.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    // The pair everybody knows: the palest grey that may be text on white.
    ["#767676", "#ffffff", 4.54],
    ["#777777", "#ffffff", 4.47],
    ["#ff0000", "#ffffff", 3.99],
    ["#0000ff", "#ffffff", 8.59],
  ])("of %s and %s is %d", (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 1);
  });
  test("is the same both ways, and from 1 to 21", () => {
    fc.assert(
      fc.property(colour, colour, (one, other) => {
        const ratio = contrast(one, other);
        expect(ratio).toBe(contrast(other, one));
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21);
      }),
    );
  });
  test("grows with lightness on black", () => {
    fc.assert(
      fc.property(colour, fc.integer({ min: 0, max: 2 }), (lighter, index) => {
        const at = 1 + 2 * index;
        const value = Number.parseInt(lighter.slice(at, at + 2), 16);
        fc.pre(value > 0);
        const darker =
          lighter.slice(0, at) + (value - 1).toString(16).padStart(2, "0") + lighter.slice(at + 2);
        expect(contrast(darker, "#000000")).toBeLessThan(contrast(lighter, "#000000"));
      }),
    );
  });
});

describe("our own theme", () => {
  test("meets WCAG AA in every pair", () => {
    expect(themeProblems(tokens, {})).toEqual([]);
  });
  test("has text at 7:1 (accessibility bar A6; WCAG 1.4.6)", () => {
    for (const colours of Object.values(coloursOf(tokens))) {
      for (const { front, back, least } of pairs)
        if (least === 4.5)
          expect(
            contrast(colours[front] ?? "", colours[back] ?? ""),
            `${front} on ${back}`,
          ).toBeGreaterThanOrEqual(7);
    }
  });
  test("has the same colours in both schemes, and each is measured", () => {
    const { light, dark } = coloursOf(tokens);
    const measured = new Set(pairs.flatMap(({ front, back }) => [front, back]));
    expect(Object.keys(light).toSorted()).toEqual([...measured].toSorted());
    for (const [token, value] of Object.entries(light))
      expect(dark[token], `--${token} in the dark`).not.toBe(value);
  });
});

describe("the style sheet", () => {
  test("takes every colour, size and distance from a token that exists", () => {
    const defined = new Set([...tokens.matchAll(/(--[a-z0-9-]+):/g)].map(([, name]) => name));
    const used = new Set([...sheet.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name));
    expect([...used].filter((name) => !defined.has(name))).toEqual([]);
    expect([...defined].filter((name) => !used.has(name))).toEqual([]);
    expect(sheet).not.toMatch(/#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(/);
  });
  test("moves nothing and asks nobody for anything", () => {
    expect(tokens + sheet).not.toMatch(
      /\b(transition|animation|@keyframes|@import|@font-face|url\()/,
    );
  });
  test("knows no left and no right", () => {
    expect(sheet).not.toMatch(
      /^\s*((margin|padding|border)-)?(left|right|top|bottom)(-[a-z]+)?: |^\s*(min-|max-)?(width|height): |^\s*text-align: (left|right)/m,
    );
  });
});

describe("a theme", () => {
  test("puts its colours into the scheme it names, and changes nothing else", () => {
    const themedTokens = themed(tokens, { THEME_ACCENT: "#7a0044", THEME_PAPER_DARK: "#000000" });
    expect(coloursOf(themedTokens).light).toEqual({
      ...coloursOf(tokens).light,
      accent: "#7a0044",
    });
    expect(coloursOf(themedTokens).dark).toEqual({ ...coloursOf(tokens).dark, paper: "#000000" });
    expect(themedTokens.replace("#7a0044", "#0b4f8a").replace("#000000", "#11181f")).toBe(tokens);
  });
  test("that cannot be read is refused pair by pair, with the setting, the pair and the ratio", () => {
    expect(themeProblems(tokens, { THEME_ACCENT: "#ffd800" })).toEqual([
      "THEME_ACCENT: links, and the words of buttons, --accent on --paper in the light " +
        "scheme: contrast 1.39:1, needed 4.5:1",
      expect.stringMatching(
        /^THEME_ACCENT: .*--accent on --wash in the light scheme: contrast 1\.2\d:1, needed 4\.5:1$/,
      ),
    ]);
    expect(
      themeProblems(tokens, { THEME_INK_DARK: "#888888", THEME_PAPER_DARK: "#777777" })[0],
    ).toMatch(
      /^THEME_INK_DARK and THEME_PAPER_DARK: text, --ink on --paper in the dark scheme: contrast 1\.2\d:1, needed 4\.5:1$/,
    );
    expect(
      themeProblems(tokens, { THEME_PAPER: "#202020" }).every((problem) =>
        problem.startsWith("THEME_PAPER: "),
      ),
    ).toBe(true);
  });
  test("just below the line is refused, and the ratio is not rounded up to it", () => {
    expect(contrast("#777777", "#ffffff").toFixed(2)).toBe("4.48");
    expect(themeProblems(tokens, { THEME_ACCENT: "#777777" })[0]).toContain("contrast 4.47:1");
  });
  test("is taken exactly when every pair has its contrast, whatever its colours", () => {
    fc.assert(
      fc.property(anyTheme, (theme) => {
        const served = coloursOf(themed(tokens, theme));
        const weak = pairs.flatMap((pair) =>
          (["light", "dark"] as const).filter(
            (scheme) =>
              contrast(served[scheme][pair.front]!, served[scheme][pair.back]!) < pair.least,
          ),
        );
        const problems = themeProblems(tokens, theme);
        expect(problems).toHaveLength(weak.length);
        for (const problem of problems) expect(problem).toMatch(/^THEME_/);
      }),
    );
  });
});

describe("a colour", () => {
  const { THEME_ACCENT: setting } = themeVariables;
  test.each([
    ["#0B4F8A", "#0b4f8a"],
    ["#fC0", "#ffcc00"],
  ])("%s is taken as %s", (given, taken) => {
    expect(setting.parse(given)).toBe(taken);
  });
  test.each([
    "red",
    "0b4f8a",
    "#0b4f8",
    "#0b4f8a80",
    "rgb(0, 0, 0)",
    "#0b4f8a;}",
    "#12345g",
    " #0b4f8a",
    "var(--ink)",
    "#0b4f8a\n",
  ])("%j is not one", (given) => {
    expect(setting.safeParse(given).success).toBe(false);
  });
  test("never brings anything but itself into the style sheet", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        const parsed = setting.safeParse(given);
        if (parsed.success && parsed.data !== undefined)
          expect(parsed.data).toMatch(/^#[0-9a-f]{6}$/);
      }),
    );
  });
});
