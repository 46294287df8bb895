import { describe, expect, test } from "vitest";
import { type Catalogue, catalogues, type Locale, type MessageKey } from "./catalogues.ts";

/** Whole words, in any alphabet: `\b` knows ASCII letters only. */
const words = (...patterns: string[]) =>
  new RegExp(`(?<!\\p{L})(${patterns.join("|")})(?!\\p{L})`, "iu");
// Programmers' words, and what puts the blame on the reader (accessibility bar A15); iOS offers to
// scan a card at a label with "security code".
const english = words(
  "session",
  "token",
  "timed? ?out",
  "authenticat\\w*",
  "submit",
  "next",
  "security code",
  "invalid",
  "please",
);
const french = words(
  "session",
  "jeton",
  "token",
  "authentif\\p{L}*",
  "timeout",
  "délai d’attente",
  "soumet\\p{L}*",
  "suivant",
  "code de sécurité",
  "invalides?",
  "veuillez",
  "s’il vous plaît",
);

const jargon: Record<Locale, RegExp> = {
  "en-GB": english,
  "en-US": english,
  "fr-FR": french,
  "fr-CA": french,
  "es-ES": words(
    "sesión",
    "sesiones",
    "token",
    "autenti[cf]\\p{L}*",
    "timeout",
    "tiempo de espera",
    "siguiente",
    "código de seguridad",
    "inválid[oa]s?",
    "no válid[oa]s?",
    "por favor",
  ),
  "de-DE": words(
    "sitzung\\p{L}*",
    "token",
    "authenti\\p{L}*",
    "timeout",
    "zeitüberschreitung",
    "absenden",
    "übermitteln",
    "sicherheitscode",
    "ungültig\\p{L}*",
    "bitte",
  ),
  "pt-PT": words(
    "sessão",
    "sessões",
    "token",
    "autentic\\p{L}*",
    "timeout",
    "tempo limite",
    "submet\\p{L}*",
    "seguinte",
    "código de segurança",
    "inválid[oa]s?",
    "por favor",
  ),
};

/**
 * Words that are usual elsewhere but not where this language is spoken, or in the address a bank
 * uses.
 */
const foreign: Record<Locale, RegExp> = {
  "en-GB": words("\\p{L}{3,}iz(e|ed|es|ing|ation)", "canceled", "color", "username", "e-mail"),
  "en-US": words(
    "authoris\\p{L}*",
    "recognis\\p{L}*",
    "cancelled",
    "colour",
    "user name",
    "whilst",
    "run out",
    "e-mail",
  ),
  "fr-FR": words("tu", "toi", "ton", "ta", "tes", "courriels?", "messages? textes?", "texto"),
  "fr-CA": words(
    "tu",
    "toi",
    "ton",
    "ta",
    "tes",
    "e-mails?",
    "mails?",
    "sms",
    "saisi\\p{L}*",
    "revenez à Sage",
  ),
  "es-ES": words(
    "tú",
    "tu",
    "tus",
    "vos",
    "vosotros",
    "ingres[ae]\\p{L}*",
    "celular",
    "computadora",
  ),
  "de-DE": words("du", "dir", "dich", "dein\\p{L}*"),
  "pt-PT": words(
    "você",
    "tu",
    "teu",
    "tua",
    "senha",
    "usuário",
    "celular",
    "tela",
    "contato",
    "arquivo",
  ),
};

describe.each(Object.entries<Catalogue>(catalogues) as [Locale, Catalogue][])(
  "the words in %s",
  (locale, catalogue) => {
    const texts = Object.entries(catalogue) as [MessageKey, string][];

    test("are plain", () => {
      for (const [key, text] of texts) expect.soft(text, key).not.toMatch(jargon[locale]);
    });
    test("are the usual ones there", () => {
      for (const [key, text] of texts) expect.soft(text, key).not.toMatch(foreign[locale]);
    });
    test("are set as the language sets them", () => {
      // French keeps its two-part marks from the word by a space that does not break; the others
      // have none there.
      const marks = locale.startsWith("fr-") ? /\p{L}[:;?!»]| [:;?!»]|« /u : /\s[:;?!]/;
      for (const [key, text] of texts) {
        expect.soft(text, `${key}: a straight quote is an escape to ICU`).not.toMatch(/['"]/);
        expect.soft(text, key).not.toMatch(/^\s|\s$| {2}|[\t\n]/);
        expect.soft(text, key).not.toMatch(marks);
      }
    });
    test("end with the same mark as in en-GB", () => {
      const lastMark = (text: string) => /[.:?!…]$/.exec(text)?.[0];
      for (const [key, text] of texts)
        expect.soft(lastMark(text), key).toBe(lastMark(catalogues["en-GB"][key]));
    });
  },
);
