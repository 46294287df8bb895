import { withoutBody } from "../../lib/web/html.ts";
import { assets } from "../_answers/html.tsx";
import {
  galleryUrl,
  galleryDocument,
  inGallery,
  refuseInGallery,
} from "./_pages/gallery-answer.ts";
import { GalleryIndex } from "./_pages/gallery-index.tsx";

export const dynamic = "force-dynamic";

/** Every screen in every state on one page, in development only (settings.md, `GALLERY`). */
export const GET = (request: Request) =>
  inGallery(request, async () => {
    const { gallery } = await import("./_screens/gallery.ts");
    const { galleryLocales, galleryTranslator } = await import("./_screens/gallery-translator.ts");
    const translator = galleryTranslator(new URL(request.url).searchParams.get("lang") ?? "");
    return galleryDocument(
      <GalleryIndex
        stories={gallery}
        locales={galleryLocales}
        url={galleryUrl()}
        translator={translator}
        assets={assets()}
      />,
      translator,
    );
  });

export const HEAD = async (request: Request) => withoutBody(await GET(request));
export {
  refuseInGallery as POST,
  refuseInGallery as PUT,
  refuseInGallery as PATCH,
  refuseInGallery as DELETE,
  refuseInGallery as OPTIONS,
};
