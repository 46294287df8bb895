import { validateRedirectUri, appendState } from "../authrefresh/redirect-uri.ts";
import type { Log } from "../log/log.ts";
import type { RedirectHost } from "../config/setting-values.ts";
import type { OpenSession } from "../journey/session-steps.ts";

/** Where a session's person leaves for; null where that is no address of Sage's (any more). */
export type ReturnUrl = (
  record: Pick<OpenSession["record"], "authorisation_id" | "redirect_uri" | "return_state">,
) => string | null;

/**
 * Frozen at the claim and sent back byte for byte; judged again all the same, so that whoever can
 * write to the database cannot send people anywhere.
 */
export function createReturnUrl({
  redirectHosts,
  log,
}: {
  redirectHosts: readonly RedirectHost[];
  log: Log;
}): ReturnUrl {
  return ({
    authorisation_id: authorisationId,
    redirect_uri: redirectUri,
    return_state: state,
  }) => {
    const verdict = validateRedirectUri(redirectUri, redirectHosts);
    if (verdict === "ok") return appendState(redirectUri, state);
    log.warn("return address refused", { authorisationId, reason: verdict });
    return null;
  };
}
