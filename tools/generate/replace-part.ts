/**
 * A text with what stands between its lines `begin NAME: …` and `end NAME` replaced; both are
 * comments in the language of the text, and stay.
 * @param made whole lines.
 * @throws {Error} where the text has no such part.
 */
export function replacePart(text: string, name: string, made: string): string {
  const part = new RegExp(`(^.*\\bbegin ${name}:.*\\n)[^]*?(^.*\\bend ${name}\\b)`, "m");
  if (!part.test(text)) throw new Error(`there is no part to fill: begin ${name}: … end ${name}`);
  return text.replace(part, (_, begin: string, end: string) => begin + made + end);
}
