import { z } from "zod";
import type { MessageKey } from "../../i18n/translator.ts";
import { bareCode } from "../form-text.ts";

const maxLength = 40;

/** Reads the reply to a picture. Capitals are left to the bank. */
export const readReply = (
  purpose: "scan" | "read",
  { characters, length }: { characters: "digits" | "any"; length?: number | undefined },
) =>
  z
    .string()
    .default("")
    .transform(bareCode)
    .superRefine((reply, context) => {
      const problem = ((): MessageKey | undefined => {
        if (reply === "") return `picture-code.missing-${purpose}`;
        if (characters === "digits" && !/^\d+$/.test(reply)) return "picture-code.not-digits";
        if (length === undefined)
          return reply.length > maxLength ? "picture-code.too-long" : undefined;
        if ([...reply].length === length) return undefined;
        return characters === "digits"
          ? "picture-code.wrong-length-digits"
          : "picture-code.wrong-length";
      })();
      if (problem) context.addIssue(problem);
    });
