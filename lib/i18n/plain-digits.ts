/**
 * The same text with the decimal digits of any script as those of ASCII: people type what their
 * keyboard has.
 */
export const plainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)));

// Unicode §4.6: the digits of a script follow each other from zero, and blocks of ten may do so,
// too.
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}
