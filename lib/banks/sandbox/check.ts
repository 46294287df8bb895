import type { z } from "zod";
import type { Answer, Challenge } from "../../challenges/index.ts";
import type { AdapterState, BankRequest, RefusalReason, turnSchema } from "../bank-adapter.ts";

type ChallengeTurn = Extract<z.input<typeof turnSchema>, { turn: "challenge" }>;

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
  | { verdict: "passed" }
  /** A wrong answer; five of them in a row end the journey. */
  | { verdict: "wrong" }
  /**
   * The same check again, with these changes; `memory` replaces what it remembered, `restart` its
   * time.
   */
  | ({ verdict: "again"; memory?: AdapterState; restart?: true } & Pick<
      ChallengeTurn,
      "problem" | "notice" | "waitSeconds"
    >)
  | { verdict: "instead"; check: string }
  | { verdict: "refused"; reason: RefusalReason }
  | { verdict: "pending"; pollSeconds?: number };

/** Something the sandbox bank asks after the password. */
export interface Check {
  ask(context: CheckContext): Challenge;
  answer(answer: Answer, context: CheckContext): Verdict;
  poll?(context: CheckContext): Verdict;
  /** The check that "Use another way" leads to. */
  otherWay?: string;
}

export const wrong: Verdict = { verdict: "wrong" };
export const passed: Verdict = { verdict: "passed" };
