import type { Authorisation } from "./authorisation.ts";
import { pushBounded } from "./push-bounded.ts";
import { returnAddress } from "./return-address.ts";

const ARRIVALS_KEPT = 20;

/**
 * Records a browser at `redirect_uri`.
 *
 * @param requestedUrl the address as it stood in the request, not decoded
 * @returns whether it is `redirect_uri` with `state` appended, byte for byte; only then the browser
 *   counts as arrived
 */
export function recordArrival(authorisation: Authorisation, requestedUrl: string): boolean {
  const exact = requestedUrl === returnAddress(authorisation.redirectUri, authorisation.state);
  pushBounded(
    authorisation.arrivals,
    { at: new Date().toISOString(), url: requestedUrl, exact },
    ARRIVALS_KEPT,
  );
  if (exact) authorisation.milestones.add("arrived");
  return exact;
}
