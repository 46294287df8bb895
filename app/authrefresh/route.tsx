import { withoutBody } from "../../lib/web/html.ts";
import { services } from "../../lib/services.ts";
import { isNavigation, isPrefetch } from "../_answers/caller.ts";
import {
  answerInFrame,
  assets,
  documentAnswer,
  errorAnswer,
  fragmentAnswer,
} from "../_answers/html.tsx";
import { translatorOf, screenUrl } from "../_answers/language.ts";
import { refuseOtherMethods } from "../_answers/methods.ts";
import { queryOf } from "../_answers/query.ts";
import { AuthrefreshFragment } from "./_pages/authrefresh-fragment.tsx";
import { ScreenPage } from "./_pages/screen-page.tsx";

export const dynamic = "force-dynamic";
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods("GET", "HEAD");

/**
 * Where Banking Service, or a browser it sends, enters. Binds the authorisation to its parameters
 * and starts nothing.
 */
export const GET = (request: Request) => enter(request, !isPrefetch(request.headers));

/** The same answer without a body and without the binding. */
export const HEAD = async (request: Request) => withoutBody(await enter(request, false));

const enter = (request: Request, bind: boolean) =>
  answerInFrame(request, async () => {
    const result = await services().handleAuthrefresh.fromQuery(queryOf(request), { bind });
    if (result.type !== "open") return errorAnswer(request, result.type);
    const { screen } = result;
    const translator = translatorOf(request);
    return isNavigation(request.headers)
      ? documentAnswer(
          200,
          <ScreenPage
            screen={screen}
            url={screenUrl(screen.handle)}
            translator={translator}
            assets={assets(screen)}
          />,
          translator,
        )
      : fragmentAnswer(
          200,
          <AuthrefreshFragment
            url={screenUrl(screen.handle)}
            bank={screen.bank}
            translator={translator}
          />,
          translator,
        );
  });
