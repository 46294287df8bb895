import type { AuditStore } from "../authorisations/audit-store.ts";
import type { AuthorisationStore, Match } from "../authorisations/authorisation-store.ts";
import { openEntryHandle, sealEntryHandle } from "../authorisations/handles.ts";
import type { Parameters } from "../authorisations/parameters.ts";
import type { Banks } from "../banks/bank-adapter.ts";
import { judgeRedirectUri } from "./redirect-uri.ts";
import type { Clock } from "../clock/clock.ts";
import type { RedirectHost } from "../config/setting-values.ts";
import type { Log } from "../log/log.ts";
import type { Seals } from "../crypto/seal.ts";
import { openEntryLimit } from "./limit-notice.ts";
import { readEntryRequest } from "./authrefresh-request.ts";
import { firstForm } from "./first-form.ts";
import { ofBank, type Screen } from "../journey/screen.ts";
import type { GoneError } from "../journey/endings.ts";
import { firstStatus, limitReached } from "../journey/transition.ts";

/**
 * What `GET /authrefresh` comes to. Every refusal is the same to the caller; the log tells them
 * apart.
 */
export type Entry =
  | { entry: "malformed" }
  | { entry: "refused" }
  | { entry: "unknown-bank" }
  | { entry: "open"; screen: Extract<Screen, { screen: "challenge" }> };

export interface Enter {
  /**
   * Judges an entry request and, with `fix`, binds the authorisation to its parameters. Starts
   * nothing.
   * @param search the query string as it came.
   * @throws DatabaseAway
   */
  fromQuery(search: string, options: { fix: boolean }): Promise<Entry>;
  /**
   * The first screen again, from its entry handle, with the `reason` for which it came back, or why
   * it cannot be started (any more).
   * @throws DatabaseAway
   */
  fromHandle(entryHandle: string, reason?: string): Promise<Screen>;
}

/**
 * How long a first screen waits for what the bank itself says of it, where nobody has heard that
 * yet.
 */
const firstWordMs = 1000;

/** Why a parameter set that was judged, and sealed by us, starts nothing. */
export function goneError(match: Match | undefined): GoneError {
  if (match?.match !== "refused") return "gone";
  return ({ started: "already-started", over: "over", "expired-or-other": "gone" } as const)[
    match.because
  ];
}

export function createEnter(parts: {
  authorisations: AuthorisationStore;
  awaitNotification(authorisationId: string): Promise<boolean>;
  bank: Banks;
  seals: Seals;
  redirectHosts: readonly RedirectHost[];
  audit: Pick<AuditStore, "tally">;
  clock: Clock;
  log: Log;
}): Enter {
  const { authorisations, awaitNotification, bank, seals, redirectHosts, audit, clock, log } =
    parts;

  // The notification may still be on its way; only an id that nobody announced yet is worth a wait.
  const matchSoon = async (parameters: Parameters, fix: boolean): Promise<Match> => {
    const match = await authorisations.match(parameters, { fix });
    if (match.match !== "unknown" || !(await awaitNotification(parameters.authorisationId)))
      return match;
    return authorisations.match(parameters, { fix });
  };

  const firstScreen = async (
    handle: string,
    { authorisationId }: Parameters,
    match: Extract<Match, { match: "open" }>,
  ): Promise<Extract<Screen, { screen: "challenge" }> | undefined> => {
    if (bank.prepare) await clock.atMost(firstWordMs, bank.prepare(match.bankId));
    const description = bank.describe(match.bankId);
    if (!description) return undefined;
    return {
      ...ofBank(description),
      screen: "challenge",
      reference: authorisationId,
      handle,
      formToken: await firstForm(seals, handle, description),
      version: "first",
      content: firstStatus(description).content,
      secondsLeft: match.secondsLeft,
      minutesLeft: Math.round(match.secondsLeft / 60),
    };
  };

  const refuse = (authorisationId: string, reason: string): Entry => {
    audit.tally("entry-refused", reason);
    log.warn("entry refused", { authorisationId, reason });
    return { entry: "refused" };
  };

  // Sage named a bank that nobody configured here: a fault of the set-up, which the log names and
  // the person cannot mend.
  const unknownBank = ({ authorisationId }: Parameters, bankId: string | null) => {
    audit.tally("entry-refused", "unknown-bank");
    log.warn("entry refused", {
      authorisationId,
      reason: "unknown-bank",
      bankId: bankId ?? "none",
    });
    return "unknown-bank" as const;
  };

  return {
    async fromQuery(search, { fix }) {
      const parameters = readEntryRequest(search);
      const verdict = parameters && judgeRedirectUri(parameters.redirectUri, redirectHosts);
      if (!parameters || verdict === "unparsable") return { entry: "malformed" };
      const { authorisationId } = parameters;
      if (verdict === "refused") return refuse(authorisationId, "redirect-uri");
      const match = await matchSoon(parameters, fix);
      if (match.match !== "open")
        return refuse(
          authorisationId,
          match.match === "unknown" ? "not-notified" : "over-used-or-other-parameters",
        );
      const screen = await firstScreen(await sealEntryHandle(seals, parameters), parameters, match);
      return screen ? { entry: "open", screen } : { entry: unknownBank(parameters, match.bankId) };
    },

    async fromHandle(entryHandle, reason) {
      const parameters = await openEntryHandle(seals, entryHandle);
      const match = parameters && (await authorisations.match(parameters, { fix: false }));
      if (!parameters || match?.match !== "open")
        return { screen: "gone", error: goneError(match) };
      const screen = await firstScreen(entryHandle, parameters, match);
      const retrySeconds =
        reason === undefined ? undefined : openEntryLimit(seals, entryHandle, reason, clock);
      if (screen && retrySeconds !== undefined)
        return { ...screen, content: limitReached(screen.content, retrySeconds), reason };
      return screen ?? { screen: unknownBank(parameters, match.bankId) };
    },
  };
}
