import { document } from "./document.ts";
import { html } from "./html.ts";

/**
 * The product page that opens just one authorisation, for tests and benchmarks: no wire log, so
 * nothing polls.
 *
 * A link before the frame and one after it, so that a keyboard test can walk in and out again.
 *
 * `main` is labelled, as it must be in every document of a nest of frames: a screen reader lists
 * them all together.
 *
 * @param source the common UI's page
 */
export function openedPage(source: string): string {
  return document(
    "Bank feeds – product page",
    "opened.css",
    html`<header>
        <h1 id="page-heading">Bank feeds</h1>
        <a href="/">Simulator</a>
      </header>
      <main aria-labelledby="page-heading">
        <iframe title="Bank connection" src="${source}" allow=""></iframe>
      </main>
      <footer><a href="/">After the frame</a></footer>`,
  );
}
