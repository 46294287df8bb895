import type { MessageKey } from "../i18n/translator.ts";

/** What a person does on one screen with the keyboard alone, once its heading is there. */
export interface KeyboardStep {
  heading: MessageKey;
  /** What stands in the placeholders of the heading. */
  values?: Readonly<Record<string, string | number>>;
  /** Of the step indicator; 2 unless told. */
  phase?: 1 | 2;
  /** The title says that something is wrong. */
  error?: true;
  /** What is typed into the inputs of these names; then Continue is pressed. */
  type?: Readonly<Record<string, string>>;
  /** The radio button that is chosen, counted from 0; then Continue is pressed. */
  choose?: number;
  /** The button that is pressed. */
  press?: MessageKey;
  /** The page of the bank's own, behind a link, is said yes to. */
  atBank?: "frame" | "window";
}

/** What every sandbox user of a kind does after signing in, to reach the account. */
export interface KeyboardJourneys {
  /** In `npm test`: what shows the kind. */
  always: Readonly<Record<string, readonly KeyboardStep[]>>;
  /** In `npm run gallery`: the rest. */
  gallery?: Readonly<Record<string, readonly KeyboardStep[]>>;
}
