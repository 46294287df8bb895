import { percentEncoded } from "../client-authentication.ts";

const placeholder = "{username}";

/**
 * The `login_hint` for a name, by a bank's template. In a URI the name is percent-encoded, in JSON
 * it is escaped, and in any other text it must have none of the delimiters of that text: no name
 * can add to what the template says, such as another host.
 * @returns undefined for a name that nobody can have.
 */
export function loginHint(template: string, username: string): string | undefined {
  // Half of a surrogate pair is in no UTF-8.
  if (username === "" || /\p{Surrogate}/u.test(username)) return undefined;
  const json = objectIn(template);
  if (json) return inJson(json, username);
  return /^[a-z][a-z0-9+.-]*:/i.test(template)
    ? inUri(template, username)
    : inText(template, username);
}

/** A plus sign means itself in a path (RFC 3966: `tel:+44…`), and a space in a query. */
function inUri(template: string, username: string): string {
  const encoded = percentEncoded(username);
  const [path = "", ...query] = template.split("?");
  return [
    path.replaceAll(placeholder, encoded.replaceAll("%2B", "+")),
    ...query.map((part) => part.replaceAll(placeholder, encoded)),
  ].join("?");
}

/** Each text in it is a template of its own. */
function inJson(json: object, username: string): string | undefined {
  const unfilled: string[] = [];
  const filled = JSON.stringify(json, (_, value: unknown) => {
    if (typeof value !== "string" || !value.includes(placeholder)) return value;
    const hint = loginHint(value, username);
    if (hint === undefined) unfilled.push(value);
    return hint;
  });
  return unfilled.length > 0 ? undefined : filled;
}

function inText(template: string, username: string): string | undefined {
  const delimiters = new Set(template.replaceAll(placeholder, "").match(/[^\p{L}\p{N}._~-]/gu));
  return [...username].some((character) => delimiters.has(character))
    ? undefined
    : template.replaceAll(placeholder, () => username);
}

function objectIn(template: string): object | undefined {
  try {
    const json: unknown = JSON.parse(template);
    return typeof json === "object" && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
