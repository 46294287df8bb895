import type { EndingContent, SessionResult, StepContent } from "../authorisations/session.ts";
import type { BankDescription } from "../banks/bank-adapter.ts";
import type { Phase } from "../challenges/challenge.ts";
import { kindOf } from "../challenges/index.ts";
import type { DeliveryStatus, GoneError } from "./endings.ts";

/** What a screen shows of the bank it is about. */
export interface BankView {
  bank: string;
  /** Where the bank helps people. */
  help?: BankDescription["help"];
  /** The style sheet in the bank's own colours, where it has any. */
  style?: BankDescription["style"];
}

interface FormScreen extends BankView {
  /** The handle in the address the screen's form posts to. */
  handle: string;
  formToken: string;
  /**
   * Changes whenever another screen is due; the script compares it with what the status address
   * says.
   */
  version: string;
}

/** A screen with a limit of time: Sage's, by the database's clock when the screen was made. */
interface TimedScreen extends FormScreen {
  secondsLeft: number;
}

/**
 * What is told at an address that shows nothing of a journey (any more): that it was started in
 * another rendering of the page, was taken further from here or is over; or nothing, where there
 * was none.
 */
export interface Gone {
  error: GoneError;
  /** The language of the session, where there is one. */
  locale?: string;
}

/** What a person is shown; all that a page needs, and nothing else. */
export type Screen =
  | (TimedScreen & {
      type: "challenge";
      content: StepContent;
      /** The authorisation, for who is locked out. */ reference: string;
      /** Set on the first screen: how long there is in all. */ minutesLeft?: number;
      /** Why the first screen comes back, as it stands in its address (limit-notice.ts). */
      limitNotice?: string | undefined;
    })
  | (TimedScreen & {
      type: "working";
      content: StepContent;
      /** How long the bank has been at it, in seconds. */ waitedSeconds: number;
    })
  /**
   * The person chose not to wait for the bank; what it says is taken and passed on all the same.
   */
  | (BankView & { type: "left"; returnUrl: string | null; version: string })
  | (FormScreen & {
      type: "finishing";
      /** Whether it is a success that Sage is being told. */ succeeded: boolean;
    })
  | (BankView & {
      type: "finished";
      result: SessionResult;
      reason: string | null;
      /** Which accounts the bank did not show, where there are any. */
      content?: EndingContent | undefined;
      /** Whether Sage knows, as far as we do. */
      deliveryStatus: DeliveryStatus;
      /** Null where the address that was stored is not one we send people to. */
      returnUrl: string | null;
      /** How long until it is worth trying again, in seconds; null where the bank does not say. */
      retrySeconds: number | null;
      reference: string;
      version: string;
    })
  | ({ type: "gone" } & Gone)
  /** The bank was taken out of the connector, and nothing is known of it any more. */
  | { type: "unknown-bank" };

/** What of a bank's description goes on a screen. */
export const toBankView = ({ name, help, style }: BankDescription): BankView => ({
  bank: name,
  ...(help && help.length > 0 ? { help } : {}),
  ...(style ? { style } : {}),
});

const phases = ["sign-in", "verify", "finish"] as const satisfies readonly Phase[];

/**
 * How far the journey is. The bank decides at run time what comes next, so these are phases and not
 * steps; a screen that ends the journey without success shows none of it, since what is left will
 * not come.
 */
export function progress(
  screen: Screen,
): { phase: Phase; status: "done" | "current" | "coming" }[] {
  const at = currentPhase(screen);
  if (at === undefined) return [];
  const position = phases.indexOf(at);
  return phases.map((phase, index) => ({
    phase,
    status: index < position ? "done" : index === position ? "current" : "coming",
  }));
}

function currentPhase(screen: Screen): Phase | undefined {
  switch (screen.type) {
    case "challenge":
    case "working":
      return kindOf(screen.content.challenge).phase;
    case "finishing":
      return screen.succeeded ? "finish" : undefined;
    case "finished":
      return screen.result === "authorised" ? "finish" : undefined;
    case "left":
    case "gone":
    case "unknown-bank":
      return undefined;
  }
}
