// What a person's browser takes out of the wizard's pages, without a browser.

/**
 * The form a screen is about, with what stands in it unseen.
 * @param {string} html
 * @returns {{ path: string, fields: Record<string, string> }}
 */
export function mainForm(html) {
  const form = [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].find(
    ([, attributes = ""]) => !/class="cancel"/.test(attributes),
  );
  const [, attributes = "", content = ""] = form ?? [];
  const action = attribute(attributes, "action");
  if (!action) throw new Error("the page has no form");
  const hidden = [...content.matchAll(/<input type="hidden"([^>]*)>/g)].map(([, input = ""]) => [
    attribute(input, "name") ?? "",
    attribute(input, "value") ?? "",
  ]);
  return { path: new URL(action).pathname, fields: Object.fromEntries(hidden) };
}

/** The path of the first link. @param {string} html */
export function firstLink(html) {
  const href = attribute(html.slice(html.indexOf("<a ")), "href");
  if (!href) throw new Error("the page has no link");
  return new URL(href).pathname;
}

/** Whether the screen waits for the bank or for Sage. @param {string} html */
export const isWaiting = (html) => /<body[^>]* data-poll="/.test(html);

/**
 * Whether it is the last screen, with the way back to Sage.
 * @param {string} html
 * @param {string} state
 */
export const isFinished = (html, state) =>
  html.includes('id="reauth-return"') && html.includes(`state=${state}`);

/** @param {string} text @param {string} name */
function attribute(text, name) {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1]?.replaceAll("&amp;", "&");
}
