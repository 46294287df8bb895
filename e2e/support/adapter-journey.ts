import type { TestBanks } from "./test-banks.ts";
import type { ExpectedScreen, Wizard } from "./wizard.ts";
import type { MessageKey } from "./words.ts";

/** Somebody on the way, the banks, and what looks at a screen. */
export interface OnTheWay {
  wizard: Wizard;
  banks: TestBanks;
  connectorUrl: string;
  /** Looks at the screen that is there with axe. */
  look(): Promise<void>;
}
export type Act = (on: OnTheWay) => Promise<void>;

/** What people do at a bank of one adapter. */
export interface AdapterJourney {
  /** An account of theirs, where it is not everybody's. */
  account?: string;
  first: [heading: MessageKey, screen: ExpectedScreen];
  /** Answers wrongly, up to the screen that says so. */
  wrong: Act;
  /** From the first screen, from the wrong answer or from a bank that was away to the end. */
  right: Act;
  /** Has the bank answer nobody, up to the screen that says so; none where no bank is asked. */
  away?: Act;
  /**
   * Signs in as somebody without the account, where the same person may not be asked about another
   * one.
   */
  otherPerson?: Act;
}
