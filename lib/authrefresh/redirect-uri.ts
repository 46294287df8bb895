import { isLoopback } from "../net/loopback.ts";
import type { RedirectHost } from "../config/setting-values.ts";

/**
 * What keeps this service from being an open redirect. `unparsable` is answered 400 and `refused`
 * 403 (docs/how-it-works.md, “Addresses and answers”).
 */
export type RedirectVerdict = "ok" | "unparsable" | "refused";

// RFC 3986 §2: reserved, unreserved and percent-encoded. Browsers quietly drop tabs and line
// breaks, turn `\` into `/` and encode the rest, so outside these characters the address that is
// judged and the address a browser follows may differ.
const uriCharacters = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

const absolute = /^([A-Za-z][A-Za-z0-9+.-]*):/;

// The only authority accepted: plain labels, then a port written the ordinary way. No user info
// (`sage.com@evil.example`), no IPv6, no percent-encoded host, no trailing dot, no empty label, no
// `:` without digits, no `:0443`: forms in which URL parsers are known to disagree (Tsai, "A New
// Era of SSRF", 2017).
const plainAuthority =
  /^https?:\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::([1-9][0-9]{0,4}))?(?=[/?]|$)/i;

/**
 * Whether the browser may be sent to a `redirect_uri` (`REDIRECT_HOSTS` in docs/settings.md).
 * The text is judged exactly as it will later be sent, never after a round through a parser, and
 * only where RFC 3986 and the browsers' URL standard read the same scheme, host and port out of it.
 *
 * @param raw the parameter after form decoding. Its length is the caller's to limit.
 * @param allowed host suffixes; they match whole labels.
 */
export function validateRedirectUri(
  raw: string,
  allowed: readonly RedirectHost[],
): RedirectVerdict {
  if (!uriCharacters.test(raw) || !absolute.test(raw)) return "unparsable";
  const [, host = ""] = plainAuthority.exec(raw) ?? [];
  // An empty fragment counts: `state` appended behind a `#` would never be sent.
  if (host === "" || raw.includes("#") || !URL.canParse(raw)) return "refused";
  const { protocol, hostname, port } = new URL(raw);
  // The second reading: `2130706433` and `0x7f.1` are names by RFC 3986 and 127.0.0.1 in a browser.
  if (hostname !== host.toLowerCase()) return "refused";
  const usedPort = Number(port || (protocol === "https:" ? 443 : 80));
  return allowed.some((entry) => matches(entry, protocol, hostname, usedPort)) ? "ok" : "refused";
}

function matches(entry: RedirectHost, protocol: string, hostname: string, port: number): boolean {
  if (hostname !== entry.host && !hostname.endsWith(`.${entry.host}`)) return false;
  if (protocol === "http:" && !(entry.port && isLoopback(hostname))) return false;
  return port === Number(entry.port ?? 443);
}

/**
 * The address the browser leaves for: `redirectUri` as it came, with `state` appended byte for byte
 * (Sage’s developer pages, `state`). Nothing is re-serialised.
 *
 * @param redirectUri an address {@link validateRedirectUri} found `ok`, so without a fragment.
 * @param state `[A-Za-z0-9._~-]{1,128}`, so that it needs no encoding.
 */
export function appendState(redirectUri: string, state: string): string {
  const [, query] = /\?(.*)$/.exec(redirectUri) ?? [];
  const separator = query === undefined ? "?" : query === "" || query.endsWith("&") ? "" : "&";
  return `${redirectUri}${separator}state=${state}`;
}
