import { z } from "zod";
import { noticeNames } from "../challenges/challenge.ts";
import { challengeSchema } from "../challenges/index.ts";
import type { MessageKey } from "../i18n/translator.ts";
import type { BankAccount } from "../sage/bank-account.ts";
import { type SessionResult, sessionResults } from "./session-result.ts";

// In a file of its own, so that the stores need nothing of the challenges.
export { type SessionResult, sessionResults };

const message = z.strictObject({
  key: z.string().transform((key) => key as MessageKey),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

/** What a step is about: kept sealed between two requests, never a password or a code. */
export const stepContentSchema = z.strictObject({
  challenge: challengeSchema,
  /** What the bank adapter remembers. */
  adapterState: z.json(),
  /**
   * Whether the bank has heard of this person: the first answer goes to `start`, later ones to
   * `answer`.
   */
  started: z.boolean(),
  /** What is wrong with single fields. */
  problems: z.array(
    z.strictObject({
      field: z.string().nullable(),
      alsoAt: z.array(z.string()).readonly().optional(),
      message,
      about: z.string().optional(),
    }),
  ),
  /** What is wrong with none of them. */
  pageProblem: z.enum(["bank-away", "too-many-tries"]).nullable(),
  /** Wrong answers the bank still takes, where it says. */
  triesLeft: z.int().nullable(),
  notice: z.enum(noticeNames).nullable(),
  /** For the notice `wait` and the problem `too-many-tries`. */
  waitSeconds: z.int().nullable(),
  /** Whether the bank offers another way to confirm. */
  otherWay: z.boolean(),
  /** BCP 47 tag of the bank's own words. */
  lang: z.string().nullable(),
  fields: z.record(z.string(), z.string()),
});
export type StepContent = z.output<typeof stepContentSchema>;

/** How many accounts the last screen names. */
export const maxNamed = 10;

/** What the last screen tells beside its words: sealed like a step, with the session's handle. */
export const endingContentSchema = z.strictObject({
  /** Accounts that stay without access, by name or by the last characters of their number. */
  uncovered: z
    .array(z.union([z.strictObject({ name: z.string() }), z.strictObject({ ending: z.string() })]))
    .max(maxNamed),
  /** How many more there are. */
  more: z.int().min(0),
});
export type EndingContent = z.output<typeof endingContentSchema>;

/** Where a session stands. `step` grows by one with every new screen; answers are bound to it. */
export type SessionStatus =
  | { state: "awaiting_user"; step: number; content: StepContent }
  | { state: "awaiting_bank"; step: number; content: StepContent }
  | {
      state: "finished";
      step: number;
      result: SessionResult;
      reason: string | null;
      /** When it is worth coming back, in seconds from the end; if the bank says. */
      retryAfterSeconds?: number | undefined;
      /** What the bank confirmed; known when a session ends, and kept nowhere but in the outcome. */
      accounts?: readonly BankAccount[];
      content?: EndingContent | undefined;
    };
export type RunningStatus = Exclude<SessionStatus, { state: "finished" }>;
