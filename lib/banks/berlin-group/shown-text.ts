import { optionalBankText } from "../../challenges/form-text.ts";

const anyLength = optionalBankText(Infinity);

/**
 * A text of the bank's as it may stand on a screen, no longer than `most` characters; undefined
 * where nothing is left to be seen. Markup stays text.
 */
export function shownText(text: string | undefined, most: number): string | undefined {
  const { shown, letters } = lettersOf(text);
  return letters.length <= most ? shown : `${letters.slice(0, most - 1).join("")}…`;
}

/**
 * The same for a name, such as that of a way to confirm: what tells it from the others, the number
 * of a card or a phone, is at its end, which stays.
 */
export function shownName(text: string | undefined, most: number): string | undefined {
  const { shown, letters } = lettersOf(text);
  const atStart = Math.floor((most - 1) / 3);
  return letters.length <= most
    ? shown
    : `${letters.slice(0, atStart).join("")}…${letters.slice(atStart + 1 - most).join("")}`;
}

function lettersOf(text: string | undefined) {
  const shown = anyLength.parse(text);
  return { shown, letters: [...(shown ?? "")] };
}
