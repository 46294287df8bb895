/** A page of a bank from which no link and no redirect leads back. */
export class PageStuck extends Error {}

const maxHops = 20;
const maxMs = 20_000;

/**
 * Goes through a page of a bank's as far as one gets without a browser: it follows redirects, keeps
 * cookies, and presses links. It fills in no form and runs no script.
 * @param back where the page sends people back to.
 * @param press a pattern for the addresses of links to press; a link that leads back is pressed
 *   anyhow.
 * @returns where the page sent the browser back to.
 */
export async function homeFrom(url: string, back: string, press?: string): Promise<URL> {
  const cookies = new Map<string, Map<string, string>>();
  const home = new URL(back);
  const isHome = ({ origin, pathname }: URL) =>
    origin === home.origin && pathname === home.pathname;
  let next = new URL(url);
  for (let hops = 0; hops < maxHops; hops += 1) {
    if (isHome(next)) return next;
    const kept = cookies.get(next.origin) ?? new Map<string, string>();
    cookies.set(next.origin, kept);
    const response = await fetch(next, {
      redirect: "manual",
      headers: { accept: "text/html", cookie: [...kept].map((pair) => pair.join("=")).join("; ") },
      signal: AbortSignal.timeout(maxMs),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) kept.set(name.trim(), value);
    }
    const to =
      response.headers.get("location") ?? linkIn(await response.text(), next, isHome, press);
    if (to === undefined || !URL.canParse(to, next))
      throw new PageStuck(
        `the bank’s page leads nowhere after ${hops} steps: there is no link to press`,
      );
    next = new URL(to, next);
  }
  throw new PageStuck("the bank’s page leads round in circles");
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&quot;": '"',
  "&#39;": "'",
  "&#x27;": "'",
  "&lt;": "<",
  "&gt;": ">",
};

function linkIn(
  html: string,
  base: URL,
  isHome: (url: URL) => boolean,
  press: string | undefined,
): string | undefined {
  const links = [...html.matchAll(/<a\s[^>]*?href=(?:"([^"]*)"|'([^']*)')/gi)].map(
    ([, double, single]) =>
      (double ?? single ?? "").replace(/&[#\w]+;/g, (entity) => entities[entity] ?? entity),
  );
  const wanted = press === undefined ? undefined : new RegExp(press);
  return (
    links.find((link) => wanted?.test(link)) ??
    links.find((link) => URL.canParse(link, base) && isHome(new URL(link, base)))
  );
}
