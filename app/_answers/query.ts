import { queryHeader, serverLink } from "../../lib/web/server-link.ts";

/**
 * The query of a request, without its `?`: as it came if our server is in front, otherwise as Next
 * wrote it anew.
 */
export const queryOf = (request: Request): string =>
  serverLink().server
    ? (request.headers.get(queryHeader) ?? "")
    : new URL(request.url).search.slice(1);
