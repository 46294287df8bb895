import type { RefusalReason } from "../banks/bank-adapter.ts";
import type { MessageKey } from "../i18n/translator.ts";

/** What a person can do about an outcome. Closed: docs/outcomes.md has words for each. */
export const nextActions = {
  "go-back": "Go back to Sage; there is nothing more to do",
  "look-again": "Go back to Sage and look again in a few minutes",
  "start-again": "Go back to Sage and start again",
  "other-person": "Go back to Sage and sign in as the person who can see the account",
  "contact-bank": "Contact the bank",
  "use-bank-first": "Do something at the bank first, in the usual way, then start again from Sage",
  "try-again-here": "Try again on this page",
  "tell-sage": "Go back to Sage, and contact Sage support if it happens again",
  "go-forward": "Go on in the window where it was started, or press Forward",
  "check-address": "Check the address, or go back to Sage",
} as const;
export type NextAction = keyof typeof nextActions;

/**
 * Whether it may be tried again: at once, once the next action is done or some time has passed, or
 * not with any hope.
 */
export const retries = { yes: "yes, at once", later: "later", no: "no" } as const;

/** Why a journey can fail through nobody's fault but ours or the bank's. */
export const failureReasons = ["unexpected", "unknown-challenge", "too-many-steps"] as const;

/** Errors outside a session. */
export const errorNames = [
  "gone",
  "already-started",
  "already-answered",
  "over",
  "frames-only",
  "refused",
  "unknown-bank",
  "malformed",
  "cross-origin-post",
  "form-type",
  "form-too-large",
  "form-too-slow",
  "unavailable",
  "unexpected",
  "not-found",
] as const;
export type ErrorName = (typeof errorNames)[number];

/** Whether Sage has been told of the end, as far as we know. */
export type DeliveryStatus = "delivered" | "unconfirmed" | "undeliverable";

/** Why an address shows no screen. */
export type GoneError = Extract<
  ErrorName,
  "gone" | "already-started" | "already-answered" | "over"
>;

/** Every way a journey can end for the person in front of it. */
type EndingName =
  | "authorised"
  | `authorised.${"unconfirmed" | "undelivered"}`
  | "cancelled"
  | "expired"
  | `refused.${RefusalReason | "wrong-account"}`
  | `failed.${(typeof failureReasons)[number]}`;
export type ScreenEndingName =
  EndingName | "left" | "bank-away" | "too-many-tries" | `error.${ErrorName}`;

export interface Ending {
  title: MessageKey;
  text: MessageKey;
  next: NextAction;
  retry: keyof typeof retries;
}

/**
 * Everything a journey can come to, and every error a person can meet: what the screen is called,
 * what it says, what can be done next and whether it may be tried again. The pages take their words
 * from here, and docs/outcomes.md is made from it.
 */
export const endings = {
  authorised: row("authorised", "go-back", "no"),
  "authorised.unconfirmed": row("authorised.unconfirmed", "look-again", "later"),
  "authorised.undelivered": row("authorised.undelivered", "start-again", "yes"),
  left: row("left", "look-again", "later"),
  cancelled: row("cancelled", "start-again", "yes"),
  expired: row("expired", "start-again", "yes"),
  "bank-away": {
    title: "page.errors",
    text: "bank-away.problem",
    next: "try-again-here",
    retry: "later",
  },
  "too-many-tries": {
    title: "page.errors",
    text: "too-many-tries.problem",
    next: "try-again-here",
    retry: "later",
  },
  "refused.wrong-account": row("refused.wrong-account", "other-person", "yes"),
  "refused.locked": row("refused.locked", "contact-bank", "later"),
  "refused.suspended": row("refused.suspended", "contact-bank", "later"),
  "refused.password-expired": row("refused.password-expired", "use-bank-first", "later"),
  "refused.action-needed": row("refused.action-needed", "use-bank-first", "later"),
  "refused.too-many-tries": row("refused.too-many-tries", "start-again", "later"),
  "refused.denied": row("refused.denied", "start-again", "yes"),
  "refused.not-approved": row("refused.not-approved", "start-again", "yes"),
  "refused.not-set-up": row("refused.not-set-up", "use-bank-first", "later"),
  "refused.accounts-missing": row("refused.accounts-missing", "other-person", "yes"),
  "failed.unexpected": row("failed.unexpected", "start-again", "yes"),
  "failed.unknown-challenge": row("failed.unknown-challenge", "contact-bank", "no"),
  "failed.too-many-steps": row("failed.too-many-steps", "start-again", "yes"),
  "error.gone": row("error.gone", "start-again", "yes"),
  "error.already-started": row("error.already-started", "go-forward", "no"),
  "error.already-answered": row("error.already-answered", "go-forward", "no"),
  "error.over": row("error.over", "look-again", "no"),
  "error.frames-only": row("error.frames-only", "start-again", "yes"),
  "error.refused": row("error.refused", "start-again", "yes"),
  "error.unknown-bank": row("error.unknown-bank", "tell-sage", "later"),
  "error.malformed": row("error.malformed", "start-again", "yes"),
  "error.cross-origin-post": row("error.cross-origin-post", "try-again-here", "yes"),
  "error.form-type": row("error.form-type", "try-again-here", "yes"),
  "error.form-too-large": row("error.form-too-large", "try-again-here", "yes"),
  "error.form-too-slow": row("error.form-too-slow", "try-again-here", "yes"),
  "error.unavailable": row("error.unavailable", "try-again-here", "later"),
  "error.unexpected": row("error.unexpected", "try-again-here", "later"),
  "error.not-found": row("error.not-found", "check-address", "no"),
} as const satisfies Record<ScreenEndingName, Ending>;

/** Names of the catalogue that have a heading and a text. */
type Named = {
  [Key in MessageKey]: Key extends `${infer Name}.heading`
    ? `${Name}.text` extends MessageKey
      ? Name
      : never
    : never;
}[MessageKey];

function row<Next extends NextAction, Retry extends Ending["retry"]>(
  name: Named,
  next: Next,
  retry: Retry,
) {
  return {
    title: `${name}.heading` as MessageKey,
    text: `${name}.text` as MessageKey,
    next,
    retry,
  };
}

/**
 * The outcome of a finished session. A reason that nobody knows is a fault of ours and is told as
 * one.
 */
export function endingOf({
  result,
  reason,
  deliveryStatus,
}: {
  result: string;
  reason: string | null;
  deliveryStatus: DeliveryStatus;
}): Ending {
  const suffix =
    result === "authorised"
      ? { delivered: "", unconfirmed: ".unconfirmed", undeliverable: ".undelivered" }[
          deliveryStatus
        ]
      : reason === null
        ? ""
        : `.${reason}`;
  const name = `${result}${suffix}`;
  return Object.hasOwn(endings, name) ? endings[name as EndingName] : endings["failed.unexpected"];
}
