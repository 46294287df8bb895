import type { SandboxUser } from "../../challenges/sandbox.ts";
import type { RefusalReason } from "../bank-adapter.ts";

export interface Scenario extends SandboxUser {
  /** The bank refuses instead of going on. */
  refusal?: RefusalReason;
  /** The requested account is not among those shown. */
  otherAccounts?: true;
  /** How long the bank thinks about the password, in milliseconds. */
  delayMs?: number;
  /**
   * What goes wrong: the bank is not there, never answers or answers nonsense, the adapter has a
   * bug, or the bank asks something we have no screen for.
   */
  fault?: "away" | "hangs" | "nonsense" | "broken" | "unknown-kind";
}

/** The users who show no one kind of challenge; those of a kind stand in its folder. */
export const generalUsers: Readonly<Record<string, Scenario>> = {
  user_good: { checks: [], answers: "", expect: "Signs in, with no second step." },
  user_two_rounds: {
    checks: ["sms", "car"],
    answers: "Code 123456, then first car: blue",
    expect: "A code by text message, then a security question.",
  },
  user_unknown_kind: {
    checks: [],
    fault: "unknown-kind",
    answers: "",
    expect: "The bank asks something the connector has no screen for.",
  },
  user_wrong_account: {
    checks: [],
    otherAccounts: true,
    answers: "",
    expect: "Signs in, but the account is not among those shown.",
  },
  user_locked: {
    checks: [],
    refusal: "locked",
    answers: "",
    expect: "Refused: the account is locked.",
  },
  user_suspended: {
    checks: [],
    refusal: "suspended",
    answers: "",
    expect: "Refused: the account is suspended.",
  },
  user_password_expired: {
    checks: [],
    refusal: "password-expired",
    answers: "",
    expect: "Refused: the password has expired.",
  },
  user_action_needed: {
    checks: [],
    refusal: "action-needed",
    answers: "",
    expect: "Refused: something must be done at the bank first.",
  },
  user_slow: {
    checks: [],
    delayMs: 8000,
    answers: "",
    expect: "The bank answers after 8 seconds.",
  },
  user_down: { checks: [], fault: "away", answers: "", expect: "The bank is unavailable." },
  user_hangs: { checks: [], fault: "hangs", answers: "", expect: "The bank never answers." },
  user_broken: { checks: [], fault: "broken", answers: "", expect: "The bank adapter fails." },
  user_nonsense: {
    checks: [],
    fault: "nonsense",
    answers: "",
    expect: "The bank adapter answers nonsense.",
  },
};

/** Right everywhere; it opens nothing but this sandbox. */
export const sandboxPassword = "pass_good";
