import { plainDigits } from "../../i18n/plain-digits.ts";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * What a person calls characters, one by one: without spaces and invisible marks, full-width ones
 * and digits of any script made plain.
 */
export function charactersOf(typed: string): string[] {
  // Nobody types more into a field for a few; splitting costs time.
  const bare = plainDigits(
    typed
      .slice(0, 1000)
      .normalize("NFKC")
      .replace(/[\s\p{Cc}\p{Cf}]/gu, ""),
  );
  return Array.from(segmenter.segment(bare), ({ segment }) => segment);
}
