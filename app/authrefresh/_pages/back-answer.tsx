import type { Translator } from "../../../lib/i18n/translator.ts";
import { assets, documentAnswer } from "../../_answers/html.tsx";
import { formUrl } from "../../_answers/language.ts";
import { BackPage } from "./back-page.tsx";

/**
 * The page of a window that came back from the bank. Its language is chosen at an address of no
 * journey: a window knows none, and the way back itself would be an answer again.
 */
export const backAnswer = (request: Request, translator: Translator): Promise<Response> =>
  documentAnswer(
    200,
    <BackPage
      url={formUrl(request, "returned", translator)}
      translator={translator}
      assets={assets()}
    />,
    translator,
  );
