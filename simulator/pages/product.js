/**
 * Keeps the product page's wire log and feed status up to date. Types are those of
 * ../control-api.ts.
 *
 * @typedef {import('../control-api.ts').WireEntry} WireEntry
 * @typedef {import('../control-api.ts').AuthorisationReport} AuthorisationReport
 */

const POLL_MS = 1_000;
const ENTRIES_SHOWN = 200;

const list = /** @type {HTMLOListElement} */ (document.getElementById("wire"));
const clear = /** @type {HTMLButtonElement} */ (document.getElementById("clear-wire"));
const problem = /** @type {HTMLElement} */ (document.getElementById("wire-problem"));
const status = document.getElementById("feed-status");

let last = 0;
/** How often the log was cleared: an answer that was asked for before that is out of date. */
let cleared = 0;

clear.hidden = false;
const clearLog = async () => {
  await fetch("/control/wire", { method: "DELETE" });
  cleared += 1;
  list.replaceChildren();
};
clear.addEventListener("click", () => void clearLog());
document.addEventListener("visibilitychange", poll);
poll();
setInterval(poll, POLL_MS);

function poll() {
  // A tab nobody looks at asks nothing; it catches up when it is shown again.
  if (document.hidden) return;
  update().then(
    () => (problem.hidden = true),
    () => (problem.hidden = false),
  );
}

async function update() {
  const clearedBefore = cleared;
  /** @type {{ entries: WireEntry[] }} */
  const { entries } = await getJson(`/control/wire?after=${last}`);
  if (cleared !== clearedBefore) return;
  const news = entries.filter((entry) => entry.n > last);
  if (news.length === 0) return;
  for (const entry of news) {
    list.prepend(item(entry));
    last = entry.n;
  }
  while (list.children.length > ENTRIES_SHOWN) list.lastElementChild?.remove();
  await showStatus();
}

async function showStatus() {
  const authorisationId = status?.dataset["authorisation"];
  if (!status || !authorisationId) return;
  /** @type {AuthorisationReport} */
  const { active, patches } = await getJson(`/control/authorisations/${authorisationId}`);
  const applied = patches.some((patch) => patch.applied);
  const text = active
    ? "active"
    : applied
      ? "result received, waiting for the browser"
      : "needs re-authorisation";
  // Written only when it changed: a screen reader speaks every change of a status.
  if (status.textContent !== text) status.textContent = text;
}

/** @param {WireEntry} entry */
function item(entry) {
  const { at, milliseconds, from, to, method, path, status, request, response } = entry;
  const failed = status === null || status >= 400;
  const node = element("li", failed ? "failed" : "");
  node.append(
    element("p", "direction", `${from} → ${to}`),
    element("p", "call", `${method} ${path}`),
    element("p", "outcome", `${status ?? "no answer"} · ${localTime(at)} · ${milliseconds} ms`),
  );
  if (request) node.append(element("pre", "", request));
  if (response) node.append(element("pre", "response", response));
  return node;
}

/** @param {string} at */
function localTime(at) {
  return new Date(at).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
  });
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 */
function element(name, className, text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.textContent = text;
  return node;
}

/** @param {string} url */
async function getJson(url) {
  const answer = await fetch(url);
  return answer.json();
}
