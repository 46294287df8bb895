import type { Frame } from "playwright/test";

/**
 * What every document of ours must be (accessibility rules 1 to 3, docs/accessibility.md), and
 * is not.
 */
export async function structureProblems(
  frame: Frame,
  firstHtml: string,
  { locale, dir }: { locale: string; dir: "ltr" | "rtl" },
): Promise<string[]> {
  const inFrame = await frame.evaluate(documentProblems, { locale, dir });
  const status = /<[^>]*role="status"[^>]*><\/div>/.test(firstHtml)
    ? []
    : ["the first HTML has no empty status region"];
  const heading = /<h1[^>]*>[^<]+<\/h1>/.test(firstHtml)
    ? []
    : ["the h1 is not one text in the first HTML"];
  return [...inFrame, ...status, ...heading, ...(await scriptProblems(frame, firstHtml))];
}

// Accessibility bar A8. What the script says in the status region is on the screen, too; that it
// will go back by itself, and the button against that, are of no use without it.
const leastWithoutScript = 0.9;

/** What somebody without script would miss. */
async function scriptProblems(frame: Frame, firstHtml: string): Promise<string[]> {
  const sent = textLength(
    firstHtml
      .replace(/.*<body/s, "<body")
      .replaceAll(/<(script|style)\b.*?<\/\1>/gs, "")
      .replaceAll(/<[^>]*>/g, ""),
  );
  const shown = textLength(
    await frame.evaluate(() => {
      const body = document.body.cloneNode(true) as HTMLElement;
      // A text that the script shows after a while is in the first HTML of who asks then.
      const said = Object.values(document.body.dataset);
      const byScript = (text: string) =>
        said.some((each) => each === text || each?.endsWith(` ${text}`));
      for (const element of body.querySelectorAll("script, style, [role=status], p, button")) {
        // "Show password" is an offer of the script's own; a password can be typed without.
        const offered = element.closest<HTMLElement>("[data-show]")?.dataset["show"];
        if (
          !element.matches("p, button") ||
          byScript(element.textContent) ||
          element.textContent === offered
        )
          element.remove();
      }
      return body.textContent;
    }),
  );
  return [
    ...(sent >= leastWithoutScript * shown
      ? []
      : [`without script, ${sent} of ${shown} characters are there`]),
    ...(/<button[^>]*type="(?!submit")/.test(firstHtml)
      ? ["a button does nothing without script"]
      : []),
  ];
}

const textLength = (text: string) =>
  text.replaceAll(/&[a-z0-9#]+;/g, ".").replaceAll(/\s+/g, " ").length;

function documentProblems({ locale, dir }: { locale: string; dir: string }): string[] {
  const problems: string[] = [];
  const check = (good: unknown, problem: string) => good || problems.push(problem);
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  const [h1, ...moreHeadings] = all("h1");
  check(h1 && moreHeadings.length === 0, "there is not exactly one h1");
  check(
    h1?.childNodes.length === 1 && h1.firstChild?.nodeType === Node.TEXT_NODE,
    "the h1 is not one text node",
  );
  check(h1?.tabIndex === -1, "the h1 cannot take the focus");
  check(
    document.documentElement.lang === locale && document.documentElement.dir === dir,
    "lang or dir is not right",
  );
  check(
    all("main").length === 1 && all("main")[0]?.getAttribute("aria-labelledby") === h1?.id,
    "main is not named by the h1",
  );
  check(
    all("header, footer, nav, aside, [role=banner], [role=contentinfo], [role=navigation]")
      .length === 0,
    "there are further landmarks",
  );
  check(all("[role=status]").length === 1, "there is not exactly one status region");
  check(
    all("[id]").every(({ id }) => id.startsWith("reauth-")),
    "an id is not prefixed",
  );
  check(
    new Set(all("[id]").map(({ id }) => id)).size === all("[id]").length,
    "an id is there twice",
  );
  check(
    all("[id], [src], [href], [action]").every((element) =>
      [...element.attributes].every(
        ({ name, value }) =>
          !["src", "href", "action"].includes(name) || /^(https?:|data:|tel:|#)/.test(value),
      ),
    ),
    "an address is relative",
  );
  // Something focusable stands before the h1, or a screen reader in the frame says nothing; an
  // error that offers nothing to do here has nothing to put there.
  const before = h1?.previousElementSibling;
  const offers = document.body.dataset.focus && all("form:not(.language), a.primary").length > 0;
  check(
    !offers || before?.matches("button, form, a") || document.body.dataset.returnAfter,
    "nothing focusable stands before the h1",
  );
  // Heading, steps, errors, content: the same order on every screen.
  const order = all("h1, .steps, .error-summary, form:not(.cancel), main p").map(
    (element) =>
      element.tagName + (element.className ? `.${element.className.split(" ")[0] ?? ""}` : ""),
  );
  const place = (name: string) => order.findIndex((entry) => entry.startsWith(name));
  check(place("OL") === -1 || place("H1") < place("OL"), "the steps stand before the h1");
  check(
    place("DIV.error-summary") === -1 || place("DIV.error-summary") < place("P"),
    "something stands before the error summary",
  );
  check(
    document.querySelectorAll(
      "[autofocus], [required], [maxlength], [accesskey], meta[http-equiv=refresh]",
    ).length === 0,
    "autofocus, required, maxlength, accesskey or a refresh is used",
  );
  check(
    all("form").every((form) => (form as HTMLFormElement).noValidate),
    "a form validates by itself",
  );
  // Wherever a screen has an address of its own, it can be shown in another language there: the
  // last thing on it.
  const addressed = /^\/authrefresh\/[^/]+$/.test(location.pathname);
  const last = all("main")[0]?.lastElementChild;
  check(
    !addressed || last?.matches("form.language[method=get], div.language"),
    "the choice of language is not the last thing on the screen",
  );
  check(
    all(".language select").every(
      (select) => (select as HTMLSelectElement).value === document.documentElement.lang,
    ),
    "the choice of language does not stand at the language of the document",
  );
  check(
    all(".language option").every(
      (option) => (option as HTMLOptionElement).lang === (option as HTMLOptionElement).value,
    ),
    "a language is not named in its own language",
  );
  check(all("button.primary, a.primary").length <= 1, "there is more than one primary action");
  return problems;
}
