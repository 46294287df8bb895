// The script and the style of the wizard, sent by our own server: Next removes `Content-Encoding`
// from what a route handler answers. Under Next's own commands app/assets/ sends them.
import {
  type Asset,
  assetHeaders,
  chooseEncoding,
  findAsset,
  type WizardAssets,
} from "../lib/web/assets.ts";
import type { Handler } from "./http-server.ts";

const prefix = "/assets/";

/**
 * Answers `/assets/…` and hands everything else on.
 * @param bankStyle style sheets in the colours of single banks
 */
export function serveAssets(
  assets: WizardAssets,
  bankStyle: (name: string) => Asset | undefined,
  next: Handler,
): Handler {
  // Next would send what is in public/ under its own name too, uncompressed; an address that is
  // nobody's is a 404.
  const plain = new Set(
    Object.values(assets).flatMap(({ files }) => files.map((file) => `/${file}`)),
  );
  return (request, response) => {
    const url = request.url ?? "";
    const found = url.startsWith(prefix)
      ? findAsset(url.slice(prefix.length), assets, bankStyle)
      : undefined;
    // The request filter has decoded it before, so it can be decoded.
    if (plain.has(decodeURIComponent(url.split("?", 1)[0] ?? ""))) request.url = "/not-found";
    if (!found) return next(request, response);
    if (request.method !== "GET" && request.method !== "HEAD")
      return response.writeHead(405, { allow: "GET, HEAD", "content-length": 0 }).end();
    const encoding = chooseEncoding(request.headers["accept-encoding"] ?? "");
    const body = found.asset.encodings[encoding];
    response.writeHead(200, {
      ...assetHeaders(found),
      "content-length": body.length,
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      vary: "accept-encoding",
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}
