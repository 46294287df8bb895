import type { Entries } from "../../../lib/challenges/challenge.ts";
import { seeOther, withoutBody } from "../../../lib/web/html.ts";
import { parseForm, readBody } from "../../../lib/http/request-body.ts";
import { services } from "../../../lib/services.ts";
import type { ErrorName } from "../../../lib/journey/endings.ts";
import type { ReadForm } from "../../../lib/authrefresh/start.ts";
import { isForeignPost, isPrefetch } from "../../_answers/caller.ts";
import {
  answerInFrame,
  assets,
  documentAnswer,
  errorAnswer,
  goneAnswer,
} from "../../_answers/html.tsx";
import { formAddress, languageIn, readerOf, screenAddress } from "../../_answers/language.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";
import { ScreenPage } from "../_pages/screen-page.tsx";

export const dynamic = "force-dynamic";
export const { PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD", "POST");

interface Context {
  params: Promise<{ handle: string }>;
}

// In the address and not in the session: nothing has changed, and a reload may say it again.
const checkedMark = "checked";
const queryOf = (request: Request) =>
  new URLSearchParams(request.headers.get("x-connector-query") ?? "");
const wasChecked = (request: Request) => queryOf(request).has(checkedMark);

// For the script: this screen comes right after a posted password, so its heading is said once more
// (docs/decisions/063). The field's name comes with the form (lib/ui/field.tsx).
const announceMark = "announce";
const hasSecret = (entries: Entries = {}) =>
  entries.action !== "language" && Boolean(entries[entries.secret_field ?? ""]);

/**
 * The current screen; repeat-safe. With a language in its query, that is the session's from then
 * on; a browser that only looks ahead chooses none.
 */
export const GET = (request: Request, context: Context) =>
  show(request, context, isPrefetch(request.headers) ? undefined : languageIn(request));

export const HEAD = async (request: Request, context: Context) =>
  withoutBody(await show(request, context));

const show = (request: Request, { params }: Context, speak?: string) =>
  answerInFrame(request, async () => {
    const { handle } = await params;
    const { screen, locale } = await services().showStep(handle, {
      speak,
      reason: queryOf(request).get("reason") ?? undefined,
    });
    if (screen.screen === "gone") return goneAnswer(request, screen);
    if (screen.screen === "unknown-bank") return errorAnswer(request, screen.screen);
    const reader = readerOf(request, locale);
    const status = screen.screen === "finished" && screen.result === "expired" ? 410 : 200;
    const page = (
      <ScreenPage
        screen={screen}
        address={formAddress(request, handle, reader)}
        acted={languageIn(request) !== undefined}
        checked={wasChecked(request)}
        reader={reader}
        assets={assets(screen)}
      />
    );
    return documentAnswer(status, page, reader);
  });

const bodyErrors = {
  "wrong-type": "form-type",
  "too-large": "form-too-large",
  "too-slow": "form-too-slow",
  malformed: "form-type",
} as const;

/** Answers the step that is on the screen, or presses a button beside it. */
export const POST = (request: Request, { params }: Context) =>
  answerInFrame(request, async () => {
    const { audit, clock, settings, start, submitAnswer } = services();
    if (isForeignPost(request.headers, settings.publicUrl)) {
      audit.tally("form-refused", "origin");
      return errorAnswer(request, "foreign-form");
    }
    let unreadable: ErrorName = "form-type";
    let entries: Entries | undefined;
    const readForm: ReadForm = async () => {
      const body = await readBody(request, "application/x-www-form-urlencoded", clock);
      if (body.ok) return (entries = parseForm(body.text));
      unreadable = bodyErrors[body.reason];
      return undefined;
    };
    const { handle } = await params;
    const posted = handle.includes(".")
      ? await start(handle, readForm, readerOf(request).locale)
      : await submitAnswer(handle, readForm);
    if (posted.posted === "unreadable") return errorAnswer(request, unreadable);
    if (posted.posted !== "see")
      audit.tally("form-refused", posted.posted === "gone" ? posted.error : posted.posted);
    if (posted.posted === "gone") return goneAnswer(request, posted);
    if (posted.posted !== "see") return errorAnswer(request, posted.posted);
    if (posted.reason === undefined)
      return seeOther(
        `${screenAddress(posted.handle)}${posted.checked ? `?${checkedMark}` : hasSecret(entries) ? `?${announceMark}` : ""}`,
      );
    audit.tally("form-refused", "too-many-tries");
    // The language of a first screen stands in its address alone.
    return seeOther(
      `${screenAddress(posted.handle)}?${new URLSearchParams({ reason: posted.reason, ...(languageIn(request) === undefined ? {} : { lang: readerOf(request).locale }) })}`,
    );
  });
