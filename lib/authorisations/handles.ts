import { createHash } from "node:crypto";
import type { Seals } from "../crypto/seal.ts";
import { type Parameters, parametersSchema } from "./parameters.ts";

/**
 * The two handles of a journey, both in the path of an address and in no cookie. The *entry handle*
 * is sealed and stateless: it carries the parameter set that was judged. The *session handle* is
 * 256 bits that only the browser and the claim know; the database has its SHA-256.
 */
export const handleDigest = (sessionHandle: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash("sha256").update(sessionHandle).digest());

const entryPurpose = "entry-handle";

export const sealEntryToken = (
  seals: Seals,
  { authorisationId, bankAccount, externalId, redirectUri, state }: Parameters,
): Promise<string> =>
  seals.seal(entryPurpose, [authorisationId, bankAccount, externalId, redirectUri, state]);

/** The parameters of an entry handle; undefined for anything else. */
export async function openEntryToken(
  seals: Seals,
  handle: string,
): Promise<Parameters | undefined> {
  const opened = await seals.open(entryPurpose, handle);
  if (!Array.isArray(opened)) return undefined;
  const [authorisationId, bankAccount, externalId, redirectUri, state] = opened as unknown[];
  return parametersSchema.safeParse({
    authorisationId,
    bankAccount,
    externalId,
    redirectUri,
    state,
  }).data;
}
