import { z } from "zod";
import { continueButton, defineChallenge } from "../challenge.ts";
import { optionalBankText, typedText } from "../form-text.ts";
import { bankPicture, pictureView } from "../picture.ts";
import { bankSound, soundView } from "../sound.ts";
import { pictureCodeExamples } from "./examples.ts";
import { readReply } from "./reply.ts";
import { pictureCodeAbout } from "./about.ts";
import { pictureCodeSandbox } from "./sandbox.ts";
import { PictureCodeView } from "./view.tsx";

/** How often to ask whether the picture has run out; an adapter may say to be asked less often. */
const pollSeconds = 5;

const prompt = z.strictObject({
  /**
   * `scan`: with the bank's app, which then shows a code. `read`: what is in the picture is the
   * code.
   */
  purpose: z.enum(["scan", "read"]),
  picture: bankPicture,
  /**
   * How long a picture works, where it runs out at all. Nobody finds a phone in less than half a
   * minute, and a session has only so many screens.
   */
  expiresInSeconds: z.int().min(30).max(1200).optional(),
  /** What the picture says, to be typed into the app by a person who cannot scan it. */
  instead: optionalBankText(120),
  /** The same code to be heard, where what is in the picture is to be read. */
  sound: bankSound.optional(),
  /** What the bank wants the person to know, in its own words. */
  note: optionalBankText(500),
  reply: z.strictObject({
    characters: z.enum(["digits", "any"]),
    length: z.int().min(1).max(40).optional(),
  }),
});

/**
 * A picture of the bank's and the code that follows from it. It can be replaced by the person, and
 * is by the bank when it ran out.
 */
export const pictureCode = defineChallenge({
  kind: "picture-code",
  phase: () => "verify",
  prompt,
  answer: ({ purpose, reply }) =>
    z.union([
      z.object({ action: z.literal("refresh") }).transform(() => ({ refresh: true as const })),
      z.object({ reply: readReply(purpose, reply) }),
    ]),
  bankAnswer: z.union([
    z.strictObject({ reply: typedText }),
    z.strictObject({ refresh: z.literal(true) }),
  ]),
  values: ({ reply, expiresInSeconds = 0 }) => ({
    length: reply.length ?? 0,
    minutes: Math.ceil(expiresInSeconds / 60),
  }),
  heading: ({ purpose }) => `picture-code.heading-${purpose}`,
  problems: ({ purpose }) => ({
    wrong: { field: "reply", key: `picture-code.wrong-${purpose}` },
    // The turn that says so brings a new picture (docs/extending.md).
    expired: { field: "reply", key: "picture-code.expired" },
    denied: { field: "reply", key: `picture-code.wrong-${purpose}` },
  }),
  primary: () => continueButton,
  otherWays: () => [{ action: "refresh", key: "picture-code.refresh" }],
  // What was typed belongs to one picture.
  kept: () => [],
  pollSeconds: ({ expiresInSeconds }) => (expiresInSeconds === undefined ? undefined : pollSeconds),
  toView: ({ picture, sound, ...shown }) => ({
    ...shown,
    picture: pictureView(picture),
    sound: sound && soundView(sound),
  }),
  View: PictureCodeView,
  get examples() {
    return pictureCodeExamples();
  },
  sandbox: pictureCodeSandbox,
  about: pictureCodeAbout,
});
