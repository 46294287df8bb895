import type { FormFields } from "../../../lib/challenges/challenge.ts";
import { seeOther, withoutBody } from "../../../lib/web/html.ts";
import { parseForm, readBody } from "../../../lib/http/request-body.ts";
import { services } from "../../../lib/services.ts";
import type { ErrorName } from "../../../lib/journey/endings.ts";
import type { ReadForm } from "../../../lib/authrefresh/claim-authorisation.ts";
import { isCrossOriginPost, isPrefetch } from "../../_answers/caller.ts";
import {
  answerInFrame,
  assets,
  documentAnswer,
  errorAnswer,
  goneAnswer,
} from "../../_answers/html.tsx";
import { formUrl, languageIn, translatorOf, screenUrl } from "../../_answers/language.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";
import { queryOf } from "../../_answers/query.ts";
import { ScreenPage } from "../_pages/screen-page.tsx";

export const dynamic = "force-dynamic";
export const { PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD", "POST");

interface Context {
  params: Promise<{ handle: string }>;
}

// In the address and not in the session: nothing has changed, and a reload may say it again.
const checkedMark = "checked";
const inQuery = (request: Request) => new URLSearchParams(queryOf(request));
const wasChecked = (request: Request) => inQuery(request).has(checkedMark);

// For the script: this screen comes right after a posted password, so its heading is said once more
// (docs/decisions/063). The field's name comes with the form (lib/ui/field.tsx).
const announceMark = "announce";
const hasSecret = (fields: FormFields = {}) =>
  fields.action !== "language" && Boolean(fields[fields.secret_field ?? ""]);

/**
 * The current screen; repeat-safe. With a language in its query, that is the session's from then
 * on; a browser that only looks ahead chooses none.
 */
export const GET = (request: Request, context: Context) =>
  show(request, context, isPrefetch(request.headers) ? undefined : languageIn(request));

export const HEAD = async (request: Request, context: Context) =>
  withoutBody(await show(request, context));

const show = (request: Request, { params }: Context, setLocale?: string) =>
  answerInFrame(request, async () => {
    const { handle } = await params;
    const { screen, locale } = await services().showStep(handle, {
      setLocale,
      limitNotice: inQuery(request).get("limit_notice") ?? undefined,
    });
    if (screen.type === "gone") return goneAnswer(request, screen);
    if (screen.type === "unknown-bank") return errorAnswer(request, screen.type);
    const translator = translatorOf(request, locale);
    const status = screen.type === "finished" && screen.result === "expired" ? 410 : 200;
    const page = (
      <ScreenPage
        screen={screen}
        url={formUrl(request, handle, translator)}
        acted={languageIn(request) !== undefined}
        checked={wasChecked(request)}
        translator={translator}
        assets={assets(screen)}
      />
    );
    return documentAnswer(status, page, translator);
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
    const { audit, clock, settings, claimAuthorisation, submitAnswer } = services();
    if (isCrossOriginPost(request.headers, settings.publicUrl)) {
      audit.increment("form-refused", "origin");
      return errorAnswer(request, "cross-origin-post");
    }
    let unreadable: ErrorName = "form-type";
    let fields: FormFields | undefined;
    const readForm: ReadForm = async () => {
      const body = await readBody(request, "application/x-www-form-urlencoded", clock);
      if (body.ok) return (fields = parseForm(body.text));
      unreadable = bodyErrors[body.reason];
      return undefined;
    };
    const { handle } = await params;
    const posted = handle.includes(".")
      ? await claimAuthorisation(handle, readForm, translatorOf(request).locale)
      : await submitAnswer(handle, readForm);
    if (posted.type === "unreadable") return errorAnswer(request, unreadable);
    if (posted.type !== "see-other")
      audit.increment("form-refused", posted.type === "gone" ? posted.error : posted.type);
    if (posted.type === "gone") return goneAnswer(request, posted);
    if (posted.type !== "see-other") return errorAnswer(request, posted.type);
    if (posted.limitNotice === undefined)
      return seeOther(
        `${screenUrl(posted.handle)}${posted.checked ? `?${checkedMark}` : hasSecret(fields) ? `?${announceMark}` : ""}`,
      );
    audit.increment("form-refused", "too-many-tries");
    // The language of a first screen stands in its address alone.
    return seeOther(
      `${screenUrl(posted.handle)}?${new URLSearchParams({ limit_notice: posted.limitNotice, ...(languageIn(request) === undefined ? {} : { lang: translatorOf(request).locale }) })}`,
    );
  });
