import type { AuthorisationReport } from "../control-api.ts";
import { SANDBOX_PASSWORD, SCENARIOS } from "../scenarios.ts";
import { html, type Html } from "./html.ts";

/** The frame of the product page: the common UI's page, and whose height it takes. */
export type FrameOfConnector = { readonly source: string; readonly connectorOrigin: string };

/**
 * The part of the product page that holds the frame, and what to type into it.
 *
 * @param opened the authorisation on show; null before one was started
 */
export function openAuthorisationSection(
  opened: AuthorisationReport | null,
  frame: FrameOfConnector,
  userName: string,
): Html {
  return html`<section class="feed" aria-labelledby="feed-heading">
    <h2 id="feed-heading">In the accounting product</h2>
    ${opened ? openedParts(opened, frame, userName) : html`<p class="empty">Nothing is open yet.</p>`}
  </section>`;
}

function openedParts(
  opened: AuthorisationReport,
  { source, connectorOrigin }: FrameOfConnector,
  userName: string,
): Html {
  return html`${notificationProblem(opened)} ${cheatSheet(userName)}
    <p class="status">
      Bank feed:
      <strong role="status" id="feed-status" data-authorisation="${opened.authorisationId}"
        >${opened.active ? "active" : "needs re-authorisation"}</strong
      >
    </p>
    <iframe
      title="Bank connection"
      src="${source}"
      allow=""
      data-grows-for="${connectorOrigin}"
    ></iframe>`;
}

function cheatSheet(userName: string): Html {
  const { answers, expect } = SCENARIOS.find((scenario) => scenario.userName === userName) ?? {
    answers: "",
    expect: "",
  };
  return html`<dl class="cheat-sheet">
    <div>
      <dt>User name</dt>
      <dd><code>${userName}</code></dd>
    </div>
    <div>
      <dt>Password</dt>
      <dd><code>${SANDBOX_PASSWORD}</code></dd>
    </div>
    ${
      answers
        ? html`<div>
            <dt>Then</dt>
            <dd>${answers}</dd>
          </div>`
        : html``
    }
    <div>
      <dt>Expect</dt>
      <dd>${expect}</dd>
    </div>
  </dl>`;
}

/**
 * A connector that was not told of the authorisation refuses to open it, so the reason is said
 * before the frame.
 */
function notificationProblem({ notification }: AuthorisationReport): Html {
  if (notification?.status === 200) return html``;
  const reason = notification?.status
    ? `it answered ${notification.status}`
    : (notification?.error ?? "none was sent");
  return html`<p class="problem" role="alert">
    The connector did not take the notification: ${reason}.
  </p>`;
}
