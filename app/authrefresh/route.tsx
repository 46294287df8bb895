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
import { translatorOf, screenAddress } from "../_answers/language.ts";
import { refuseOtherMethods } from "../_answers/methods.ts";
import { queryOf } from "../_answers/query.ts";
import { EntryFragment } from "./_pages/entry-fragment.tsx";
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
    const entry = await services().handleAuthrefresh.fromQuery(queryOf(request), { bind });
    if (entry.type !== "open") return errorAnswer(request, entry.type);
    const { screen } = entry;
    const translator = translatorOf(request);
    return isNavigation(request.headers)
      ? documentAnswer(
          200,
          <ScreenPage
            screen={screen}
            url={screenAddress(screen.handle)}
            translator={translator}
            assets={assets(screen)}
          />,
          translator,
        )
      : fragmentAnswer(
          200,
          <EntryFragment
            url={screenAddress(screen.handle)}
            bank={screen.bank}
            translator={translator}
          />,
          translator,
        );
  });
