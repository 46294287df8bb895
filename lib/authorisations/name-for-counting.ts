// Letters that Unicode does not take apart, as banks and databases that ignore accents read them.
const plainLetters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ł: 'l', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th' }

const isDigit = (codePoint: number) => codePoint >= 0 && /\p{Nd}/u.test(String.fromCodePoint(codePoint))

/** Unicode keeps the digits of every script together, from nought to nine (UAX #44, Numeric_Type); some such tens stand side by side. */
function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0
  let before = 0
  while (isDigit(codePoint - before - 1)) before += 1
  return String(before % 10)
}

/** Letter by letter, since a final sigma is another one than a sigma elsewhere; capitals first, which takes ß, ſ and ı with it. */
const folded = (text: string) => Array.from(text.toUpperCase(), (letter) => letter.toLowerCase()).map((letter) => plainLetters[letter] ?? letter).join('')

/**
 * The one form in which all spellings of a name are counted that a bank may forgive: each of them would have tries of its own otherwise. Compatibility decomposition (NFKD, UAX #15) without
 * marks, letters in lower case, digits of any script as ASCII, nothing else, no leading zeros. What leaves nothing is counted as it was typed; '' for a blank name.
 */
export function nameForCounting(name: string): string {
  const plain = folded(name.normalize('NFKD')).normalize('NFKD').replaceAll(/[^\p{L}\p{N}]/gu, '').replaceAll(/\p{Nd}/gu, asciiDigit).replace(/^0+(?=.)/u, '')
  return plain === '' ? name.normalize('NFKC').trim() : plain
}
