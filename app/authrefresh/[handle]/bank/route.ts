import { seeOther, withoutBody } from "../../../../lib/web/html.ts";
import { services } from "../../../../lib/services.ts";
import { isPrefetch } from "../../../_answers/caller.ts";
import { answerHtml, errorAnswer, goneAnswer } from "../../../_answers/html.tsx";
import { screenUrl } from "../../../_answers/language.ts";
import { refuseOtherMethods } from "../../../_answers/methods.ts";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

interface Context {
  params: Promise<{ handle: string }>;
}

/** The link to a page of the bank's own whose address does not last: it is asked for now. */
export const GET = (request: Request, { params }: Context) =>
  answerHtml(request, async () => {
    // A page that is loaded ahead is not where the person wants to go yet.
    if (isPrefetch(request.headers)) return errorAnswer(request, "gone");
    const { handle } = await params;
    const to = await services().redirectToBank(handle);
    if (to.type === "gone") return goneAnswer(request, to);
    return seeOther(to.type === "bank" ? to.url : screenUrl(handle));
  });

/** Asks nothing of the bank. */
export const HEAD = async (request: Request) =>
  withoutBody(await answerHtml(request, async () => errorAnswer(request, "gone")));
