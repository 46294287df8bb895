import { chosenLocale } from "../../lib/i18n/languages.ts";
import { negotiateLocale } from "../../lib/i18n/negotiate-locale.ts";
import { translatorFor, type Translator } from "../../lib/i18n/translator.ts";
import { services } from "../../lib/services.ts";
import { queryOf } from "./query.ts";

/** Where a handle's screen is. */
export const screenUrl = (handle: string): string =>
  `${services().settings.publicUrl}/authrefresh/${handle}`;

/**
 * The handle in a request's path; undefined where there is none, or something that cannot be one of
 * ours. The way back from a bank's page is no screen, and its query is the bank's.
 */
export const handleIn = (request: Request): string | undefined =>
  /^\/authrefresh\/(?!return$)([A-Za-z0-9._-]+)$/.exec(new URL(request.url).pathname)?.[1];

/** The language chosen in the address of a screen; no other address has one. */
export const languageIn = (request: Request): string | undefined =>
  handleIn(request) === undefined ? undefined : chosenLocale(queryOf(request));

const languageOfBrowser = (request: Request) =>
  negotiateLocale(request.headers.get("accept-language"));

/**
 * The language of a request: what was chosen with it, otherwise the session's, otherwise the
 * browser's.
 */
export const translatorOf = (request: Request, ofSession?: string): Translator =>
  translatorFor(languageIn(request) ?? ofSession ?? languageOfBrowser(request));

/**
 * The address that a screen's forms post to. It holds the language where the browser would ask for
 * another one: there is no session yet that could remember it, or none that can be read to word an
 * error.
 */
export const formUrl = (request: Request, handle: string, { locale }: Translator): string =>
  `${screenUrl(handle)}${locale === languageOfBrowser(request) ? "" : `?lang=${locale}`}`;
