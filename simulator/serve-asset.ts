import { readFile } from "node:fs/promises";

import type { Handler } from "./route.ts";
import { reply } from "./reply.ts";

const CONTENT_TYPES = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" };

/**
 * Makes the handler that serves one file of `pages/`. The file is named here, never by the request.
 *
 * @param name the file's name, ending in `.css` or `.js`
 */
export function serveAsset(name: `${string}.${keyof typeof CONTENT_TYPES}`): Handler {
  const extension = name.endsWith(".css") ? "css" : "js";
  return async (_service, { response }) => {
    reply.bytes(
      response,
      CONTENT_TYPES[extension],
      await readFile(new URL(`./pages/${name}`, import.meta.url)),
    );
  };
}
