import type { ReactElement } from "react";
import type { Translator } from "../../lib/i18n/translator.ts";
import { isDatabaseUnavailable } from "../../lib/db/db.ts";
import { htmlResponse } from "../../lib/web/html.ts";
import { errorFields } from "../../lib/log/log.ts";
import { retryAfterSeconds } from "../../lib/web/problem.ts";
import { services } from "../../lib/services.ts";
import type { Assets } from "../../lib/ui/page.tsx";
import type { ErrorName } from "../../lib/journey/endings.ts";
import type { Gone } from "../../lib/journey/screen.ts";
import { ErrorFragment, ErrorPage } from "./error-page.tsx";
import { isNavigation, isTopLevel } from "./caller.ts";
import { formUrl, handleIn, languageIn, translatorOf } from "./language.ts";

/**
 * Absolute, so that a document works wherever it ends up.
 * @param of the screen, whose bank may have colours of its own.
 */
export function assets(of: { style?: string | undefined } = {}): Assets {
  const { settings, assets: files, ancestors } = services();
  return {
    script: `${settings.publicUrl}/assets/${files.script.name}`,
    integrity: files.script.integrity,
    style: `${settings.publicUrl}/assets/${of.style ?? files.style.name}`,
    ancestors,
  };
}

export function documentAnswer(
  status: number,
  body: ReactElement,
  translator: Translator,
): Promise<Response> {
  return htmlResponse({
    status,
    body,
    as: "document",
    policy: services().policy,
    headers: { "content-language": translator.locale },
  });
}

export function fragmentAnswer(
  status: number,
  body: ReactElement,
  translator: Translator,
): Promise<Response> {
  return htmlResponse({
    status,
    body,
    as: "fragment",
    policy: services().policy,
    headers: { "content-language": translator.locale },
  });
}

const statuses = {
  malformed: 400,
  refused: 403,
  "unknown-bank": 404,
  "cross-origin-post": 403,
  "frames-only": 403,
  "not-found": 404,
  "form-too-slow": 408,
  gone: 410,
  "already-started": 410,
  "already-answered": 410,
  over: 410,
  "form-too-large": 413,
  "form-type": 415,
  unexpected: 500,
  unavailable: 503,
} as const satisfies Record<ErrorName, number>;

/**
 * An error in the reader's language, or in the session's: a document for a navigation, a fragment
 * for a program.
 */
export async function errorAnswer(
  request: Request,
  name: ErrorName,
  ofSession?: string,
): Promise<Response> {
  const translator = translatorOf(request, ofSession);
  const navigation =
    isNavigation(request.headers) || new URL(request.url).pathname.startsWith("/authrefresh/");
  return htmlResponse({
    status: statuses[name],
    body: navigation ? (
      errorPage(request, name, translator)
    ) : (
      <ErrorFragment name={name} translator={translator} />
    ),
    as: navigation ? "document" : "fragment",
    policy: services().policy,
    headers: {
      "content-language": translator.locale,
      ...(name === "unavailable" ? { "retry-after": String(retryAfterSeconds) } : {}),
    },
  });
}

/** Why an address shows no screen. */
export const goneAnswer = (request: Request, { error, locale }: Gone): Promise<Response> =>
  errorAnswer(request, error, locale);

/**
 * Runs what answers at the address of a screen; where screens open only inside a frame
 * (`FRAMES_ONLY`), a window of its own is sent back to Sage in words, and nothing else is done.
 */
export const answerInFrame = (
  request: Request,
  handler: () => Promise<Response>,
): Promise<Response> =>
  answerHtml(request, async () =>
    services().settings.framesOnly && isTopLevel(request.headers)
      ? errorAnswer(request, "frames-only")
      : handler(),
  );

function errorPage(request: Request, name: ErrorName, translator: Translator): ReactElement {
  // What is gone is one screen, and nothing of the address that was asked for comes back in it: its
  // language is chosen at an address that never is any screen's.
  const handle = name === "gone" ? "gone" : handleIn(request);
  const url = handle === undefined ? undefined : formUrl(request, handle, translator);
  return (
    <ErrorPage
      name={name}
      translator={translator}
      assets={assets()}
      url={url}
      acted={actedHere(request)}
    />
  );
}

/**
 * Whether the page follows something done in a document of ours: a form, a language that was
 * chosen, a script that went on. Sage's page is another site, and its first screen must not take
 * the focus.
 */
const actedHere = (request: Request) =>
  request.method === "POST" ||
  request.headers.get("sec-fetch-site") === "same-origin" ||
  languageIn(request) !== undefined;

/**
 * Runs an HTML handler; what it throws becomes the error page of 503 or 500, and a log line without
 * any input in it.
 */
export async function answerHtml(
  request: Request,
  handler: () => Promise<Response>,
): Promise<Response> {
  try {
    return await services().inRequest(handler);
  } catch (error) {
    const away = isDatabaseUnavailable(error);
    services().log[away ? "warn" : "error"](
      away ? "database away" : "request failed",
      errorFields(error),
    );
    return errorAnswer(request, away ? "unavailable" : "unexpected");
  }
}
