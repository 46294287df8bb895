import { type Check, passed, wrong } from "../check.ts";

/** The word of every sandbox user. */
const sandboxWord = "sandpiper";

/** Some characters of the word; capital letters do not matter. */
export const memorableCharacters = (...positions: number[]): Check => ({
  ask: () => ({
    kind: "memorable-characters",
    prompt: { positions, length: sandboxWord.length, capitals: "ignored" },
  }),
  answer: (answer) =>
    answer.kind === "memorable-characters" &&
    answer.value.characters.every(
      ({ position, character }) => character.toLowerCase() === sandboxWord[position - 1],
    )
      ? passed
      : wrong,
  otherWay: "push",
});
