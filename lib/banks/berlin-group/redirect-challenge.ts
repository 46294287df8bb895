import type { Challenge } from "../../challenges/index.ts";
import { hrefOf } from "./links.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import type { BerlinGroupSettings } from "./settings.ts";

/**
 * The bank's own page, if it is at a place that was configured: somebody who can write into the
 * bank's answer must not send people to a page of theirs. Pure.
 * @throws {UnexpectedBankResponse}
 */
export function redirectChallenge(
  link: unknown,
  { url, pages, opens }: Pick<BerlinGroupSettings, "url" | "pages" | "opens">,
): Challenge {
  const href = hrefOf(link);
  const page = href !== undefined && URL.canParse(href, url) ? new URL(href, url) : undefined;
  if (
    !page ||
    page.username ||
    page.password ||
    ![new URL(url).origin, ...pages].includes(page.origin)
  )
    throw new UnexpectedBankResponse("redirect-not-configured");
  return { kind: "redirect", prompt: { url: page.href, opens } };
}
