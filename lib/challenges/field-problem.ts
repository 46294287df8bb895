import type { Message } from "../i18n/translator.ts";

/**
 * A text beside one field, and in the error summary that links to it; a problem of no field stands
 * in the summary alone.
 */
export interface FieldProblem {
  field: string | null;
  /**
   * Further fields that the same words are about, such as the other parts of a date. The summary
   * links to `field`; each of them is marked, and described by the words.
   */
  alsoAt?: readonly string[] | undefined;
  message: Message;
  /**
   * The bank's own words for the field, where the message names it (`{about}`): two empty fields
   * must not get the same words in the summary.
   */
  about?: string | undefined;
}

/** Every field that a problem is about; none where it belongs to the page. */
export const fieldsOf = ({ field, alsoAt = [] }: Pick<FieldProblem, "field" | "alsoAt">) =>
  field === null ? [] : [field, ...alsoAt];
