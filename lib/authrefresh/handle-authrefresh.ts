import type { AuditStore } from "../authorisations/audit-store.ts";
import type { AuthorisationStore, MatchResult } from "../authorisations/authorisation-store.ts";
import { openEntryToken, sealEntryToken } from "../authorisations/handles.ts";
import type { Parameters } from "../authorisations/parameters.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import { validateRedirectUri } from "./redirect-uri.ts";
import type { Clock } from "../clock/clock.ts";
import type { RedirectHost } from "../config/setting-values.ts";
import type { Log } from "../log/log.ts";
import type { Seals } from "../crypto/seal.ts";
import { openLimitNotice } from "./limit-notice.ts";
import { readAuthrefreshRequest } from "./authrefresh-request.ts";
import { firstForm } from "./first-form.ts";
import { toBankView, type Screen } from "../journey/screen.ts";
import type { GoneError } from "../journey/endings.ts";
import { firstStatus, limitReached } from "../journey/transition.ts";

/**
 * What `GET /authrefresh` comes to. Every refusal is the same to the caller; the log tells them
 * apart.
 */
type AuthrefreshResult =
  | { type: "malformed" }
  | { type: "refused" }
  | { type: "unknown-bank" }
  | { type: "open"; screen: Extract<Screen, { type: "challenge" }> };

export interface HandleAuthrefresh {
  /**
   * Judges an entry request and, with `fix`, binds the authorisation to its parameters. Starts
   * nothing.
   * @param search the query string as it came.
   * @throws DatabaseUnavailable
   */
  fromQuery: (search: string, options: { bind: boolean }) => Promise<AuthrefreshResult>;
  /**
   * The first screen again, from its entry handle, with the `limitNotice` for which it came back, or why
   * it cannot be started (any more).
   * @throws DatabaseUnavailable
   */
  fromEntryToken: (entryToken: string, limitNotice?: string) => Promise<Screen>;
}

/**
 * How long a first screen waits for what the bank itself says of it, where nobody has heard that
 * yet.
 */
const prepareTimeoutMs = 1000;

/** Why a parameter set that was judged, and sealed by us, starts nothing. */
export function goneError(match: MatchResult | undefined): GoneError {
  if (match?.type !== "refused") return "gone";
  return ({ started: "already-started", over: "over", "expired-or-other": "gone" } as const)[
    match.reason
  ];
}

export function createHandleAuthrefresh(deps: {
  authorisations: AuthorisationStore;
  awaitNotification: (authorisationId: string) => Promise<boolean>;
  bank: Banks;
  seals: Seals;
  redirectHosts: readonly RedirectHost[];
  audit: Pick<AuditStore, "increment">;
  clock: Clock;
  log: Log;
}): HandleAuthrefresh {
  const { authorisations, awaitNotification, bank, seals, redirectHosts, audit, clock, log } = deps;

  // The notification may still be on its way; only an id that nobody announced yet is worth a wait.
  const matchSoon = async (parameters: Parameters, bind: boolean): Promise<MatchResult> => {
    const match = await authorisations.match(parameters, { bind });
    if (match.type !== "unknown" || !(await awaitNotification(parameters.authorisationId)))
      return match;
    return authorisations.match(parameters, { bind });
  };

  const firstScreen = async (
    handle: string,
    { authorisationId, externalId, bankAccount }: Parameters,
    match: Extract<MatchResult, { type: "open" }>,
  ): Promise<Extract<Screen, { type: "challenge" }> | undefined> => {
    bank.prefetchAccounts?.({ bankId: match.bankId, externalId, bankAccount });
    if (bank.prepare) await clock.atMost(prepareTimeoutMs, bank.prepare(match.bankId));
    const description = bank.describe(match.bankId);
    if (!description) return undefined;
    return {
      ...toBankView(description),
      type: "challenge",
      reference: authorisationId,
      handle,
      formToken: await firstForm(seals, handle, description),
      version: "first",
      content: firstStatus(description).content,
      secondsLeft: match.secondsLeft,
      minutesLeft: Math.round(match.secondsLeft / 60),
    };
  };

  const refuse = (authorisationId: string, reason: string): AuthrefreshResult => {
    audit.increment("authrefresh-refused", reason);
    log.warn("authrefresh refused", { authorisationId, reason });
    return { type: "refused" };
  };

  // Nothing of a malformed request is logged but the name of the parameter.
  const malformed = (parameter: string): AuthrefreshResult => {
    audit.increment("authrefresh-refused", "malformed");
    log.warn("authrefresh refused", { reason: "malformed", paths: [parameter] });
    return { type: "malformed" };
  };

  // Sage named a bank that nobody configured here: a fault of the set-up, which the log names and
  // the person cannot mend.
  const unknownBank = ({ authorisationId }: Parameters, bankId: string | null) => {
    audit.increment("authrefresh-refused", "unknown-bank");
    log.warn("authrefresh refused", {
      authorisationId,
      reason: "unknown-bank",
      bankId: bankId ?? "none",
    });
    return "unknown-bank" as const;
  };

  return {
    async fromQuery(search, { bind }) {
      const request = readAuthrefreshRequest(search);
      if (request.type === "malformed") return malformed(request.parameter);
      const { parameters } = request;
      const verdict = validateRedirectUri(parameters.redirectUri, redirectHosts);
      if (verdict === "unparsable") return malformed("redirect_uri");
      const { authorisationId } = parameters;
      if (verdict === "refused") return refuse(authorisationId, "redirect-uri");
      const match = await matchSoon(parameters, bind);
      if (match.type !== "open")
        return refuse(
          authorisationId,
          match.type === "unknown" ? "not-notified" : "over-used-or-other-parameters",
        );
      const screen = await firstScreen(await sealEntryToken(seals, parameters), parameters, match);
      return screen ? { type: "open", screen } : { type: unknownBank(parameters, match.bankId) };
    },

    async fromEntryToken(entryToken, limitNotice) {
      const parameters = await openEntryToken(seals, entryToken);
      const match = parameters && (await authorisations.match(parameters, { bind: false }));
      if (!parameters || match?.type !== "open") return { type: "gone", error: goneError(match) };
      const screen = await firstScreen(entryToken, parameters, match);
      const retrySeconds =
        limitNotice === undefined
          ? undefined
          : openLimitNotice(seals, entryToken, limitNotice, clock);
      if (screen && retrySeconds !== undefined)
        return { ...screen, content: limitReached(screen.content, retrySeconds), limitNotice };
      return screen ?? { type: unknownBank(parameters, match.bankId) };
    },
  };
}
