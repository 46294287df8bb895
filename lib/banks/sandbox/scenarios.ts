import type { RefusalReason } from "../bank-adapter.ts";

export interface Scenario {
  /** Names in `checks.ts`: what follows a correct password, one after the other. */
  checks: readonly string[];
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

/**
 * The sandbox users of the contract: the user name picks the scenario. A name that is not here is a
 * wrong user name.
 */
export const scenarios: Readonly<Record<string, Scenario>> = {
  user_good: { checks: [] },
  user_sms: { checks: ["sms"] },
  user_email: { checks: ["email"] },
  user_totp: { checks: ["totp"] },
  user_card_reader: { checks: ["card-reader"] },
  user_device: { checks: ["device"] },
  user_questions: { checks: ["car-and-pet"] },
  user_memorable: { checks: ["memorable"] },
  user_message: { checks: ["message"] },
  user_fields: { checks: ["fields"] },
  user_push: { checks: ["push"] },
  user_push_number: { checks: ["push-number"] },
  user_push_denied: { checks: ["push-denied"] },
  user_push_expired: { checks: ["push-expired"] },
  user_redirect: { checks: ["redirect"] },
  user_redirect_window: { checks: ["redirect-window"] },
  user_photo: { checks: ["photo"] },
  user_captcha: { checks: ["captcha"] },
  user_image: { checks: ["image"] },
  user_two_rounds: { checks: ["sms", "car"] },
  user_unknown_kind: { checks: [], fault: "unknown-kind" },
  user_wrong_account: { checks: [], otherAccounts: true },
  user_locked: { checks: [], refusal: "locked" },
  user_suspended: { checks: [], refusal: "suspended" },
  user_password_expired: { checks: [], refusal: "password-expired" },
  user_action_needed: { checks: [], refusal: "action-needed" },
  user_slow: { checks: [], delayMs: 8000 },
  user_down: { checks: [], fault: "away" },
  user_hangs: { checks: [], fault: "hangs" },
  user_broken: { checks: [], fault: "broken" },
  user_nonsense: { checks: [], fault: "nonsense" },
};

/** Right everywhere; it opens nothing but this sandbox. */
export const sandboxPassword = "pass_good";
