import { document } from "./document.ts";
import { html } from "./html.ts";

/**
 * Where Banking Service sends the browser onward from `redirect_uri`.
 *
 * @param active whether the PATCH was there before the browser
 */
export function finishedPage(active: boolean): string {
  const [heading, text] = active
    ? ["Your bank feed is active", "Banking Service had the result before you came back."]
    : ["Your bank feed is not active", "Banking Service had no result when you came back."];
  return document(
    `${heading} – Banking Service`,
    "common-ui.css",
    html`<main class="finished" data-active="${String(active)}" aria-labelledby="page-heading">
      <h1 id="page-heading">${heading}</h1>
      <p>${text}</p>
    </main>`,
  );
}
