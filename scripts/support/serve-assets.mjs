// The script and the style of the wizard, sent by our own server: Next removes `Content-Encoding`
// from what a route handler answers.
import { chooseEncoding } from "../../lib/web/assets.ts";

const prefix = "/assets/";
const anyStyle = /^\/assets\/wizard-[0-9a-f]{10}\.css$/;

/**
 * Answers `/assets/…` and hands everything else on.
 * @param {import('../../lib/web/assets.ts').WizardAssets} assets
 * @param {(name: string) => import('../../lib/web/assets.ts').Asset | undefined} bankStyle
 *   style sheets in the colours of single banks, which come and go with the file of banks
 * @param {import('./connector-server.mjs').Handler} next
 * @returns {import('./connector-server.mjs').Handler}
 */
export function serveAssets(assets, bankStyle, next) {
  const byPath = new Map(Object.values(assets).map((asset) => [prefix + asset.name, asset]));
  // Next would send what is in public/ under its own name too, uncompressed; an address that is
  // nobody's is a 404.
  const plain = new Set(
    Object.values(assets).flatMap(({ files }) => files.map((file) => `/${file}`)),
  );
  return (request, response) => {
    const url = request.url ?? "";
    const named =
      byPath.get(url) ?? (url.startsWith(prefix) ? bankStyle(url.slice(prefix.length)) : undefined);
    // Of a bank that another replica has read of already, or of another release: in our own colours
    // for once is better than bare.
    const asset = named ?? (anyStyle.test(url) ? assets.style : undefined);
    // The request filter has decoded it before, so it can be decoded.
    if (plain.has(decodeURIComponent((request.url ?? "").split("?", 1)[0] ?? "")))
      request.url = "/not-found";
    if (!asset) return next(request, response);
    if (request.method !== "GET" && request.method !== "HEAD")
      return response.writeHead(405, { allow: "GET, HEAD", "content-length": 0 }).end();
    const encoding = chooseEncoding(String(request.headers["accept-encoding"] ?? ""));
    const body = asset.encodings[encoding];
    response.writeHead(200, {
      "content-type": asset.type,
      "content-length": body.length,
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      vary: "accept-encoding",
      // Another content has another name; what stands in for it is nobody's to keep.
      "cache-control": named ? "public, max-age=31536000, immutable" : "no-store",
      "x-content-type-options": "nosniff",
      // A wizard document may stand in another origin's body; a module script is then fetched with
      // CORS.
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}
