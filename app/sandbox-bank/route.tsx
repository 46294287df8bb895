import { withoutBody } from "../../lib/web/html.ts";
import { services } from "../../lib/services.ts";
import { answerHtml, assets, documentAnswer, errorAnswer } from "../_answers/html.tsx";
import { translatorOf } from "../_answers/language.ts";
import { refuseOtherMethods } from "../_answers/methods.ts";
import { queryOf } from "../_answers/query.ts";
import { SandboxBankPage } from "./sandbox-bank-page.tsx";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/**
 * A page of the sandbox bank's own, for the `redirect` challenge; there is none with any other
 * bank. It leads back to us and nowhere else.
 */
export const GET = (request: Request) =>
  answerHtml(request, async () => {
    const { settings, banks } = services();
    const back = new URLSearchParams(queryOf(request)).get("back") ?? "";
    if (
      !banks.uses("sandbox") ||
      !back.startsWith(`${settings.publicUrl}/authrefresh/return?state=`)
    )
      return errorAnswer(request, "not-found");
    const translator = translatorOf(request, "en-GB");
    return documentAnswer(
      200,
      <SandboxBankPage back={back} translator={translator} assets={assets()} />,
      translator,
    );
  });

export const HEAD = async (request: Request) => withoutBody(await GET(request));
