import { z } from "zod";
import { type Theme, themeVariables } from "../web/theme.ts";

/** The colours of a bank by their names in the file, and by those of the deployment's settings. */
const names = {
  accent: "THEME_ACCENT",
  accentDark: "THEME_ACCENT_DARK",
  ink: "THEME_INK",
  inkDark: "THEME_INK_DARK",
  paper: "THEME_PAPER",
  paperDark: "THEME_PAPER_DARK",
} as const satisfies Record<string, keyof Theme>;
type Name = keyof typeof names;

const entries = Object.entries(names) as [Name, (typeof names)[Name]][];
const shape = Object.fromEntries(
  entries.map(([name, setting]) => [name, themeVariables[setting]]),
) as Record<Name, (typeof themeVariables)["THEME_ACCENT"]>;

/** A bank's own look; what it leaves alone is the deployment's. */
export const bankTheme = z
  .strictObject(shape)
  .transform((colours): Theme =>
    Object.fromEntries(
      entries.flatMap(([name, setting]) =>
        colours[name] === undefined ? [] : [[setting, colours[name]]],
      ),
    ),
  );

/** A problem of a theme, in the names of the file. */
export const fileNamesIn = (problem: string): string =>
  problem.replace(
    /THEME_[A-Z]+(_DARK)?/g,
    (setting) => entries.find(([, known]) => known === setting)?.[0] ?? setting,
  );
