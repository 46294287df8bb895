import type { Frame, Page } from "playwright/test";
import { type TextChange, textChanges } from "./layout.ts";
import type { Watch } from "./watch.ts";

/**
 * Keeps the fragment where it is, script and all: going to the connector is answered 204, on which
 * a browser stays where it was.
 * @returns what lets it go.
 */
export async function holdFragment(
  page: Page,
  watch: Watch,
  connectorUrl: string,
): Promise<() => Promise<void>> {
  const urls = `${connectorUrl}/authrefresh/*`;
  watch.expectToStay();
  await page.route(urls, (route) => route.fulfill({ status: 204 }));
  return () => page.unroute(urls);
}

/** What is wrong with our section in a page whose stylesheet is not ours. */
export function fragmentProblems(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const problems: string[] = [];
    const section = document.querySelector("section");
    if (!section) return ["there is no section"];
    const style = getComputedStyle(section);
    const { left, right, width, height } = section.getBoundingClientRect();
    if (document.querySelectorAll("[id]").length > 0) problems.push("an id could clash");
    if (section.lang !== "en-GB" || !section.getAttribute("aria-label"))
      problems.push("the section has no language or no name");
    if (width === 0 || height === 0 || style.visibility !== "visible" || Number(style.opacity) < 1)
      problems.push("the section cannot be seen");
    if (left < 0 || right > document.documentElement.clientWidth + 0.5)
      problems.push(`the section stands out at the side: ${left} to ${right}`);
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
      problems.push("the page scrolls sideways");
    if (parseFloat(style.fontSize) < 16) problems.push(`the text is ${style.fontSize} large`);
    for (const element of [section, ...section.querySelectorAll("a")]) {
      const box = element.getBoundingClientRect();
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        getComputedStyle(element).overflowX !== "visible"
      )
        problems.push("text is cut off");
      if (box.left < left - 0.5 || box.right > right + 0.5)
        problems.push(`${element.tagName} stands out of the section`);
      if (getComputedStyle(element).textTransform !== "none")
        problems.push(`${element.tagName} is in ${getComputedStyle(element).textTransform}`);
    }
    for (const link of section.querySelectorAll("a")) {
      const box = link.getBoundingClientRect();
      if (box.height < 24) problems.push(`the link is ${Math.round(box.height)} px high`);
      const { textDecorationLine, backgroundColor } = getComputedStyle(link);
      if (!textDecorationLine.includes("underline") && backgroundColor === "rgba(0, 0, 0, 0)")
        problems.push("the link looks like text");
    }
    return problems;
  });
}

/**
 * What of our section is hidden, out of its place, not in our colours, or deaf to a change of the
 * person's: in a page that may say `!important`.
 */
export function personProblems(
  frame: Frame,
  change: TextChange,
  { ownSize }: { /** Whether the host leaves the size of the text alone. */ ownSize: boolean },
): Promise<string[]> {
  return frame.evaluate(
    ({ rules, change, ownSize }) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets = [sheet];
      const parts = [...document.querySelectorAll("section, section :not(script)")];
      const problems = parts.flatMap((element) => {
        const {
          display,
          visibility,
          position,
          color,
          backgroundColor,
          fontSize,
          letterSpacing,
          wordSpacing,
          lineHeight,
        } = getComputedStyle(element);
        const size = parseFloat(fontSize);
        const near = (value: string, ems: number) => Math.abs(parseFloat(value) - ems * size) < 0.1;
        const { width, height } = element.getBoundingClientRect();
        const checks: [good: boolean, problem: string][] = [
          [
            display === "block" && visibility === "visible" && width > 0 && height > 0,
            `cannot be seen: ${display}, ${visibility}`,
          ],
          [position === "static", `is ${position}`],
          [
            color === (element.matches("a") ? "rgb(0, 0, 204)" : "rgb(0, 0, 0)"),
            `is written in ${color}`,
          ],
          [
            backgroundColor === "rgb(255, 255, 255)" ||
              (!element.matches("section") && backgroundColor === "rgba(0, 0, 0, 0)"),
            `stands on ${backgroundColor}`,
          ],
          [!ownSize || size >= (change === "twice as large" ? 36 : 18), `is ${fontSize} large`],
          [
            change !== "spaced out" ||
              (near(letterSpacing, 0.12) && near(wordSpacing, 0.16) && near(lineHeight, 1.5)),
            `is spaced ${letterSpacing}, ${wordSpacing}, ${lineHeight}`,
          ],
          [!element.matches("a") || height >= (ownSize ? 44 : 9), `is ${height} px high`],
        ];
        return checks.flatMap(([good, problem]) =>
          good ? [] : [`${element.tagName.toLowerCase()} ${problem}`],
        );
      });
      document.adoptedStyleSheets = [];
      return parts.length < 2 ? ["there is no section"] : problems;
    },
    { rules: textChanges[change], change, ownSize },
  );
}
