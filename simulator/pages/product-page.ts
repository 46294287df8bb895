import type { AuthorisationReport, EmbedMode } from "../control-api.ts";
import { SANDBOX_PASSWORD, SCENARIOS } from "../scenarios.ts";
import { document } from "./document.ts";
import { html } from "./html.ts";
import { type FrameOfConnector, openAuthorisationSection } from "./open-authorisation-section.ts";

const EMBED_MODES: readonly { embedMode: EmbedMode; label: string }[] = [
  {
    embedMode: "embedded",
    label: "Embedded: its HTML is put into a page of Banking Service’s own",
  },
  { embedMode: "frame", label: "Frame: its address is the source of a frame" },
];

/**
 * The product page for people: start a re-authorisation, do it, and watch every call.
 *
 * @param opened the authorisation on show; null before one was started
 * @param userName the scenario chosen
 */
export function productPage(
  opened: AuthorisationReport | null,
  frame: FrameOfConnector,
  userName: string,
): string {
  return document(
    opened ? "Re-authorisation – Banking Service simulator" : "Banking Service simulator",
    "product.css",
    html`<header>
        <h1 id="page-heading">Banking Service simulator</h1>
        <p>
          It plays Sage in front of the connector: the accounting product, Sage ID and the Provider
          API. No real bank is behind it.
        </p>
      </header>
      <main aria-labelledby="page-heading">
        <section class="start" aria-labelledby="start-heading">
          <h2 id="start-heading">Start a re-authorisation</h2>
          <form method="post" action="/start">
            <div>
              <label for="scenario">Scenario (a user name of the sandbox bank)</label>
              <select id="scenario" name="scenario">
                ${SCENARIOS.map((scenario) => option(scenario.userName, scenario.expect, scenario.userName === userName))}
              </select>
            </div>
            <fieldset>
              <legend>Way of opening the connector</legend>
              ${EMBED_MODES.map(({ embedMode, label }) => radio(embedMode, label, embedMode === (opened?.embedMode ?? "embedded")))}
            </fieldset>
            <button>Start a re-authorisation</button>
          </form>
          <details>
            <summary>All user names</summary>
            <div class="scroller" role="region" aria-label="All user names" tabindex="0">
              <table>
                <caption>
                  The password is
                  <code>${SANDBOX_PASSWORD}</code>
                  for all of them.
                </caption>
                <thead>
                  <tr>
                    <th scope="col">User name</th>
                    <th scope="col">Then</th>
                    <th scope="col">What to expect</th>
                  </tr>
                </thead>
                <tbody>
                  ${SCENARIOS.map(
                    ({ userName: name, answers, expect }) =>
                      html`<tr>
                        <th scope="row"><code>${name}</code></th>
                        <td>${answers}</td>
                        <td>${expect}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>
          </details>
        </section>
        ${openAuthorisationSection(opened, frame, userName)}
        <section class="wire" aria-labelledby="wire-heading">
          <h2 id="wire-heading">Wire log</h2>
          <p>
            Every call in both directions, newest first. Secrets are masked; what is typed into the
            frame never comes by here.
          </p>
          <button type="button" id="clear-wire" class="quiet" hidden>Clear the log</button>
          <p id="wire-problem" class="problem" hidden>
            The simulator does not answer. Is it still running?
          </p>
          <noscript><p>The wire log needs JavaScript. The rest of this page does not.</p></noscript>
          <div class="scroller" role="region" aria-label="Calls" tabindex="0">
            <ol id="wire"></ol>
          </div>
        </section>
      </main>`,
    html`<link rel="stylesheet" href="/assets/wire-log.css" />
      <script type="module" src="/assets/product.js"></script>
      <script type="module" src="/assets/grow-frame.js"></script>`,
  );
}

function option(userName: string, expect: string, selected: boolean) {
  return selected
    ? html`<option value="${userName}" selected>${userName} – ${expect}</option>`
    : html`<option value="${userName}">${userName} – ${expect}</option>`;
}

function radio(embedMode: EmbedMode, label: string, checked: boolean) {
  const input = checked
    ? html`<input type="radio" name="embedMode" value="${embedMode}" checked />`
    : html`<input type="radio" name="embedMode" value="${embedMode}" />`;
  return html`<label class="choice">${input}<span>${label}</span></label>`;
}
