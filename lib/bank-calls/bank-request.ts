import type { BankRequest } from "../banks/bank-adapter.ts";
import type { Seals } from "../crypto/seal.ts";
import type { OpenSession } from "../journey/session-steps.ts";

const purpose = "bank-return";
const pingPurpose = "bank-ping";

/** What a bank is told of a session. */
export type RequestFor = (session: {
  handle: string;
  record: Pick<OpenSession["record"], "bank_id" | "external_id" | "bank_account" | "locale">;
}) => Promise<BankRequest>;

/**
 * The way back from a page of the bank's own is one fixed address, as banks want it registered (RFC
 * 6749 §3.1.2.2), with the session's handle sealed in `state`: nobody can make one up or read the
 * handle out of it. Whoever has the whole address can go where it leads, and is led to the handle
 * only where the person is expected back in the frame (return-from-bank.ts).
 */
export function createRequestFor({
  publicUrl,
  seals,
}: {
  publicUrl: string;
  seals: Seals;
}): RequestFor {
  return async ({ handle, record }) => ({
    bankId: record.bank_id,
    externalId: record.external_id,
    bankAccount: record.bank_account,
    locale: record.locale,
    returnAddress: `${publicUrl}/authrefresh/return?state=${await seals.seal(purpose, handle)}`,
    redirectUrl: `${publicUrl}/authrefresh/${handle}/bank`,
    clientNotificationToken: () => seals.seal(pingPurpose, handle),
  });
}

/** The session handle in the `state` that came back, or undefined for anything that is not ours. */
export const openReturnState = (seals: Seals, state: string): Promise<string | undefined> =>
  handleIn(seals, purpose, state);

/** The session handle in a bank's ping, or undefined for anything that is not ours. */
export const openPingToken = (seals: Seals, token: string): Promise<string | undefined> =>
  handleIn(seals, pingPurpose, token);

async function handleIn(
  seals: Seals,
  sealedFor: string,
  sealed: string,
): Promise<string | undefined> {
  const handle = await seals.open(sealedFor, sealed);
  return typeof handle === "string" ? handle : undefined;
}
