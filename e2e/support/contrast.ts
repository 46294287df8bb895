import type { Frame } from "playwright/test";

/**
 * Texts, and edges of fields, that do not stand out from what is behind them: 4.5:1 and 3:1 (WCAG
 * 1.4.3, 1.4.11), by the colours the browser really uses.
 */
export function weakTexts(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = parts(color).map((part) =>
        part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): string => {
      if (!element)
        return getComputedStyle(document.documentElement).getPropertyValue("background-color");
      const { backgroundColor } = getComputedStyle(element);
      return parts(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
    };
    const contrast = (one: string, other: string) => {
      const [a, b] = [luminance(one), luminance(other)];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    return [...document.body.querySelectorAll("*")].flatMap((element) => {
      if (element.closest(".visually-hidden, [role=status], script") || !element.checkVisibility())
        return [];
      const { color, borderTopColor } = getComputedStyle(element);
      const text = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      const weak = [
        ...(text && contrast(color, behind(element)) < 4.5
          ? [`text ${color} on ${behind(element)}`]
          : []),
        ...(element.matches("input, select, .choice") &&
        contrast(borderTopColor, behind(element.parentElement)) < 3
          ? [`edge ${borderTopColor} on ${behind(element.parentElement)}`]
          : []),
      ];
      return weak.map(
        (problem) =>
          `${element.tagName.toLowerCase()} "${(element.textContent ?? "").slice(0, 30)}": ` +
          problem,
      );
    });
  });
}
