import type { FollowedLink } from "./links.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import type { ConsentStatus, ProgressAnswer } from "./xs2a-messages.ts";

/**
 * What is to be done next, and the link it follows: `startAuthorisation…` makes the authorisation
 * with the same call that carries the data.
 */
export type NextStep =
  | { type: "finished" | "failed" | "redirect" | "oauth" | "approve" | "code" }
  | { type: "confirm" | "start" | "identify" | "authenticate" | "choose"; link: FollowedLink };

type Progress = Pick<ProgressAnswer, "scaStatus" | "scaMethods" | "_links"> & {
  consentStatus?: ConsentStatus | undefined;
};

const identified = new Set([
  "psuIdentified",
  "psuAuthenticated",
  "scaMethodSelected",
  "started",
  "unconfirmed",
]);
const authenticated = new Set(["psuAuthenticated", "scaMethodSelected", "started", "unconfirmed"]);

/**
 * Where an answer leads. The bank steers by the *names* of its links (Implementation Guidelines,
 * “hyperlinks”); where a request goes is the standard's own path, so no address of an answer is
 * ever called. Pure.
 * @throws {UnexpectedBankResponse}
 */
export function nextStep({
  scaStatus = "received",
  scaMethods = [],
  _links,
  consentStatus,
}: Progress): NextStep {
  const has = (name: string) => Object.hasOwn(_links, name);
  if (
    scaStatus === "finalised" ||
    scaStatus === "exempted" ||
    consentStatus === "valid" ||
    consentStatus === "partiallyAuthorised"
  )
    return { type: "finished" };
  if (scaStatus === "failed" || (consentStatus !== undefined && consentStatus !== "received"))
    return { type: "failed" };
  if (has("scaRedirect")) return { type: "redirect" };
  if (has("scaOAuth")) return { type: "oauth" };
  if (!authenticated.has(scaStatus)) {
    if (has("startAuthorisationWithPsuAuthentication"))
      return { type: "authenticate", link: "startAuthorisationWithPsuAuthentication" };
    if (has("updatePsuAuthentication"))
      return { type: "authenticate", link: "updatePsuAuthentication" };
    if (
      has("startAuthorisationWithEncryptedPsuAuthentication") ||
      has("updateEncryptedPsuAuthentication")
    )
      throw new UnexpectedBankResponse("encryption-not-supported");
  }
  if (has("updateAdditionalPsuAuthentication") || has("updateAdditionalEncryptedPsuAuthentication"))
    throw new UnexpectedBankResponse("more-passwords-not-supported");
  if (has("authoriseTransaction") || has("startAuthorisationWithTransactionAuthorisation"))
    return { type: "code" };
  if (has("selectAuthenticationMethod") && scaMethods.length > 0)
    return { type: "choose", link: "selectAuthenticationMethod" };
  if (has("startAuthorisationWithAuthenticationMethodSelection") && scaMethods.length > 0)
    return { type: "choose", link: "startAuthorisationWithAuthenticationMethodSelection" };
  if (!identified.has(scaStatus)) {
    if (has("startAuthorisationWithPsuIdentification"))
      return { type: "identify", link: "startAuthorisationWithPsuIdentification" };
    if (has("updatePsuIdentification"))
      return { type: "identify", link: "updatePsuIdentification" };
  }
  if (has("startAuthorisation")) return { type: "start", link: "startAuthorisation" };
  if (scaStatus === "unconfirmed") return { type: "confirm", link: "confirmation" };
  // Nothing is to be sent, and something is to be looked at: the person is asked in the bank's app.
  if (has("scaStatus")) return { type: "approve" };
  throw new UnexpectedBankResponse("answer-not-understood", { paths: ["_links"] });
}
