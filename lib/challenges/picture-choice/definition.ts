import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { bankPicture, pictureView } from "../picture.ts";
import { pictureChoiceExamples } from "./examples.ts";
import { pictureChoiceAbout } from "./about.ts";
import { pictureChoiceSandbox } from "./sandbox.ts";
import { PictureChoiceView } from "./view.tsx";

const prompt = z.strictObject({
  /** `alt` is what people see beside a picture, too: short, and another one for each. */
  pictures: z
    .array(z.strictObject({ id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), picture: bankPicture }))
    .min(2)
    .max(12)
    .refine((pictures) => new Set(pictures.map(({ id }) => id)).size === pictures.length)
    .refine(
      (pictures) => new Set(pictures.map(({ picture }) => picture.alt)).size === pictures.length,
    )
    .describe("Each has an id and an `alt` of its own."),
});

/** The person finds the picture again that they once chose. */
export const pictureChoice = defineChallenge({
  kind: "picture-choice",
  phase: () => "verify",
  prompt,
  answer: ({ pictures }) =>
    z.object({
      choice: z.enum(
        pictures.map(({ id }) => id),
        { error: "picture-choice.missing" },
      ),
    }),
  bankAnswer: z.strictObject({ choice: z.string().describe("The id of a picture.") }),
  values: () => ({}),
  heading: () => "picture-choice.heading",
  problems: () => {
    const wrong = { field: "choice", key: "picture-choice.wrong" } as const;
    return { wrong, expired: wrong, denied: wrong };
  },
  primary: () => continueButton,
  otherWays: () => [],
  // Which picture it is, is the secret.
  kept: () => [],
  toView: ({ pictures }) => ({
    pictures: pictures.map(({ id, picture }) => ({ id, picture: pictureView(picture) })),
  }),
  View: PictureChoiceView,
  get examples() {
    return pictureChoiceExamples();
  },
  sandbox: pictureChoiceSandbox,
  about: pictureChoiceAbout,
});
