import { withoutBody } from "../../../../lib/web/html.ts";
import { jsonResponse, problemResponse } from "../../../../lib/web/problem.ts";
import { inGallery, refuseInGallery } from "../../_pages/gallery-answer.ts";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ name: string }>;
}

/** What a screen's script asks: the same screen is due for ever. */
export const GET = (request: Request, { params }: Context) =>
  inGallery(request, async () => {
    const { findStory } = await import("../../_screens/gallery.ts");
    const shows = findStory((await params).name)?.shows;
    if (shows?.type !== "screen") return problemResponse(404);
    const { screen } = shows;
    return jsonResponse(200, {
      version: screen.version,
      ...("secondsLeft" in screen ? { seconds_left: screen.secondsLeft } : {}),
      next_ms: 60_000,
    });
  });

export const HEAD = async (request: Request, context: Context) =>
  withoutBody(await GET(request, context));
export {
  refuseInGallery as POST,
  refuseInGallery as PUT,
  refuseInGallery as PATCH,
  refuseInGallery as DELETE,
  refuseInGallery as OPTIONS,
};
