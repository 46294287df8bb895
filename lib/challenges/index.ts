import { z } from "zod";
import type { ReactElement } from "react";
import type { MessageKey } from "../i18n/translator.ts";
import type { ChallengeKind, FormFields, FieldProblem, ViewProps } from "./challenge.ts";
import type { FieldIssueParams } from "./form-text.ts";
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
  answer: (prompt: never) => z.ZodType<infer Answer>;
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
 */
export function readAnswer(
  challenge: Challenge,
  entries: FormFields,
  { otherWay = false } = {},
): ReadAnswer {
  if (otherWay && entries.action === "other-way") return { answer: { kind: "other-way" } };
  const kind = challengeKinds.find(
    (candidate) => candidate.kind === challenge.kind,
  ) as unknown as AnyKind;
  const parsed = kind.answer(challenge.prompt).safeParse(entries);
  if (parsed.success) return { answer: { kind: challenge.kind, value: parsed.data } as Answer };
  const values = kind.values(challenge.prompt);
  return {
    problems: fieldIssues(parsed.error).map(({ field, key, about, more }) => ({
      field,
      message: { key, values: { ...values, ...more } },
      ...(about === undefined ? {} : { about }),
    })),
  };
}

// A union reports its members' issues nested; the member that reads the ordinary answer is the last
// one.
function fieldIssues(error: z.core.$ZodError) {
  return error.issues.flatMap((issue) => {
    if (issue.code === "invalid_union") return issue.errors.at(-1)?.map(toField) ?? [];
    return [toField(issue)];
  });
}

// A button is no field: what is wrong with the pressing of it belongs to the page.
function toField(issue: z.core.$ZodIssue) {
  const [field] = issue.path;
  const { about, ...more }: FieldIssueParams = issue.code === "custom" ? (issue.params ?? {}) : {};
  return {
    field: field === undefined || field === "action" ? null : String(field),
    key: issue.message as MessageKey,
    about,
    more,
  };
}
