import { optionalBankText } from "../../challenges/form-text.ts";

const anyLength = optionalBankText(Infinity);

/**
 * A text of the bank's as it may stand on a screen, no longer than `most` characters; undefined
 * where nothing is left to be seen. Markup stays text.
 */
export function shownText(text: string | undefined, max: number): string | undefined {
  const { shown, letters } = lettersOf(text);
  return letters.length <= max ? shown : `${letters.slice(0, max - 1).join("")}…`;
}

/**
 * The same for a name, such as that of a way to confirm: what tells it from the others, the number
 * of a card or a phone, is at its end, which stays.
 */
export function shownName(text: string | undefined, max: number): string | undefined {
  const { shown, letters } = lettersOf(text);
  const atStart = Math.floor((max - 1) / 3);
  return letters.length <= max
    ? shown
    : `${letters.slice(0, atStart).join("")}…${letters.slice(atStart + 1 - max).join("")}`;
}

function lettersOf(text: string | undefined) {
  const shown = anyLength.parse(text);
  return { shown, letters: [...(shown ?? "")] };
}
