import { optionalBankText } from '../../challenges/form-text.ts'

const anyLength = optionalBankText(Infinity)

/** A text of the bank's as it may stand on a screen, no longer than `most` characters; undefined where nothing is left to be seen. Markup stays text. */
export function shownText(text: string | undefined, most: number): string | undefined {
  const shown = anyLength.parse(text)
  const letters = [...(shown ?? '')]
  return letters.length <= most ? shown : `${letters.slice(0, most - 1).join('')}…`
}
