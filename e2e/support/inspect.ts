import type { Frame, Page } from "playwright/test";
import { axeFindingsIn, axeReportOn } from "./axe.ts";
import { weakTexts } from "./contrast.ts";
import { layoutProblems, movingThings, orderProblems, targetProblems } from "./layout.ts";

const appearances = {
  light: { colorScheme: "light", forcedColors: "none", reducedMotion: "no-preference" },
  dark: { colorScheme: "dark", forcedColors: "none", reducedMotion: "no-preference" },
  "forced colours": { colorScheme: "dark", forcedColors: "active", reducedMotion: "reduce" },
} as const;
export type Appearance = keyof typeof appearances;
type Size = readonly [width: number, height: number];

/** 320 × 256 is what is left of 1280 × 1024 at 400 % (WCAG 1.4.10). */
const sizes: readonly Size[] = [
  [1280, 800],
  [480, 800],
  [400, 800],
  [320, 640],
  [320, 256],
];
const textChanges = ["as it is", "twice as large", "spaced out"] as const;

/**
 * Shows a page at this size and in this look. Given a frame, waits until it is as wide as the page
 * and has the look: frames of other sites are processes of their own, and hear of it later.
 */
export async function see(
  page: Page,
  [width, height]: Size,
  appearance: Appearance,
  frame = page.mainFrame(),
): Promise<void> {
  const size = page.viewportSize();
  if (size?.width !== width || size.height !== height)
    await page.setViewportSize({ width, height });
  await page.emulateMedia(appearances[appearance]);
  if (frame === page.mainFrame()) return;
  const { colorScheme, forcedColors, reducedMotion } = appearances[appearance];
  await frame.waitForFunction(
    ([wide, ...queries]) =>
      innerWidth === wide && queries.every((query) => matchMedia(query).matches),
    [
      width,
      `(prefers-color-scheme: ${colorScheme})`,
      `(forced-colors: ${forcedColors})`,
      `(prefers-reduced-motion: ${reducedMotion})`,
    ] as const,
    { polling: 20 },
  );
}

/** What is wrong, each with where it was seen; empty is good. */
type Problems = string[];

const seen = (where: string, problems: readonly string[]): Problems =>
  problems.map((problem) => `${where}: ${problem}`);

/**
 * Whether everything has room, is large enough and stands in order, with text as it is, twice as
 * large, and spaced out.
 */
async function roomProblems(frame: Frame, where: string): Promise<Problems> {
  const problems: Problems = [];
  for (const change of textChanges)
    problems.push(...seen(`${where}, ${change}`, await layoutProblems(frame, change)));
  return [
    ...problems,
    ...seen(where, await targetProblems(frame)),
    ...seen(where, await orderProblems(frame)),
  ];
}

// axe takes the text's colour from a property that forced colours do not change
// (dequelabs/axe-core#3978), so contrast is measured apart.
const axeIn = (frame: Frame, appearance: Appearance) =>
  axeFindingsIn(frame, appearance === "forced colours" ? { without: ["color-contrast"] } : {});

/** What stays closed until somebody wants it has to have room, too. */
const openAll = (frame: Frame) =>
  frame.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>("details:not([open])")) {
      details.open = true;
      details.dataset["opened"] = "";
    }
  });

/** Leaves the screen as it came, after it was inspected. */
export const closeOpened = (frame: Frame): Promise<void> =>
  frame.evaluate(() => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>("[data-opened]")) {
      details.open = false;
      delete details.dataset["opened"];
    }
  });

/**
 * Whether everything has room on a narrow screen, in every state of what can be opened. Leaves it
 * open.
 */
export async function inspectRoom(page: Page, frame: Frame): Promise<Problems> {
  await see(page, [320, 640], "light", frame);
  const closed = seen("closed", await layoutProblems(frame, "as it is"));
  await openAll(frame);
  return [...closed, ...(await roomProblems(frame, "320 px"))];
}

/**
 * What follows from how a screen is built, and not from its words: contrast in every look,
 * movement, what axe finds.
 */
export async function inspectBuild(
  page: Page,
  frame: Frame,
): Promise<{ problems: Problems; axePassed: number }> {
  const problems: Problems = [];
  for (const appearance of ["forced colours", "dark", "light"] as const) {
    await see(page, [320, 640], appearance, frame);
    problems.push(...seen(appearance, await weakTexts(frame)));
  }
  problems.push(...(await movingThings(frame)));
  const { findings, passed } = await axeReportOn(frame);
  return { problems: [...problems, ...seen("axe", findings)], axePassed: passed };
}

/**
 * A document without its words: two screens built alike differ in nothing that a rule of axe, or a
 * colour, depends on. That a text is empty or a single sign is left in it.
 */
export const buildOf = (html: string): string =>
  html
    .replace(/>([^<]+)</g, (_, text: string) => `>${text.trim().slice(0, 2).length}<`)
    .replace(/(value|aria-label|alt|src|href|action)="[^"]+"/g, "$1");

/**
 * Every one of these sizes and every look. What axe finds does not depend on the size but for
 * contrast and targets, so it is asked once for each of these looks.
 */
export async function inspectFully(
  page: Page,
  frame: Frame,
  atSizes: readonly Size[] = sizes,
  axeAt: readonly Appearance[] = ["forced colours", "dark", "light"],
): Promise<Problems> {
  const problems: Problems = [];
  await see(page, [320, 640], "light", frame);
  problems.push(...seen("closed", await layoutProblems(frame, "as it is")));
  await openAll(frame);
  for (const size of atSizes) {
    await see(page, size, "light", frame);
    problems.push(...(await roomProblems(frame, size.join(" × "))));
  }
  for (const [appearance, size] of [
    ["forced colours", [320, 640]],
    ["dark", [1280, 800]],
    ["light", [400, 800]],
  ] as const) {
    const where = `${size.join(" × ")}, ${appearance}`;
    await see(page, size, appearance, frame);
    problems.push(
      ...seen(where, await weakTexts(frame)),
      ...seen(where, await movingThings(frame)),
    );
    if (axeAt.includes(appearance)) problems.push(...seen(where, await axeIn(frame, appearance)));
  }
  return problems;
}
