import { expect, type Frame, type Page } from "playwright/test";
import { see } from "./inspect.ts";
import { pressKey } from "./press-key.ts";

/** The links of the host page on both sides of its frame. */
export const sageLink = { before: "Simulator", after: "After the frame" } as const;
const maxStops = 40;

/** One stop of the Tab key: what has the focus, and what is wrong with how that is shown. */
export interface Stop {
  name: string;
  problems: string[];
  /** A browser's own player: one stop to us, and several to the Tab key. */
  player?: boolean;
}

/**
 * Waits until a document has put the focus where it wants it, half a second after it came; it would
 * do so in the middle of a walk that is quicker.
 */
async function settled(frame: Frame): Promise<void> {
  await frame.waitForFunction(
    () => !document.body.dataset["focus"] || document.activeElement !== document.body,
    undefined,
    { polling: 50 },
  );
}

/**
 * What the Tab key reaches in a document, in the order of its source. A group of radio buttons is
 * one stop.
 */
function tabbable(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const names = [
      ...document.querySelectorAll<HTMLElement>(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
          'audio[controls], [tabindex="0"]',
      ),
    ]
      .filter((element) => element.checkVisibility())
      .map((element) =>
        element instanceof HTMLInputElement && element.type === "radio"
          ? `radio ${element.name}`
          : element.id ||
            `${(element.textContent ?? "").trim()} ${element.getAttribute("href") ?? ""}`.trim(),
      );
    return names.filter(
      (name, index) => !name.startsWith("radio ") || names.indexOf(name) === index,
    );
  });
}

/**
 * Walks from the host page's link on one side of the frame to the one on the other side.
 * @throws when the walk does not come out, which is a trap.
 */
async function walkThrough(
  page: Page,
  frame: Frame,
  direction: "forwards" | "backwards",
): Promise<Stop[]> {
  const [from, to, key] =
    direction === "forwards"
      ? [sageLink.before, sageLink.after, "Tab"]
      : [sageLink.after, sageLink.before, "Shift+Tab"];
  await page.getByRole("link", { name: from }).focus();
  const stops: Stop[] = [];
  let at: string = from;
  for (let count = 0; count < maxStops; count += 1) {
    await pressKey(page, key);
    const stop = await arrival(page, frame, at, key);
    if (stop.name === to) return stops;
    stops.push(stop);
    at = stop.name;
  }
  throw new Error(
    `the focus does not come out of the frame: ${stops.map(({ name }) => name).join(" → ")}`,
  );
}

/**
 * What is wrong for somebody with a keyboard: something is not reached, or in another order than
 * that of the source, or cannot be seen to have the focus (accessibility bars A2, A3): forwards as
 * people see the page by default, backwards on a narrow screen in forced colours.
 */
export async function keyboardProblems(page: Page, frame: Frame): Promise<string[]> {
  await settled(frame);
  const order = await tabbable(frame);
  const compared = async (direction: "forwards" | "backwards") => {
    const stops = await walkThrough(page, frame, direction);
    const walked = stops.map(({ name }) => name).join(" → ");
    const expected = (of: readonly string[]) =>
      (direction === "forwards" ? of : of.toReversed()).join(" → ");
    // "Stay on this page" has done its work, and is gone, once somebody comes to the languages of
    // the last screen.
    const right = walked === expected(order) || walked === expected(await tabbable(frame));
    return {
      stops,
      wrong: right ? [] : [`${direction}, Tab goes ${walked}, not ${expected(order)}`],
    };
  };
  await see(page, [1280, 800], "light", frame);
  const forwards = await compared("forwards");
  await see(page, [320, 640], "forced colours", frame);
  const backwards = await compared("backwards");
  return [
    ...forwards.wrong,
    ...backwards.wrong,
    ...[...forwards.stops, ...backwards.stops].flatMap(({ name, problems }) =>
      problems.map((problem) => `${name}: ${problem}`),
    ),
  ];
}

/** A page that grows with its frame moves what has the focus for a moment. */
const maxToSettleMs = 5000;

/**
 * Where the focus comes to rest. Frames are processes of their own: for a moment after a key none
 * has it, and a key pressed then would be lost. Not `judged`, how the focus is shown is not looked
 * at.
 */
export async function arrival(
  page: Page,
  frame: Frame,
  from: string,
  key: string,
  { withinMs = 30_000, judged = true } = {},
): Promise<Stop> {
  let stop: Stop | undefined;
  await expect(async () => {
    stop = await focusIn(page, frame);
    if (stop?.player && stop.name === from) await page.keyboard.press(key);
    expect(stop?.name ?? from, "what has the focus").not.toBe(from);
  }).toPass({ intervals: [0, 20, 50, 100], timeout: withinMs });
  if (!stop) throw new Error("nothing has the focus");
  const { name } = stop;
  if (!judged) return { name, problems: [] };
  // What stays wrong is the walk's to tell.
  if (stop.problems.length > 0)
    await expect
      .poll(async () => (stop = await focusIn(page, frame))?.problems, {
        intervals: [50],
        timeout: maxToSettleMs,
      })
      .toEqual([])
      .catch(() => undefined);
  return stop ?? { name, problems: ["lost the focus"] };
}

/** What has the focus, in the host page or in the frame. */
export async function focusIn(page: Page, frame: Frame): Promise<Stop | undefined> {
  const host = await page.evaluate(() =>
    document.activeElement instanceof HTMLAnchorElement ? document.activeElement.textContent : "",
  );
  return host ? { name: host, problems: [] } : frame.evaluate(focused);
}

/**
 * Runs in the frame: what has the focus there, with an outline of at least 2 px and 3:1, inside the
 * view and covered by nothing (accessibility bar A3).
 */
function focused(): Stop | undefined {
  const element = document.activeElement;
  if (!document.hasFocus() || !(element instanceof HTMLElement) || element === document.body)
    return undefined;
  const problems: string[] = [];
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2)
    problems.push(`outline: ${outlineStyle} ${outlineWidth}`);
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [ring, paper] = [
    luminance(outlineColor),
    luminance(getComputedStyle(document.body).backgroundColor),
  ];
  const contrast = (Math.max(ring, paper) + 0.05) / (Math.min(ring, paper) + 0.05);
  if (contrast < 3) problems.push(`outline has a contrast of ${contrast.toFixed(1)}`);
  const { left, top, width, height } = element.getBoundingClientRect();
  const atCentre = document.elementFromPoint(left + width / 2, top + height / 2);
  if (!atCentre || !(element.contains(atCentre) || atCentre.contains(element)))
    problems.push("is out of sight or covered");
  const name =
    element instanceof HTMLInputElement && element.type === "radio"
      ? `radio ${element.name}`
      : element.id ||
        `${(element.textContent ?? "").trim()} ${element.getAttribute("href") ?? ""}`.trim();
  return { name, problems, player: element.matches("audio") };
}
