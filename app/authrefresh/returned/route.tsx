import { withoutBody } from "../../../lib/web/html.ts";
import { answerHtml } from "../../_answers/html.tsx";
import { translatorOf } from "../../_answers/language.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";
import { backAnswer } from "../_pages/back-answer.tsx";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/**
 * What a window that came back from the bank shows, in the language chosen there: the same words
 * for everybody, of no journey.
 */
export const GET = (request: Request) =>
  answerHtml(request, () => backAnswer(request, translatorOf(request)));

export const HEAD = async (request: Request) => withoutBody(await GET(request));
