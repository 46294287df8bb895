import type { Frame } from "playwright/test";

/** How much a person changes the text (WCAG 1.4.4, 1.4.12). */
export type TextChange = "as it is" | "twice as large" | "spaced out";

export const textChanges: Record<TextChange, string> = {
  "as it is": "",
  "twice as large": "html { font-size: 200% }",
  "spaced out":
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: " +
    "0.16em !important } p { margin-block-end: 2em !important }",
};

/** What does not fit: sideways scroll, text that is cut off, controls on top of each other. */
export function layoutProblems(frame: Frame, change: TextChange): Promise<string[]> {
  return frame.evaluate((rules) => {
    // A constructed sheet, since the policy allows no style elements.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [sheet];
    const problems: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}${element.id && `#${element.id}`} ` +
      `"${(element.textContent ?? "").slice(0, 30)}"`;
    const hidden = (element: Element) =>
      element.closest(".visually-hidden, [role=status], head, script") !== null;
    const elements = [...document.body.querySelectorAll("*")].filter(
      (element) => !hidden(element) && element.checkVisibility(),
    );
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth)
      problems.push(`scrolls sideways: ${scrollWidth} in ${clientWidth}`);
    for (const element of elements) {
      const { left, right } = element.getBoundingClientRect();
      if (left < -0.5 || right > clientWidth + 0.5)
        problems.push(`stands out at the side: ${name(element)}`);
      const { overflowX, overflowY } = getComputedStyle(element);
      const cut =
        (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) ||
        (overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1);
      if (cut && !element.matches("input, select")) problems.push(`is cut off: ${name(element)}`);
    }
    const controls = elements.filter((element) =>
      element.matches("a, button, input, select, label, h1, p, li"),
    );
    for (const [index, one] of controls.entries()) {
      for (const other of controls.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        if (
          a.left < b.right - 1 &&
          b.left < a.right - 1 &&
          a.top < b.bottom - 1 &&
          b.top < a.bottom - 1
        )
          problems.push(`overlap: ${name(one)} and ${name(other)}`);
      }
    }
    document.adoptedStyleSheets = [];
    return problems;
  }, textChanges[change]);
}

/**
 * Targets that are too small: 44 by 44 (accessibility bar A5; WCAG 2.5.5), but for links within a
 * sentence.
 */
export function targetProblems(frame: Frame): Promise<string[]> {
  return frame.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        "a[href], button, select, summary, input:not([type=hidden])",
      ),
    ].flatMap((element) => {
      // A radio button or a check box is as large as its label, which is pressed as well.
      const target = element.matches("[type=radio], [type=checkbox]")
        ? (element.closest("label") ?? element)
        : element;
      const { width, height } = target.getBoundingClientRect();
      const inSentence =
        element.matches("a") &&
        [...(element.parentElement?.childNodes ?? [])].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
        );
      // A pixel is divided where a font's size is.
      const large = width >= 43.9 && height >= 43.9;
      return inSentence || large
        ? []
        : [
            `${Math.round(width)}×${Math.round(height)}, not 44×44: ` +
              element.outerHTML.slice(0, 80),
          ];
    }),
  );
}

/** Whatever moves (accessibility bar A7). */
export function movingThings(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => [
    ...document.getAnimations().map((animation) => `runs: ${animation.id}`),
    ...[...document.querySelectorAll("*")].flatMap((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return /^(0s(, )?)*$/.test(transitionDuration) && animationName === "none"
        ? []
        : [`moves: ${element.outerHTML.slice(0, 80)}`];
    }),
  ]);
}

/**
 * Controls that stand elsewhere on the screen than in the source, which is also the order of Tab
 * (WCAG 1.3.2, 2.4.3).
 */
export function orderProblems(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const rtl = document.documentElement.dir === "rtl";
    const controls = [
      ...document.querySelectorAll<HTMLElement>(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, h1, h2, p",
      ),
    ].filter(
      (element) => element.getClientRects().length > 0 && !element.closest(".visually-hidden"),
    );
    const positive = controls
      .filter(({ tabIndex }) => tabIndex > 0)
      .map((element) => `takes a place of its own in the order: ${element.outerHTML.slice(0, 80)}`);
    const wrong = controls.slice(1).flatMap((element, index) => {
      const before = controls[index]?.getBoundingClientRect();
      const here = element.getBoundingClientRect();
      if (!before || controls[index]?.contains(element)) return [];
      const below = here.top >= before.bottom - 1;
      // Fields side by side are columns: the first line of one stands higher than the last of the
      // one before.
      const [column, columnBefore] = [element, controls[index]].map((part) =>
        (part?.closest(".field") ?? part)?.getBoundingClientRect(),
      );
      const beside =
        column &&
        columnBefore &&
        column.bottom > columnBefore.top &&
        (rtl ? here.right <= before.left + 1 : here.left >= before.right - 1);
      return below || beside
        ? []
        : [`stands before what comes before it: ${element.outerHTML.slice(0, 80)}`];
    });
    return [...positive, ...wrong];
  });
}
