import { passed, wrong } from "../sandbox.ts";

/** The word of every sandbox user. */
const sandboxWord = "sandpiper";

/** Some characters of the word; capital letters do not matter. */
export const memorableCharactersSandbox = {
  checks: {
    memorable: {
      ask: () => ({
        positions: [2, 5, 7],
        length: sandboxWord.length,
        capitals: "ignored" as const,
      }),
      answer: ({ characters }: { characters: { position: number; character: string }[] }) =>
        characters.every(
          ({ position, character }) => character.toLowerCase() === sandboxWord[position - 1],
        )
          ? passed
          : wrong,
      otherWay: "push",
    },
  },
  users: {
    user_memorable: {
      checks: ["memorable"],
      answers: "Characters 2, 5 and 7 of sandpiper: a, p, p",
      expect: "Three characters of a memorable word.",
    },
  },
};
