import { services } from "../../../lib/services.ts";
import { seeOther, withoutBody } from "../../../lib/web/html.ts";
import { isFramed, isPrefetch } from "../../_answers/caller.ts";
import { answerHtml, errorAnswer, goneAnswer } from "../../_answers/html.tsx";
import { translatorOf, screenUrl } from "../../_answers/language.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";
import { queryOf } from "../../_answers/query.ts";
import { backAnswer } from "../_pages/back-answer.tsx";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/**
 * Where a page of the bank's own sends the browser back to; what it brings answers the step that
 * sent it there, once.
 */
export const GET = (request: Request) =>
  answerHtml(request, async () => {
    // A page that is loaded ahead is nobody's way back.
    if (isPrefetch(request.headers)) return errorAnswer(request, "gone");
    const framed = isFramed(request.headers);
    const back = await services().returnFromBank(queryOf(request), { framed });
    if (back.type === "here") return seeOther(screenUrl(back.handle));
    if (back.type === "gone") return errorAnswer(request, "gone");
    // “Close this window” is no word for a frame.
    if (framed) return goneAnswer(request, { error: back.frameError, locale: back.locale });
    return backAnswer(request, translatorOf(request, back.locale));
  });

/** Asks nothing of the bank: only a person's own way back answers a step. */
export const HEAD = async (request: Request) =>
  withoutBody(await answerHtml(request, async () => errorAnswer(request, "gone")));
