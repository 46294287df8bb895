import { withoutBody } from "../../../lib/web/html.ts";
import { assets, errorAnswer } from "../../_answers/html.tsx";
import {
  foreignDocument,
  galleryUrl,
  galleryDocument,
  inGallery,
  refuseInGallery,
} from "../_pages/gallery-answer.ts";
import { GalleryScreen } from "../_pages/gallery-screen.tsx";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ name: string }>;
}

/** One screen in one state, with made-up data; `?lang=` chooses the language. */
export const GET = (request: Request, { params }: Context) =>
  inGallery(request, async () => {
    const { findStory } = await import("../_screens/gallery.ts");
    const { galleryTranslator } = await import("../_screens/gallery-translator.ts");
    const story = findStory((await params).name);
    if (!story) return errorAnswer(request, "not-found");
    const translator = galleryTranslator(new URL(request.url).searchParams.get("lang") ?? "");
    const inForeignPage = story.shows.type === "fragment" || story.shows.type === "error-fragment";
    return (inForeignPage ? foreignDocument : galleryDocument)(
      <GalleryScreen
        story={story}
        url={`${galleryUrl()}/${story.name}`}
        translator={translator}
        assets={assets()}
      />,
      translator,
    );
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
