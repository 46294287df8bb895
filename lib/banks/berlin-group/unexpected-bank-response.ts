import { CodedError } from "../../log/coded-error.ts";

/**
 * What a bank, or what is set for it, does that no journey can go on from. Closed, and all the log
 * says of it.
 */
export type Misbehaviour =
  | "answer-not-understood"
  | "never-ends"
  | "redirect-not-configured"
  | "challenge-not-showable"
  | "oauth-not-configured"
  | "oauth-host-not-configured"
  | "oauth-server-unfit"
  | "oauth-client-refused"
  | "oauth-request-refused"
  | "oauth-answer-unusable"
  | "encryption-not-supported"
  | "more-passwords-not-supported"
  | "password-not-asked"
  | "request-refused"
  | "certificate-refused"
  | "role-refused"
  | "signature-wanted"
  | "token-wanted";

/**
 * Ends the journey as a fault of ours or the bank's, told by its code and by no text of the bank's.
 */
export class UnexpectedBankResponse extends CodedError<Misbehaviour> {
  override readonly name = "UnexpectedBankResponse";
}
