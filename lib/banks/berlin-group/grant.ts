import { createHash } from "node:crypto";
import { z } from "zod";
import { jsonBytes, maxUndoBytes, type Undo } from "../bank-adapter.ts";
import type { Running } from "./state.ts";
import { resourceId } from "./xs2a-messages.ts";

/** A token for a consent, of a bank whose approach is OAuth. */
export interface GivenToken {
  accessToken: string;
  tokenType: "bearer";
  refreshToken?: string;
  expiresAt?: string;
}

/** What a consent is deleted with, whenever that is. */
export const undoState = z.strictObject({
  consent: resourceId,
  /** The query of the bank's own link to it. */
  query: z.string().optional(),
  accessToken: z.string().optional(),
});

/**
 * What deletes a consent. Its id names it, whatever is known of it besides; hashed, since it may be
 * longer than a name.
 */
export function undoOf(
  { consent, queries }: Pick<Running, "consent" | "queries">,
  token?: GivenToken,
): Undo {
  const id = createHash("sha256").update(consent).digest("base64url");
  const state = { consent, ...(queries.self === undefined ? {} : { query: queries.self }) };
  const undo = { id, state: { ...state, ...(token ? { accessToken: token.accessToken } : {}) } };
  // Many banks delete a consent for whoever shows the certificate.
  return jsonBytes(undo) <= maxUndoBytes ? undo : { id, state };
}
