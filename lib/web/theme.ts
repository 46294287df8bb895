import { z } from "zod";

/** A colour as tokens.css writes it: `#rrggbb`. */
const colour = z
  .string()
  .regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, "is not a colour such as #0b4f8a")
  .transform((value) =>
    (value.length === 4 ? value.replace(/[0-9a-f]/gi, "$&$&") : value).toLowerCase(),
  )
  .optional();

/** The settings a provider may give its own look with; everything else of tokens.css is ours. */
export const themeVariables = {
  THEME_ACCENT: colour,
  THEME_ACCENT_DARK: colour,
  THEME_INK: colour,
  THEME_INK_DARK: colour,
  THEME_PAPER: colour,
  THEME_PAPER_DARK: colour,
};
export type Theme = Readonly<Partial<Record<keyof typeof themeVariables, string | undefined>>>;

/** The colours among the settings given; what is none is left to the settings' own check. */
export function themeOf(given: Readonly<Record<string, unknown>>): Theme {
  const colours = Object.entries(themeVariables).map(
    ([name, setting]): [string, string | undefined] => [name, setting.safeParse(given[name]).data],
  );
  return Object.freeze(Object.fromEntries(colours.filter(([, value]) => value !== undefined)));
}

const schemes = ["light", "dark"] as const;
type Scheme = (typeof schemes)[number];

/** The setting of a token in a scheme, where it has one. */
const settingOf = (token: string, scheme: Scheme): keyof Theme | undefined => {
  const name = `THEME_${token.toUpperCase()}${scheme === "dark" ? "_DARK" : ""}`;
  return Object.hasOwn(themeVariables, name) ? (name as keyof Theme) : undefined;
};

const text = 4.5;
const edge = 3;

/**
 * Every pair of colours that meets on a screen, and the contrast it needs: WCAG 1.4.3 for text,
 * 1.4.11 for what shows where a control or the focus is.
 */
export const pairs: readonly { front: string; back: string; least: number; what: string }[] = [
  { front: "ink", back: "paper", least: text, what: "text" },
  { front: "ink", back: "wash", least: text, what: "text in notices and chosen answers" },
  { front: "quiet", back: "paper", least: text, what: "hints" },
  { front: "quiet", back: "wash", least: text, what: "hints in notices and chosen answers" },
  { front: "accent", back: "paper", least: text, what: "links, and the words of buttons" },
  {
    front: "accent",
    back: "wash",
    least: text,
    what: "links in notices, and buttons under the pointer",
  },
  { front: "wrong", back: "paper", least: text, what: "errors" },
  { front: "line", back: "paper", least: edge, what: "edges of fields" },
  { front: "line", back: "wash", least: edge, what: "edges of answers under the pointer" },
  { front: "good", back: "paper", least: edge, what: "steps that are done" },
  { front: "good", back: "wash", least: edge, what: "the bar of a notice" },
  { front: "warn", back: "paper", least: edge, what: "the bar of a warning" },
  { front: "warn", back: "wash", least: edge, what: "the bar of a warning" },
];

const darkRule = /(?=@media screen and \(prefers-color-scheme: dark\))/;
const declaration = /--([a-z-]+): (#[0-9a-f]{6});/g;

function byScheme(tokens: string): Record<Scheme, string> {
  const [light, dark, ...more] = tokens.split(darkRule);
  if (!light || !dark || more.length > 0) throw new Error("tokens.css has not one dark scheme");
  return { light, dark };
}

/** The tokens with a theme's colours in place of ours. */
export function themed(tokens: string, theme: Theme): string {
  const parts = byScheme(tokens);
  return schemes
    .map((scheme) =>
      parts[scheme].replace(declaration, (whole, token: string, value: string) => {
        const setting = settingOf(token, scheme);
        return whole.replace(value, (setting && theme[setting]) ?? value);
      }),
    )
    .join("");
}

/** The colours of each scheme by their tokens. */
export function coloursOf(tokens: string): Record<Scheme, Readonly<Record<string, string>>> {
  const { light, dark } = byScheme(tokens);
  const read = (css: string) =>
    Object.fromEntries(
      [...css.matchAll(declaration)].map(([, token = "", value = ""]) => [token, value]),
    );
  return { light: read(light), dark: { ...read(light), ...read(dark) } };
}

/** Relative luminance of `#rrggbb` (WCAG 2.2, definition). */
function luminance(value: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(value.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, definition). */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/**
 * Every pair of a theme that is below WCAG AA, as one line each: the setting, the pair, the
 * contrast measured and the one needed.
 * @param tokens the content of tokens.css.
 */
export function themeProblems(tokens: string, theme: Theme): string[] {
  const colours = coloursOf(themed(tokens, theme));
  return schemes.flatMap((scheme) =>
    pairs.flatMap(({ front, back, least, what }) => {
      const [one, other] = [colours[scheme][front], colours[scheme][back]];
      if (!one || !other) throw new Error(`tokens.css has no --${front} or no --${back}`);
      const measured = contrast(one, other);
      if (measured >= least) return [];
      const given = [front, back]
        .map((token) => settingOf(token, scheme))
        .filter((setting) => setting && theme[setting]);
      // Cut, not rounded: 4.499 is not 4.5.
      const ratio = Math.floor(measured * 100) / 100;
      return [
        `${given.join(" and ") || "tokens.css"}: ${what}, --${front} on --${back} in the ` +
          `${scheme} scheme: contrast ${ratio}:1, needed ${least}:1`,
      ];
    }),
  );
}
