import type { z } from "zod";
import type { Answer, Challenge } from "../../challenges/index.ts";
import type {
  AdapterState,
  BankRequest,
  RefusalReason,
  bankResultSchema,
} from "../bank-adapter.ts";

type ChallengeResult = Extract<z.input<typeof bankResultSchema>, { type: "challenge" }>;

/** What a check may know. */
export interface CheckContext {
  request: BankRequest;
  /** What the check itself handed back last, or null. */
  memory: AdapterState;
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
  | ({ type: "again"; memory?: AdapterState; restart?: true } & Pick<
      ChallengeResult,
      "problem" | "notice" | "waitSeconds"
    >)
  | { type: "instead"; check: string }
  | { type: "refused"; reason: RefusalReason }
  | { type: "pending"; pollSeconds?: number };

/** Something the sandbox bank asks after the password. */
export interface Check {
  ask(context: CheckContext): Challenge;
  answer(answer: Answer, context: CheckContext): Verdict;
  poll?(context: CheckContext): Verdict;
  /** The check that "Use another way" leads to. */
  otherWay?: string;
}

export const wrong: Verdict = { type: "wrong" };
export const passed: Verdict = { type: "passed" };
