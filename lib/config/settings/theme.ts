import { themeVariables } from "../../web/theme.ts";
import type { Setting } from "./setting.ts";

const whenWrong = "Refused: not a colour, or too weak on the page (below).";

/** Settings of the look. */
export const themeSettings = {
  THEME_ACCENT: {
    schema: themeVariables.THEME_ACCENT,
    meaning: "Links, buttons, the current step, the ring round what has the focus.",
    unset: "`#0b4f8a`",
    whenWrong,
  },
  THEME_ACCENT_DARK: {
    schema: themeVariables.THEME_ACCENT_DARK,
    meaning: "The same, where a person's system is set to dark.",
    unset: "`#8cc4f5`",
    whenWrong,
  },
  THEME_INK: {
    schema: themeVariables.THEME_INK,
    meaning: "Text.",
    unset: "`#14202b`",
    whenWrong,
  },
  THEME_INK_DARK: {
    schema: themeVariables.THEME_INK_DARK,
    meaning: "The same, where a person's system is set to dark.",
    unset: "`#f2f5f7`",
    whenWrong,
  },
  THEME_PAPER: {
    schema: themeVariables.THEME_PAPER,
    meaning: "The page behind the text, and the words on the main button.",
    unset: "`#ffffff`",
    whenWrong,
  },
  THEME_PAPER_DARK: {
    schema: themeVariables.THEME_PAPER_DARK,
    meaning: "The same, where a person's system is set to dark.",
    unset: "`#11181f`",
    whenWrong,
  },
} satisfies Record<string, Setting>;
