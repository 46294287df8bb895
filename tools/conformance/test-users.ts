import { z } from "zod";
import { type Answer, answerSchema } from "../../lib/challenges/index.ts";
import { refusalReasons } from "../../lib/banks/bank-adapter.ts";
import { secretFile } from "../../lib/config/setting-values.ts";
import type { FilledPage } from "./page-browser.ts";
import { needsBrowser } from "./through-page.ts";

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * A code that the bank's back end gets from us, by the adapter's `called`, with the key that the
 * file holds: for each journey another one.
 */
const madeCode = z.strictObject({
  kind: z.literal("made-code"),
  keyFile: secretFile,
  accounts: z.array(z.string().min(1)).min(1),
  identifier: z.string().min(1).optional(),
});
/**
 * Something that a test person does, or a test system for them, in an app: the kit polls until it
 * is done.
 */
const elsewhere = z.strictObject({ kind: z.literal("elsewhere") });
/**
 * A page of the bank's. With `fill` it is filled in by a browser, which then presses what `press`
 * names; several in a row are pages that follow each other. Without it the kit goes as far as one
 * gets without a browser: redirects, and links whose address the pattern `press` matches; otherwise
 * the one that leads back.
 */
const page = z
  .strictObject({
    kind: z.literal("page"),
    fill: z.record(z.string().min(1), z.union([z.string(), z.boolean()])).optional(),
    press: z.string().min(1).optional(),
  })
  .refine(({ fill, press = "" }) => fill !== undefined || isPattern(press), {
    path: ["press"],
    error: "is no regular expression",
  });

const opening = z.discriminatedUnion("kind", [...answerSchema.options, madeCode]);
const step = z.discriminatedUnion("kind", [...answerSchema.options, elsewhere, page]);
export type Opening = z.output<typeof opening>;
type WrittenStep = z.output<typeof step>;
/** Pages that follow each other are one step: they are the answer to one question. */
export type Step =
  Exclude<WrittenStep, { kind: "page" }> | { kind: "page"; pages: readonly FilledPage[] };
export type Journey = readonly [Opening, ...Step[]];

const journey = z
  .tuple([opening], step)
  .transform(([first, ...rest]): Journey => [first, ...stepsOf(rest)]);

function stepsOf(written: readonly WrittenStep[]): Step[] {
  const steps: Step[] = [];
  for (const next of written) {
    const last = steps.at(-1);
    if (next.kind !== "page") steps.push(next);
    // A page without a form may follow one with it; two without are two questions.
    else if (last?.kind === "page" && needsBrowser([...last.pages, next]))
      steps.splice(-1, 1, { kind: "page", pages: [...last.pages, next] });
    else steps.push({ kind: "page", pages: [next] });
  }
  return steps;
}

/**
 * Whom the kit signs in as: people of a test system, with all they do, the first answer to the
 * first challenge.
 */
export const testUsersSchema = z.strictObject({
  /** An account that `good` has. */
  externalId: z.string().min(1),
  good: journey,
  /** Of a bank of make-believe alone: it shows whatever account it is asked about. */
  confirmsAnyAccount: z.boolean().default(false),
  /** A first answer that is wrong; there is none where the first screen asks for nothing. */
  wrong: answerSchema.optional(),
  /** Somebody who does not have that account. */
  otherAccount: journey.optional(),
  /** More journeys that end well, by a name for the report. */
  more: z.record(z.string(), journey).default({}),
  refused: z.partialRecord(z.enum(refusalReasons), journey).default({}),
  /** Somebody whose first answer takes some seconds. */
  slow: answerSchema.optional(),
});
export type TestUsers = z.output<typeof testUsersSchema>;

/** What is typed of a journey, up to the first thing done elsewhere. */
export function typedOf(journey: Journey): Answer[] {
  const answers: Answer[] = [];
  for (const step of journey) {
    if (step.kind === "elsewhere" || step.kind === "page" || step.kind === "made-code") break;
    answers.push(step);
  }
  return answers;
}

const signIn = (username: string, password = "pass_good") => ({
  kind: "credentials" as const,
  value: { username, password },
});
const code: Answer = { kind: "one-time-code", value: { code: "123456" } };
const car: Answer = {
  kind: "security-questions",
  value: { answers: [{ id: "car", text: "Blue" }] },
};

/** The people of the reference bank. */
export const referenceBankTestUsers: TestUsers = {
  confirmsAnyAccount: false,
  externalId: "the-account-asked-for",
  good: [signIn("good")],
  wrong: signIn("good", "not the password"),
  otherAccount: [signIn("other")],
  more: {
    "one code": [signIn("sms"), code],
    "a choice, then a code": [
      signIn("device"),
      { kind: "method-choice", value: { method: "app" } },
      code,
    ],
    "two rounds": [signIn("two-rounds"), code, car],
    "a picture": [signIn("photo"), { kind: "picture-code", value: { reply: "123456" } }],
    "the app": [signIn("push"), { kind: "elsewhere" }],
  },
  refused: Object.fromEntries(refusalReasons.map((reason) => [reason, [signIn(reason)]])),
  slow: signIn("slow"),
};

/** The people of the sandbox (docs and README). */
export const sandboxTestUsers: TestUsers = {
  confirmsAnyAccount: true,
  externalId: "an-account",
  good: [signIn("user_good")],
  wrong: signIn("user_good", "not the password"),
  otherAccount: [signIn("user_wrong_account")],
  more: {
    "one code": [signIn("user_sms"), code],
    "two rounds": [signIn("user_two_rounds"), code, car],
    "the app": [signIn("user_push"), { kind: "elsewhere" }],
  },
  refused: {
    locked: [signIn("user_locked")],
    suspended: [signIn("user_suspended")],
    "password-expired": [signIn("user_password_expired")],
    "action-needed": [signIn("user_action_needed")],
  },
  slow: signIn("user_slow"),
};
