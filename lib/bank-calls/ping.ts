import { handleDigest } from "../authorisations/handles.ts";
import type { SessionStore } from "../authorisations/session-store.ts";
import type { Seals } from "../crypto/seal.ts";
import { openPingToken } from "./bank-request.ts";

/** No token of ours is longer. */
const maxToken = 1000;

/**
 * A bank says that something was done elsewhere. Nothing is believed but that it is worth asking:
 * the next poll asks at once, on whichever replica it comes, since what makes it due is a column.
 * Whoever has no token of ours (an AES-GCM seal, judged without the database) learns and changes
 * nothing.
 * @returns whether the token is one of ours; not whether there still is a session.
 * @throws DatabaseUnavailable
 */
export function createPing({
  sessions,
  seals,
}: {
  sessions: Pick<SessionStore, "pollNow">;
  seals: Seals;
}): (authorization: string | null) => Promise<boolean> {
  return async (authorization) => {
    const [, token = ""] = /^Bearer ([A-Za-z0-9._-]+)$/i.exec(authorization ?? "") ?? [];
    const handle =
      token === "" || token.length > maxToken ? undefined : await openPingToken(seals, token);
    if (handle === undefined) return false;
    await sessions.pollNow(handleDigest(handle));
    return true;
  };
}
