import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { fieldIssue, optionalBankText } from "../form-text.ts";
import { charactersOf } from "./characters-of.ts";
import { memorableCharactersExamples } from "./examples.ts";
import { memorableCharactersAbout } from "./about.ts";
import { memorableCharactersSandbox } from "./sandbox.ts";
import { MemorableCharactersView } from "./view.tsx";

const prompt = z
  .strictObject({
    /** Which characters, counted from 1, in the order they are asked for. */
    positions: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(10)
      .refine((positions) => new Set(positions).size === positions.length)
      .meta({ uniqueItems: true }),
    /** How many the whole word has; absent where the bank does not tell. */
    length: z.int().min(1).max(100).optional().describe("Not less than any position."),
    /** What the bank calls it, for example "security phrase". */
    called: optionalBankText(100),
    /**
     * Whether capital letters matter, where the bank says. Characters are handed over as they were
     * typed.
     */
    capitals: z.enum(["matter", "ignored"]).optional(),
  })
  .refine(({ positions, length = Infinity }) => Math.max(...positions) <= length);

const characterField = (position: number) => `character-${position}`;

/** Some characters of a word that the person once chose; never the whole of it. */
export const memorableCharacters = defineChallenge({
  kind: "memorable-characters",
  phase: () => "verify",
  prompt,
  answer: ({ positions }) =>
    z
      .object(
        Object.fromEntries(
          ["together", ...positions.map(characterField)].map((field) => [
            field,
            z.string().default(""),
          ]),
        ),
      )
      .transform((fields, context) => {
        const pairs = (typed: readonly (string | undefined)[]) => ({
          characters: positions.map((position, index) => ({
            position,
            character: typed[index] ?? "",
          })),
        });
        // Separators are taken out where several characters stand in one field; one that is asked
        // for can be typed in its own.
        const together = charactersOf((fields.together ?? "").replace(/[,;]/g, ""));
        if (together.length === positions.length) return pairs(together);
        if (together.length > 0)
          context.addIssue({
            ...fieldIssue("memorable-characters.together-wrong"),
            path: ["together"],
          });
        else {
          const single = positions.map((position) =>
            charactersOf(fields[characterField(position)] ?? ""),
          );
          if (single.every(({ length }) => length === 1)) return pairs(single.flat());
          for (const [index, position] of positions.entries()) {
            const count = single[index]?.length ?? 0;
            if (count !== 1)
              context.addIssue({
                ...fieldIssue(
                  count === 0 ? "memorable-characters.missing" : "memorable-characters.one-only",
                  { position },
                ),
                path: [characterField(position)],
              });
          }
        }
        return z.NEVER;
      }),
  bankAnswer: z.strictObject({
    characters: z.array(z.strictObject({ position: z.int(), character: z.string() })),
  }),
  values: ({ positions }) => ({ count: positions.length }),
  heading: () => "memorable-characters.heading",
  problems: ({ positions: [first = 1] }) => {
    // At the first one, and of all of them: telling which was wrong would let them be guessed one
    // by one.
    const wrong = { field: characterField(first), key: "memorable-characters.wrong" } as const;
    return { wrong, expired: wrong, denied: wrong };
  },
  primary: () => continueButton,
  otherWays: () => [],
  kept: () => [],
  toView: ({ positions, ...more }) => ({
    ...more,
    characters: positions.map((position) => ({ position, field: characterField(position) })),
  }),
  View: MemorableCharactersView,
  examples: memorableCharactersExamples,
  sandbox: memorableCharactersSandbox,
  about: memorableCharactersAbout,
});
