import { assetHeaders, findAsset } from "../../../lib/web/assets.ts";
import { withoutBody } from "../../../lib/web/html.ts";
import { services } from "../../../lib/services.ts";
import { refuseOtherMethods } from "../../_answers/methods.ts";
import { GET as notFound } from "../../[[...path]]/route.ts";

export const dynamic = "force-dynamic";

interface Context {
  params: Promise<{ name: string }>;
}

// An address with a query is nobody's, as in our server.
const find = async (request: Request, { params }: Context) => {
  const { assets, banks } = services();
  return new URL(request.url).search
    ? undefined
    : findAsset((await params).name, assets, banks.style);
};

/**
 * The script and the style under Next's own commands, uncompressed. Our server answers for them
 * before Next (server/serve-assets.ts).
 */
export async function GET(request: Request, context: Context): Promise<Response> {
  const found = await find(request, context);
  return found
    ? new Response(found.asset.encodings.identity, { headers: assetHeaders(found) })
    : notFound(request);
}
export const HEAD = async (request: Request, context: Context) =>
  withoutBody(await GET(request, context));

/** 405 where there is an asset; any other address is nobody's for every method. */
export const POST = async (request: Request, context: Context) =>
  (await find(request, context)) ? refuseOtherMethods("GET", "HEAD").POST() : notFound(request);
export { POST as PUT, POST as PATCH, POST as DELETE, POST as OPTIONS };
