import { createElement, type ReactElement, type ReactNode } from "react";
import type { z } from "zod";
import type { MessageKey, Translator } from "../i18n/translator.ts";
import { errorId } from "../ui/field.tsx";
import type { FieldProblem } from "./field-problem.ts";
import { ProblemText } from "./problem-text.tsx";
import type { SandboxPart } from "./sandbox.ts";

/** Where a person is in the journey; what the step indicator lists. */
export type Phase = "sign-in" | "verify" | "finish";

/**
 * What can be wrong with an answer the bank did check. Closed, so that every kind must have words
 * for each.
 */
export const answerProblems = ["wrong", "expired", "denied"] as const;
export type AnswerProblem = (typeof answerProblems)[number];

/** What went well, or is not possible yet, and the person should know. */
export const noticeNames = ["sent-again", "wait", "refreshed", "asked-again"] as const;

/** The fields of a posted form, by name; a repeated field counts once, with its first value. */
export type FormFields = Readonly<Record<string, string>>;

export interface ViewProps<View> {
  view: View;
  bank: string;
  translator: Translator;
  /**
   * BCP 47 tag of the bank's own words in `view`; undefined when the bank does not say, or they are
   * in the reader's language.
   */
  bankLang?: string | undefined;
  problems: readonly FieldProblem[];
  /** What the person typed before, as far as it may be kept: never a secret. */
  fields: FormFields;
  /**
   * Whether the page offers "Use another way", so that a view can say so before it asks for
   * something hard.
   */
  otherWay: boolean;
}

/** A button of a challenge: the value of `action` it posts, and its words. */
export interface Action {
  action: string;
  key: MessageKey;
}

/** What the documents say of a kind, in Markdown. */
export interface AboutKind {
  /** What an adapter hands over. */
  handOver: string;
  /** What comes back as `answer.value`. */
  get: string;
  /** How each thing that it asks is possible without remembering or copying (WCAG 3.3.8). */
  withoutMemory: readonly { asked: string; how: string }[];
}

/**
 * A kind of question a bank can ask: everything the connector must know to ask it, in one folder
 * and one line of `index.ts`. `prompt` checks what an adapter hands over, `answer` reads the form
 * (with `action`, the button that was pressed) at the time given. The message of an issue that
 * `answer` raises is a key of the catalogue and its first path segment the field; `toView` is the
 * only way from a prompt to the screen.
 */
export interface ChallengeKind<Kind extends string, Prompt, Answer, View> {
  kind: Kind;
  phase: (prompt: Prompt) => Exclude<Phase, "finish">;
  prompt: z.ZodType<Prompt>;
  answer: (prompt: Prompt, at: { now: Date }) => z.ZodType<Answer>;
  /** What `answer` comes to, as the bank API sends it (docs/bank-api.yaml). */
  bankAnswer: z.ZodType<Answer>;
  /** Values for the placeholders of this kind's messages; all of them get `bank`, too. */
  values: (prompt: Prompt) => Record<string, string | number>;
  heading: (prompt: Prompt) => MessageKey;
  /** The words for a refused answer, and the fields they are about, if any. */
  problems: (
    prompt: Prompt,
  ) => Record<AnswerProblem, Pick<FieldProblem, "field" | "alsoAt"> & { key: MessageKey }>;
  /**
   * The one button that goes on; undefined where the view has a way of its own, such as a link to
   * the bank.
   */
  primary: (prompt: Prompt) => Action | undefined;
  /**
   * What else the person can do here: buttons after the primary one. "Use another way" is not among
   * them: every kind has it where the bank offers one (Turn.otherWay).
   */
  otherWays: (prompt: Prompt) => readonly Action[];
  /**
   * Fields that may be shown again, after an error or in another language: never a password, a code
   * or an answer.
   */
  kept: (prompt: Prompt) => readonly string[];
  /**
   * How often to ask the bank whether the person is done elsewhere, in seconds; undefined where
   * only an answer given here goes on.
   */
  pollSeconds?: (prompt: Prompt) => number | undefined;
  toView: (prompt: Prompt) => View;
  View: (props: ViewProps<View>) => ReactElement;
  /**
   * Every shape a reviewer should see; `misfilled` names forms that go wrong in a way of this
   * kind's own.
   */
  examples: readonly {
    name: string;
    prompt: Prompt;
    invalid?: Readonly<Record<string, FormFields>>;
  }[];
  /** What the sandbox bank asks of this kind, and the user names that it asks it of. */
  sandbox: SandboxPart<NoInfer<Prompt>, NoInfer<Answer>>;
  /** Its rows in docs/extending.md and docs/accessibility.md. */
  about: AboutKind;
}

/** The usual button. */
export const continueButton: Action = { action: "continue", key: "page.continue" };

/**
 * Keeps the type parameters of a kind together, so that its parts are checked against each other
 * where it is written.
 */
export function defineChallenge<const Kind extends string, Prompt, Answer, View>(
  definition: ChallengeKind<Kind, Prompt, Answer, View>,
) {
  return definition;
}

/**
 * The id of the words that are about `field` but stand at another one; for `Field`'s `errorId`.
 * Where the words of several fields stand is the view's to say: beside the first, or over all of
 * them.
 */
export const errorIdAt = (
  field: string,
  { problems }: Pick<ViewProps<unknown>, "problems">,
): string | undefined => {
  const problem = problems.find(({ alsoAt }) => alsoAt?.includes(field));
  return problem?.field == null ? undefined : errorId(problem.field);
};

/** The words for a problem at `field`, or undefined where there is none. */
export function errorAt(
  field: string,
  { problems, ...props }: Pick<ViewProps<unknown>, "problems" | "translator" | "bank" | "bankLang">,
): ReactNode {
  const problem = problems.find((candidate) => candidate.field === field);
  return problem && createElement(ProblemText, { problem, ...props });
}
