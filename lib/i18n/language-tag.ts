import { z } from "zod";

/**
 * A language tag as far as we take one (BCP 47): the language, and at most three more parts. It
 * becomes a `lang` attribute (WCAG 3.1.2), where "de_DE" is none.
 */
export const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, "is not a language tag such as de or pt-BR");
