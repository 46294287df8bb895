import { createHash } from "node:crypto";
import { z } from "zod";

/**
 * The parameter set of `GET /authrefresh`, once judged: what a start is bound to and, at the claim,
 * what is frozen.
 */
export const parametersSchema = z.strictObject({
  authorisationId: z.guid(),
  /** Sage's id of the bank; opaque, and may be missing (Sage’s developer pages). */
  bankAccount: z.string().nullable(),
  externalId: z.string(),
  redirectUri: z.string(),
  state: z.string(),
});
export type Parameters = z.output<typeof parametersSchema>;

/** SHA-256 by which a repeat of the same set is told from a different one. */
export function parametersDigest({
  bankAccount,
  externalId,
  redirectUri,
  state,
}: Parameters): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    createHash("sha256")
      .update(JSON.stringify([bankAccount, externalId, redirectUri, state]))
      .digest(),
  );
}
