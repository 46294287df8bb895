import { readForeign } from "../../http/foreign-json.ts";
import type { Misbehaviour } from "./unexpected-bank-response.ts";
import { errorBody } from "./xs2a-messages.ts";

/** What is wrong with a request, as far as the person or the flow can do something about it. */
export type PersonFault = "wrong" | "method-unusable" | "over" | "blocked" | "not-in-this-state";

export type Fault =
  | { fault: PersonFault }
  | { away: "bank-unavailable" | "bank-busy" }
  | { misbehaviour: Misbehaviour };

// The message codes of the standard (MessageCode400_AIS … MessageCode429_AIS) that say more than
// "this request is not right".
const meanings: Readonly<Record<string, Fault>> = {
  PSU_CREDENTIALS_INVALID: { fault: "wrong" },
  CORPORATE_ID_INVALID: { fault: "wrong" },
  SCA_INVALID: { fault: "wrong" },
  SCA_METHOD_UNKNOWN: { fault: "method-unusable" },
  SERVICE_BLOCKED: { fault: "blocked" },
  CONSENT_UNKNOWN: { fault: "over" },
  CONSENT_INVALID: { fault: "over" },
  CONSENT_EXPIRED: { fault: "over" },
  RESOURCE_UNKNOWN: { fault: "over" },
  RESOURCE_EXPIRED: { fault: "over" },
  STATUS_INVALID: { fault: "not-in-this-state" },
  ACCESS_EXCEEDED: { away: "bank-busy" },
  CERTIFICATE_INVALID: { misbehaviour: "certificate-refused" },
  CERTIFICATE_EXPIRED: { misbehaviour: "certificate-refused" },
  CERTIFICATE_BLOCKED: { misbehaviour: "certificate-refused" },
  CERTIFICATE_REVOKE: { misbehaviour: "certificate-refused" },
  CERTIFICATE_MISSING: { misbehaviour: "certificate-refused" },
  ROLE_INVALID: { misbehaviour: "role-refused" },
  SIGNATURE_INVALID: { misbehaviour: "signature-wanted" },
  SIGNATURE_MISSING: { misbehaviour: "signature-wanted" },
  TOKEN_UNKNOWN: { misbehaviour: "token-wanted" },
  TOKEN_INVALID: { misbehaviour: "token-wanted" },
  TOKEN_EXPIRED: { misbehaviour: "token-wanted" },
};

/**
 * What an answer that is no success means. Its texts are for developers of the bank's and are not
 * read. Pure.
 */
export function faultOf(status: number, body: string): Fault {
  if (status >= 500 || status === 408) return { away: "bank-unavailable" };
  if (status === 429) return { away: "bank-busy" };
  const read = readForeign(errorBody, body);
  const codes = read.ok ? read.value : [];
  const known = codes.find((code) => Object.hasOwn(meanings, code));
  return (known === undefined ? undefined : meanings[known]) ?? { misbehaviour: "request-refused" };
}
