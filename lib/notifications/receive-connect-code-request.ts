import { z } from "zod";
import type { AuditStore } from "../authorisations/audit-store.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import { readForeign } from "../http/foreign-json.ts";
import type { Log } from "../log/log.ts";
import type { BodyRead } from "../http/request-body.ts";

/** What comes of a bank's own call; the route turns each into an answer. */
export type InboundReceipt =
  | { type: "made"; value: unknown }
  | { type: "untrusted" | "not-json" | "too-large" | "too-slow" | "malformed" };

/** Which bank calls; the rest is its adapter's. */
const inboundRequest = z.looseObject({ bankId: z.string().max(300).optional() });

/** What any bank's key looks like. */
const plausible = /^Bearer [\x21-\x7e]{32,1000}$/i;

/**
 * A bank's back end wants something of us (`BankAdapter.called`). What it shows must be some bank's
 * before the body is read, so that nobody has us hold and parse 64 KiB for free, and that of the
 * bank which the body names afterwards. A bank that does not exist, or takes no calls, is refused
 * with the same answer.
 * @throws DatabaseUnavailable
 */
export function createReceiveConnectCodeRequest(deps: {
  bank: Pick<Banks, "trusts" | "called">;
  audit: Pick<AuditStore, "increment">;
  log: Log;
}): (posted: {
  authorization: string | null;
  readJson: () => Promise<BodyRead>;
}) => Promise<InboundReceipt> {
  const { bank, audit, log } = deps;
  const untrusted = (): InboundReceipt => {
    audit.increment("inbound-request-refused", "unauthorised");
    log.warn("inbound request refused", { reason: "unauthorised" });
    return { type: "untrusted" };
  };
  const refuse = (
    type: "not-json" | "too-large" | "too-slow" | "malformed",
    paths?: readonly string[],
  ): InboundReceipt => {
    log.warn("inbound request refused", { reason: type, ...(paths ? { paths } : {}) });
    return { type };
  };
  return async ({ authorization, readJson }) => {
    if (authorization === null || !plausible.test(authorization) || !bank.trusts?.(authorization))
      return untrusted();
    const read = await readJson();
    if (!read.ok) return refuse(read.reason === "wrong-type" ? "not-json" : read.reason);
    const call = readForeign(inboundRequest, read.text);
    if (!call.ok) return refuse("malformed", call.paths);
    const { bankId = null, ...body } = call.value;
    const answer = (await bank.called?.({ bankId, authorization, body })) ?? {
      type: "unauthorised",
    };
    if (answer.type === "unauthorised") return untrusted();
    if (answer.type === "malformed") return refuse("malformed", answer.paths);
    audit.increment("inbound-request-trusted");
    return { type: "made", value: answer.value };
  };
}
