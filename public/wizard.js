// The one script of the wizard. Everything works without it; it adds focus, waiting, warnings
// before the time is over and going back by itself. No state of its own, no storage, no cookies,
// nothing but text put into the page (Trusted Types allow no more).

const { body } = document;
const { focus, forward, version, poll, returnAfter, stay, staying, leaving, ancestors } =
  body.dataset;
const [navigation] = performance.getEntriesByType("navigation");
const arrived = navigation && "type" in navigation ? navigation.type : "";

/** @param {string} id */
const byId = (id) => document.getElementById(id);

// Screen readers in a frame miss whatever happens right at load; these times were measured
// (docs/accessibility, "announcements").
const focusAfterMs = 500;
const sayAfterMs = 2800;
const pressAgainMs = 5000;
// What was said is not talked over for so long.
const quietMs = 10_000;
let quietUntil = quietMs;

/**
 * Says a text politely, through the region that was empty from the start and is again before the
 * next: of two texts the second was lost (measured, docs/accessibility).
 * @param {string | null | undefined} text
 */
function say(text) {
  const status = byId("reauth-status");
  if (!status || !text) return;
  status.textContent = text;
  quietUntil = performance.now() + quietMs;
  setTimeout(() => {
    if (status.textContent === text) status.textContent = "";
  }, quietMs);
}

/** Says it when nothing was said for a while. @param {string | null | undefined} text */
function sayInTurn(text) {
  const wait = quietUntil - performance.now();
  if (wait > 0) setTimeout(sayInTurn, wait, text);
  else say(text);
}

// Where this screen is; a language that was chosen in its address belongs to the session by now.
const here = document.querySelector("form")?.getAttribute("action")?.replace(/\?.*/, "") ?? "";

/**
 * What the server says of this screen; undefined when it cannot be asked.
 * @param {string} [query] `?time`: how much of it is left, without a look at the bank, which might
 *   go on to another screen
 * @returns {Promise<{ version: string, seconds_left?: number, next_ms?: number } | undefined>}
 */
async function ask(query = "") {
  try {
    const response = await fetch(`${here}/status${query}`, {
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout?.(quietMs) ?? null,
    });
    if (response.ok) return await response.json();
    if (response.status === 404) return { version: "" };
  } catch {
    // The network is away; so is nothing else.
  }
  return undefined;
}

// After a password a browser's own bubble ("Save password?") swallows what the focus says
// (measured, docs/accessibility), so the heading is said as well: by the first screen that is there
// for so long.
const announce = () =>
  location.search === "?announce" && arrived !== "reload" && arrived !== "back_forward";
const next = () => here + (announce() ? location.search : "");

// Focus only after the person did something in this frame: the first screen has no `data-focus`.
if (focus) {
  setTimeout(() => {
    // Somebody who already types or tabs is not pulled away.
    if (document.activeElement === body || document.activeElement === null) byId(focus)?.focus();
  }, focusAfterMs);
  // The first thing that is wrong, and how many tries are left: one text, since a second would be
  // lost.
  setTimeout(() => {
    say(
      [
        ...document.querySelectorAll(
          `${announce() ? "h1, #reauth-leaving, " : ""}.error-summary li:first-child, ` +
            `.tries, .notice`,
        ),
      ]
        .map(({ textContent }) => textContent)
        .join(". "),
    );
    // Loaded again, it says nothing twice.
    if (announce()) history.replaceState(history.state, "", location.pathname);
  }, sayAfterMs);
}

// Back to a screen that was answered: forward again, to the one that is due. Once for each entry of
// the history, so that nobody is trapped; and not where a browser says that what comes next is no
// page of ours in this frame, since whoever came back from there would be sent there again, with
// the whole of Sage's page.
if (
  forward !== undefined &&
  window.navigation?.canGoForward !== false &&
  (arrived === "back_forward" || history.state === "back") &&
  history.state !== "forward"
) {
  history.replaceState("forward", "");
  history.forward();
}

// A second press while the first is on its way sends nothing; the server would send it to the same
// place anyway. The button stays focusable. After a while it may be pressed again: the answer may
// have been stopped on its way. But nothing else leads away from here any more, however long it
// takes: the answer is the next screen, and the address of this one will show nothing.
let sent = false;
let everSent = false;
document.addEventListener("submit", (event) => {
  if (sent) return void event.preventDefault();
  sent = everSent = true;
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(() => {
    sent = false;
    event.submitter?.removeAttribute("aria-disabled");
  }, pressAgainMs);
  for (const input of document.querySelectorAll(".password input"))
    input.setAttribute("type", "password");
});

// Back out of the page cache: the form may be an old one, so ask for the screen that is due.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  history.replaceState("back", "");
  location.reload();
});

for (const box of document.querySelectorAll(".password")) {
  const input = box.querySelector("input");
  if (!(box instanceof HTMLElement) || !input) continue;
  const { show = "", hide = "", shown, hidden } = box.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show";
  button.textContent = show;
  button.setAttribute("aria-controls", input.id);
  const label = input.labels?.[0];
  if (label && "named" in box.dataset) {
    button.id = `${input.id}-show`;
    label.id = `${input.id}-label`;
    button.setAttribute("aria-labelledby", `${button.id} ${label.id}`);
  }
  button.addEventListener("click", () => {
    const reveal = input.type === "password";
    input.type = reveal ? "text" : "password";
    button.textContent = reveal ? hide : show;
    say(reveal ? shown : hidden);
  });
  box.append(button);
}

// What somebody has begun to type is not taken away by the next screen. Nothing is asked meanwhile,
// so that it still counts for what is shown (a picture that runs out, say).
const typing = () =>
  [...document.querySelectorAll("input")].some((input) => input.value !== input.defaultValue);

if (poll) {
  let wait = 1000;
  const look = () => void lookNow();
  const lookNow = async () => {
    if (everSent) return;
    // A hidden tab asks nothing and catches up when it is seen again.
    if (document.hidden)
      return void document.addEventListener("visibilitychange", look, { once: true });
    if (typing()) return void setTimeout(look, wait);
    const said = await ask();
    if (said && said.version !== version && !everSent && !typing())
      return void location.replace(next());
    wait = Math.min(wait * 1.3, 5000);
    // A bank that says how often it wants to be asked is not asked more often.
    setTimeout(look, said?.next_ms ?? wait);
  };
  setTimeout(look, wait);
}

// Sage's limit, told in phases. It is the server's clock that counts: ours may be wrong, or have
// slept.
const time = byId("reauth-time");
if (time) {
  const phases = Object.entries(time.dataset)
    .flatMap(([name, text]) =>
      name.startsWith("at-") ? [{ at: Number(name.slice(3)), text }] : [],
    )
    .sort((one, other) => other.at - one.at);
  let left = 0;
  let asOf = [0, 0];
  const clocks = () => [Date.now(), performance.now()];
  const set = (/** @type {number} */ seconds) => {
    left = seconds;
    asOf = clocks();
  };
  // The clock that went further: one stands still while the machine sleeps, the other may be put
  // back. Whichever is wrong, the server is only asked too early.
  const leftNow = () =>
    left - Math.max(...clocks().map((now, index) => now - (asOf[index] ?? 0))) / 1000;
  let asking = false;
  const check = () => void checkNow();
  const checkNow = async () => {
    if (asking || document.hidden) return;
    asking = true;
    const said = await ask("?time");
    asking = false;
    const over = said && said.seconds_left === undefined;
    if (said?.seconds_left !== undefined) set(said.seconds_left);
    // Over, or gone on in another tab.
    if (said && said.version !== version && !everSent && (over || !typing()))
      return void location.replace(next());
    const due = phases.filter(({ at }) => at >= leftNow());
    phases.splice(0, due.length);
    const text = due.pop()?.text;
    if (!text) return;
    time.className = "warning";
    time.textContent = text;
    sayInTurn(text);
  };
  set(Number(time.dataset.secondsLeft));
  setInterval(() => {
    if (leftNow() <= (phases[0]?.at ?? 0)) check();
  }, 5000);
  // Seen again, or awake again.
  for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, check);
  addEventListener("online", check);
  // A phase that began between two screens was said on neither; a screen that is only loaded again
  // says nothing twice.
  if (focus && arrived !== "reload" && [60, 300].some((at) => left <= at && left > at - 15))
    sayInTurn(time.textContent);
}

// A long wait says how long it is: visibly, and to a screen reader.
for (const [name, later] of Object.entries(body.dataset)) {
  const [, ms, text] = (name.startsWith("wait-") && /^(\d+) (.*)$/s.exec(later ?? "")) || [];
  const waiting = byId("reauth-waiting");
  if (!waiting || !text) continue;
  setTimeout(() => {
    waiting.textContent = text;
    sayInTurn(text);
  }, Number(ms));
}

const link = byId("reauth-return");
if (returnAfter && link instanceof HTMLAnchorElement) {
  const heading = byId("reauth-heading");
  const notice = document.createElement("p");
  // What happened and what follows are heard in one: two messages within seconds cut each other
  // off.
  notice.id = "reauth-leaving";
  heading?.setAttribute("aria-describedby", notice.id);
  const languages = document.querySelector(".language");
  // Whoever stayed stays: the choice travels with a change of language, which is another document.
  const stays = new URLSearchParams(location.search).has("stay");
  const timer = stays
    ? undefined
    : setTimeout(() => everSent || location.replace(link.href), Number(returnAfter) * 1000);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "secondary";
  button.textContent = stay ?? "";
  const kept = document.createElement("input");
  kept.type = "hidden";
  kept.name = "stay";
  const stop = () => {
    clearTimeout(timer);
    notice.textContent = staying ?? "";
    button.remove();
    languages?.append(kept);
  };
  button.addEventListener("click", () => {
    stop();
    heading?.focus();
  });
  // Nobody is sent away in the middle of choosing.
  for (const type of ["pointerdown", "focusin", "change"])
    languages?.addEventListener(type, stop, { once: true });
  const back = document.createElement("a");
  back.href = link.href;
  back.textContent = link.textContent;
  // Before the heading, so that a screen reader that lands here has something to land on.
  heading?.before(stays ? back : button);
  if (stays) stop();
  else notice.textContent = leaving ?? "";
  link.parentElement?.before(notice);
}

// Lets the frame grow with what is in it, where a page around it listens (docs/deployment.md). Only
// an origin that may frame us is told, by its name. Where a browser does not list the ancestors,
// the first document of a frame still knows who sent it there.
const allowed = ancestors && new RegExp(ancestors);
if (allowed && parent !== window && "ResizeObserver" in window) {
  const origins = Array.from(
    location.ancestorOrigins ?? [document.referrer.replace(/^(https?:\/\/[^/]*).*/, "$1")],
  );
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    /** @type {Window} */
    let frame = window;
    for (const origin of origins) {
      frame = frame.parent;
      if (allowed.test(origin)) frame.postMessage({ type: "reauth:height", height }, origin);
    }
  }).observe(body);
}
