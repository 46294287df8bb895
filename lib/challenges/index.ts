import { z } from "zod";
import type { ReactElement } from "react";
import type { ChallengeKind, FormFields, ViewProps } from "./challenge.ts";
import type { FieldProblem } from "./field-problem.ts";
import { fieldIssues } from "./field-issues.ts";
import { approval } from "./approval/definition.ts";
import { credentials } from "./credentials/definition.ts";
import { memorableCharacters } from "./memorable-characters/definition.ts";
import { message } from "./message/definition.ts";
import { methodChoice } from "./method-choice/definition.ts";
import { oneTimeCode } from "./one-time-code/definition.ts";
import { pictureChoice } from "./picture-choice/definition.ts";
import { pictureCode } from "./picture-code/definition.ts";
import { redirect } from "./redirect/definition.ts";
import { securityQuestions } from "./security-questions/definition.ts";

/**
 * THE list of challenge kinds. Types, parsers, rendering and the accessibility loop are made from
 * it.
 */
export const challengeKinds = [
  credentials,
  methodChoice,
  oneTimeCode,
  securityQuestions,
  memorableCharacters,
  message,
  approval,
  redirect,
  pictureCode,
  pictureChoice,
] as const;

type Kinds = (typeof challengeKinds)[number];
type PromptOf<K> = K extends { kind: infer Kind; prompt: z.ZodType<infer Prompt> }
  ? { kind: Kind; prompt: Prompt }
  : never;
type AnswerOf<K> = K extends {
  kind: infer Kind;
  answer: (prompt: never, at: never) => z.ZodType<infer Answer>;
}
  ? { kind: Kind; value: Answer }
  : never;

/** What a bank asks. */
export type Challenge = PromptOf<Kinds>;
/**
 * What a person gave, in the shape of the kind that was asked; or the wish for another way, where
 * the bank offers one.
 */
export type Answer = AnswerOf<Kinds> | { kind: "other-way" };

/**
 * Largest challenge taken, in bytes of JSON. A step is sealed whole, and what the adapter remembers
 * and what was typed are in it, too (lib/crypto/sealed-json.ts).
 */
const maxChallenge = 224 * 1024;

/** Parses a challenge that an adapter handed over or that was sealed earlier. */
export const challengeSchema = z
  .discriminatedUnion(
    "kind",
    challengeKinds.map(({ kind, prompt }) =>
      z.strictObject({ kind: z.literal(kind), prompt }),
    ) as never,
  )
  .refine((challenge) => Buffer.byteLength(JSON.stringify(challenge)) <= maxChallenge)
  .describe(`At most ${maxChallenge / 1024} KiB of JSON in all.`) as unknown as z.ZodType<
  Challenge,
  Challenge
>;

type AnswerOption<K> = K extends { kind: infer Kind extends string; bankAnswer: infer Value }
  ? Value extends z.ZodType
    ? z.ZodObject<{ kind: z.ZodLiteral<Kind>; value: Value }, z.core.$strict>
    : never
  : never;
type AnswerOptions<List extends readonly unknown[]> = {
  -readonly [Index in keyof List]: AnswerOption<List[Index]>;
};
const otherWay = z
  .strictObject({ kind: z.literal("other-way") })
  .describe("The person asks for another way to confirm, which you offered with `otherWay`.");

/** What a person gave, as it is sent to a bank. */
export const answerSchema = z.discriminatedUnion("kind", [
  ...challengeKinds.map(({ kind, bankAnswer }) =>
    z.strictObject({ kind: z.literal(kind), value: bankAnswer }),
  ),
  otherWay,
] as unknown as [...AnswerOptions<typeof challengeKinds>, typeof otherWay]);

// A list of different kinds has no common type for "the prompt of this kind"; this is the one place
// that forgets it.
type AnyKind = ChallengeKind<Challenge["kind"], unknown, unknown, unknown>;

/** The kind of a challenge, with its prompt bound. */
export function kindOf(challenge: Challenge) {
  const kind = challengeKinds.find(
    (candidate) => candidate.kind === challenge.kind,
  ) as unknown as AnyKind;
  return {
    phase: kind.phase(challenge.prompt),
    heading: kind.heading(challenge.prompt),
    values: kind.values(challenge.prompt),
    problems: kind.problems(challenge.prompt),
    kept: kind.kept(challenge.prompt),
    primary: kind.primary(challenge.prompt),
    otherWays: kind.otherWays(challenge.prompt),
    pollSeconds: kind.pollSeconds?.(challenge.prompt),
    render: (props: Omit<ViewProps<unknown>, "view">): ReactElement =>
      kind.View({ ...props, view: kind.toView(challenge.prompt) }),
  };
}

export type ReadAnswer = { answer: Answer } | { problems: FieldProblem[] };

/**
 * Reads a posted form as the answer to `challenge`: to the kind that is pending, never to one the
 * form names.
 * @param at.now when it was posted, for what must lie in the past or the future.
 */
export function readAnswer(
  challenge: Challenge,
  fields: FormFields,
  { now, otherWay = false }: { now: Date; otherWay?: boolean },
): ReadAnswer {
  if (otherWay && fields.action === "other-way") return { answer: { kind: "other-way" } };
  const kind = challengeKinds.find(
    (candidate) => candidate.kind === challenge.kind,
  ) as unknown as AnyKind;
  const parsed = kind.answer(challenge.prompt, { now }).safeParse(fields);
  if (parsed.success) return { answer: { kind: challenge.kind, value: parsed.data } as Answer };
  const values = kind.values(challenge.prompt);
  return {
    problems: fieldIssues(parsed.error).map(({ field, alsoAt, key, about, more }) => ({
      field,
      ...(alsoAt === undefined ? {} : { alsoAt }),
      message: { key, values: { ...values, ...more } },
      ...(about === undefined ? {} : { about }),
    })),
  };
}
