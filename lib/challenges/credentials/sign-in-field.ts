import { z } from "zod";
import { bankText, optionalBankText } from "../form-text.ts";

/**
 * Longest entry that is taken where the bank names no limit; generous, since a bank's old passwords
 * follow rules of its own.
 */
export const maxSecret = 1000;
/** A name is shown again after an error, and so kept in the sealed step. */
export const maxName = 200;

/** A field of a bank's own, in its own words. */
export const signInField = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
    label: bankText(),
    hint: optionalBankText(),
    /**
     * `password` is not shown while it is typed. `number-like` is made of digits, with spaces and
     * dashes forgiven.
     */
    type: z.enum(["text", "password", "number-like"]),
    /** A secret is never shown again; a password is one anyway. */
    secret: z.boolean().optional(),
    /**
     * What a browser or a password manager may fill in (WCAG 1.3.5); nothing unless the bank says.
     */
    autocomplete: z
      .enum([
        "username",
        "current-password",
        "one-time-code",
        "email",
        "tel",
        "given-name",
        "family-name",
        "bday",
        "postal-code",
        "off",
      ])
      .optional(),
    inputMode: z.enum(["text", "numeric", "email", "tel"]).optional(),
    /** The bank's own limits, in characters. We have no others for what people chose long ago. */
    minLength: z.int().min(1).max(maxSecret).optional(),
    maxLength: z.int().min(1).max(maxSecret).optional(),
  })
  .refine(({ minLength = 1, maxLength = maxSecret }) => minLength <= maxLength)
  .describe("`minLength` is not larger than `maxLength`.");
export type SignInField = z.output<typeof signInField>;

export const isSecret = ({ type, secret }: SignInField): boolean =>
  type === "password" || secret === true;

/**
 * The usual two keep the names that password managers look for; another one is prefixed, so that it
 * can never be the name of a field of ours.
 */
export const formName = (name: string): string =>
  name === "username" || name === "password" ? name : `field-${name}`;
