import type { ReactElement } from "react";

/** Headers of every HTML answer, but for the policy, which depends on the deployment. */
const htmlHeaders = {
  "content-type": "text/html; charset=utf-8",
  // Handles stand in the address and tokens in the text: nothing of it is kept, anywhere.
  "cache-control": "no-store",
  // `same-origin` keeps the handle from other sites and still sends `Origin` with our own form
  // posts (`no-referrer` makes it `null`).
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  vary: "accept-language, sec-fetch-mode, accept, upgrade-insecure-requests",
};

export interface HtmlAnswer {
  status: number;
  body: ReactElement;
  /** A whole document, or a piece that goes into a body of somebody else's. */
  as: "document" | "fragment";
  policy: string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * Renders on the server and sends as it is: nothing hydrates, so no framework script is needed.
 * React is loaded here and not at the top because Next refuses a static import of it in route
 * handlers.
 */
export async function htmlResponse({
  status,
  body,
  as,
  policy,
  headers = {},
}: HtmlAnswer): Promise<Response> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  const markup = (as === "document" ? "<!doctype html>" : "") + renderToStaticMarkup(body);
  return new Response(markup, {
    status,
    headers: { ...htmlHeaders, "content-security-policy": policy, ...headers },
  });
}

/**
 * Sends the browser on after a post. 303 and nothing else: 307 and 308 would post the credentials
 * again, and 301 and 302 leave it to the browser (RFC 9110 §15.4.4).
 */
export function seeOther(url: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location: url, "cache-control": "no-store", "referrer-policy": "same-origin" },
  });
}

/** The same answer without its body, for HEAD (RFC 9110 §9.3.2). */
export function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}
