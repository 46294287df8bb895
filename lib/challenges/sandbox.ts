import type { z } from "zod";
import type { AnswerProblem, noticeNames } from "./challenge.ts";

type Json = z.core.util.JSONType;

/** What a check of the sandbox bank may know. */
export interface SandboxContext {
  /** The connector's own origin, for a page of the bank's that it plays. */
  publicUrl: string;
  /** Where a page of the bank's sends the browser back to. */
  returnAddress: string;
  /** What the check itself handed back last, or null. */
  memory: Json;
  nowMs: number;
  /** When it was first asked. */
  sinceMs: number;
}

/** What an answer, or a look at how things stand, comes to. */
export type Verdict =
  | { type: "passed" }
  /** A wrong answer; five of them in a row end the journey. */
  | { type: "wrong" }
  /**
   * The same check again, with these changes; `memory` replaces what it remembered, `restart` its
   * time.
   */
  | {
      type: "again";
      memory?: Json;
      restart?: true;
      problem?: AnswerProblem;
      notice?: (typeof noticeNames)[number];
      waitSeconds?: number;
    }
  /** Another check in its place, by name. */
  | { type: "instead"; check: string }
  | { type: "pending"; pollSeconds?: number };

export const wrong: Verdict = { type: "wrong" };
export const passed: Verdict = { type: "passed" };

/** Something the sandbox bank asks after the password. */
export interface SandboxCheck<Prompt, Answer> {
  ask: (context: SandboxContext) => Prompt;
  /** The one answer that it takes, where `answer` does not judge. */
  right?: Answer;
  answer?: (answer: Answer, context: SandboxContext) => Verdict;
  poll?: (context: SandboxContext) => Verdict;
  /** The check that "Use another way" leads to. */
  otherWay?: string;
}

/** A user name of the sandbox bank, which picks what it asks. */
export interface SandboxUser {
  /** Names of checks, of this kind or another: what follows a correct password, in this order. */
  checks: readonly string[];
  /** What to type after the password, for the people who try it; empty where there is nothing. */
  answers: string;
  /** What is to be seen. A sentence. */
  expect: string;
}

/** What the sandbox bank has of a kind of challenge; names are its own among all kinds. */
export interface SandboxPart<Prompt, Answer> {
  checks: Readonly<Record<string, SandboxCheck<Prompt, Answer>>>;
  users: Readonly<Record<string, SandboxUser>>;
}
