import { pick } from "../../simulator/draws.ts";

/** What a person is going to do; drawn before they begin. */
export interface Plan {
  /** A user of the sandbox bank (README, "The sandbox bank"). */
  user: string;
  /** The endings that are truthful for them: names of lib/journey/endings.ts. */
  truthful: readonly string[];
  /** Posts every form twice at once, to whichever replicas come. */
  twice: boolean;
  /** Gives a wrong code first. */
  wrongFirst: boolean;
  /** Sends the notification so often, at once, and once more afterwards. */
  notifications: number;
  /**
   * Enters before the notification is sent; only where nothing keeps that from being acknowledged
   * in time.
   */
  early: boolean;
  /** Presses Cancel on the second screen. */
  cancels: boolean;
}

const success = ["authorised", "authorised.unconfirmed"];
const users: Readonly<Record<string, readonly string[]>> = {
  user_sms: success,
  user_good: success,
  user_two_rounds: success,
  user_questions: success,
  user_slow: success,
  user_wrong_account: ["refused.wrong-account"],
  user_locked: ["refused.locked"],
  user_broken: ["failed.unexpected"],
  user_nonsense: ["failed.unexpected"],
  user_unknown_kind: ["failed.unknown-challenge"],
  // Tries twice and gives up.
  user_down: ["cancelled"],
  user_hangs: ["cancelled"],
};

/** The users of a scenario that names none. */
const usualUsers = [
  "user_sms",
  "user_sms",
  "user_sms",
  "user_good",
  "user_two_rounds",
  "user_questions",
  "user_wrong_account",
  "user_locked",
] as const;

export function drawPlan(
  draw: () => number,
  from: readonly string[] = usualUsers,
  fixed: Partial<Plan> = {},
): Plan {
  const user = fixed.user ?? pick(draw, from);
  const cancels = fixed.cancels ?? (user === "user_sms" && draw() < 0.05);
  return {
    user,
    truthful: cancels ? ["cancelled"] : (users[user] ?? []),
    twice: draw() < 0.1,
    wrongFirst: user === "user_sms" && draw() < 0.1,
    notifications: draw() < 0.1 ? 3 : 1,
    early: false,
    ...fixed,
    cancels,
  };
}
