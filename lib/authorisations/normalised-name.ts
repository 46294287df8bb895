import { plainDigits } from "../i18n/plain-digits.ts";

// Letters that Unicode does not take apart, as banks and databases that ignore accents read them.
const plainLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  ø: "o",
  đ: "d",
  ð: "d",
  ħ: "h",
  ł: "l",
  ŧ: "t",
  æ: "ae",
  œ: "oe",
  þ: "th",
};

// Letters to Unicode, and none to a reader: fillers that are not seen, apostrophes, and the stroke
// that lengthens an Arabic word.
const notCounted = /[^\p{L}\p{N}]|\p{Default_Ignorable_Code_Point}|[\u02b9-\u02c1\u0640]/gu;

/**
 * Letter by letter, since a final sigma is another one than a sigma elsewhere; capitals first,
 * which takes ß, ſ and ı with it.
 */
const normalised = (text: string) =>
  Array.from(text.toUpperCase(), (letter) => letter.toLowerCase())
    .map((letter) => plainLetters[letter] ?? letter)
    .join("");

/**
 * The one form in which all spellings of a name are counted that a bank may forgive: each of them
 * would have tries of its own otherwise. Compatibility decomposition (NFKD, UAX #15) without marks,
 * letters in lower case, digits of any script as ASCII, nothing else, no leading zeros. What leaves
 * nothing is counted as it was typed; '' for a blank name.
 */
export function nameForCounting(name: string): string {
  const plain = plainDigits(
    normalised(name.normalize("NFKD")).normalize("NFKD").replaceAll(notCounted, ""),
  ).replace(/^0+(?=.)/u, "");
  return plain === "" ? name.normalize("NFKC").trim() : plain;
}
