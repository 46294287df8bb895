import type { Answer, Challenge } from "../../challenges/index.ts";
import type { Clock } from "../../clock/clock.ts";
import type { HttpClient } from "../../http/http.ts";
import { type AccountLookup, sameIds } from "../account-lookup.ts";
import type { BankAdapter, BankRequest, CallOptions, Pending } from "../bank-adapter.ts";
import type { PersonFault } from "./fault-of.ts";
import { undoOf, undoState } from "./grant.ts";
import { createFlow, type Flow, type Progress, type BankResult } from "./flow.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { nextStep } from "./next-step.ts";
import { createOAuthFlow } from "./oauth-flow.ts";
import { createOAuthServer } from "./oauth-server.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import { asksForPassword, firstScreen, signedIn } from "./sign-in.ts";
import { berlinState, type OAuthState, type Running } from "./state.ts";
import { type Answered, type CallContext, createXs2aClient } from "./xs2a-client.ts";

/**
 * So often somebody may be sent to the page of an OAuth server and come back without having
 * confirmed.
 */
const maxAsks = 10;

/**
 * A bank behind the NextGenPSD2 XS2A interface of the Berlin Group: a consent is asked for and
 * given, by whichever of its approaches (embedded, decoupled, redirect) the bank takes.
 * @param deps `http` shows our certificate to the bank.
 */
export function createBerlinGroupBank(
  settings: BerlinGroupSettings,
  deps: { name: string; http: HttpClient; clock: Clock; accounts?: AccountLookup | undefined },
): BankAdapter {
  const { name, clock } = deps;
  const xs2a = createXs2aClient({ settings, http: deps.http });
  const oauth = createOAuthFlow(createOAuthServer(settings, deps.http), clock);
  const { begin, advance, finish, update, confirm, choose, methodChallenge, signInChallenge } =
    createFlow({ settings, xs2a, oauth, clock, accounts: deps.accounts ?? sameIds });

  /** The same question again. */
  const repeatChallenge = (
    challenge: Challenge,
    state: Running,
    problem?: "wrong",
  ): BankResult => ({
    type: "challenge",
    challenge,
    state,
    undo: undoOf(state),
    otherWay: state.type !== "method" && state.methods.length > 1,
    ...(problem ? { problem } : {}),
    ...(settings.lang === undefined ? {} : { lang: settings.lang }),
  });

  const failed = (asked: Running["type"]): BankResult => {
    if (asked === "code") return { type: "refused", reason: "too-many-tries" };
    return { type: "refused", reason: "denied" };
  };

  /** How an authorisation stands; of one whose id nobody told, how its consent stands. */
  const fetchStatus = async (
    running: Running,
    context: CallContext,
  ): Promise<Answered<Progress>> => {
    if (running.authorisation !== null)
      return xs2a.authorisation(running, running.authorisation, context);
    const status = await xs2a.consentStatus(running, context);
    return status.ok
      ? { ...status, value: { ...status.value, _links: { scaStatus: null } } }
      : status;
  };

  const scaStatus = (progress: Progress): "finished" | "failed" | "unconfirmed" | "open" => {
    // Its links are of no interest: what is asked was asked before.
    const { type: step } = nextStep({ ...progress, _links: { scaStatus: null } });
    return step === "finished" || step === "failed"
      ? step
      : step === "confirm"
        ? "unconfirmed"
        : "open";
  };

  const mapError =
    (flow: Pick<Flow, "request" | "context" | "running">, challenge: Challenge) =>
    async (fault: PersonFault): Promise<BankResult> => {
      const { running, context } = flow;
      if (fault === "blocked") return { type: "refused", reason: "suspended" };
      if (fault === "over") return { type: "refused", reason: "not-approved" };
      if (
        (fault === "wrong" && running.type === "code") ||
        (fault !== "not-in-this-state" && running.type === "method")
      )
        return repeatChallenge(challenge, running, "wrong");
      // An answer whose reply was lost may have ended it: then the same answer, given again, is not
      // wrong.
      const status =
        fault === "not-in-this-state" ? await fetchStatus(running, context) : undefined;
      if (status?.ok && scaStatus(status.value) === "finished")
        return finish({ ...flow, onFault: refused, onFailed: () => failed(running.type) });
      if (status?.ok && scaStatus(status.value) === "failed") return failed(running.type);
      return refused(fault);
    };

  const refused = (fault: PersonFault): BankResult => {
    if (fault === "blocked") return { type: "refused", reason: "suspended" };
    if (fault === "over") return { type: "refused", reason: "not-approved" };
    throw new UnexpectedBankResponse("request-refused");
  };

  const noticed = (
    result: BankResult,
    notice: "sent-again" | "asked-again" | "refreshed",
  ): BankResult =>
    result.type === "challenge" && result.problem === undefined ? { ...result, notice } : result;

  /**
   * Has the bank send, draw or ask once more, which in this standard is choosing the same way
   * again.
   */
  const resend = async (
    flow: Flow,
    challenge: Challenge,
    notice: "sent-again" | "asked-again" | "refreshed",
  ): Promise<BankResult> => {
    const { running, request, context } = flow;
    const over = challenge.kind === "approval" && challenge.prompt.status === "over";
    if (!over && running.chosen !== null && running.authorisation !== null) {
      const chosen = await choose(flow, running.chosen);
      if (chosen.ok || chosen.fault !== "not-in-this-state")
        return noticed(await advance(flow, chosen), notice);
    }
    if (asksForPassword(settings)) return signInChallenge();
    return noticed(
      await begin(request, context, { person: running.person, password: undefined }),
      notice,
    );
  };

  const answerTo = async (
    flow: Flow,
    challenge: Challenge,
    answer: Answer,
  ): Promise<BankResult> => {
    const { running } = flow;
    // Nobody answered what was asked.
    if (answer.kind !== challenge.kind && answer.kind !== "other-way")
      return repeatChallenge(challenge, running);
    switch (answer.kind) {
      case "other-way":
        return running.methods.length > 1
          ? methodChallenge(flow)
          : repeatChallenge(challenge, running);
      case "method-choice": {
        const method = running.methods[Number(answer.value.method)];
        return method
          ? advance(flow, await choose(flow, method.id))
          : repeatChallenge(challenge, running, "wrong");
      }
      case "one-time-code":
        return "sendAgain" in answer.value
          ? resend(flow, challenge, "sent-again")
          : advance(flow, await confirm(flow, answer.value.code));
      case "picture-code":
        return "refresh" in answer.value
          ? resend(flow, challenge, "refreshed")
          : advance(flow, await confirm(flow, answer.value.reply));
      case "approval":
        return resend(flow, challenge, "asked-again");
      case "redirect":
        return running.oauth
          ? cameBackFromOAuth(flow, challenge, running.oauth, answer.value.query)
          : cameBack(flow, challenge, answer.value.query);
      default:
        throw new TypeError("nothing of the kind was asked");
    }
  };

  /** The query went through a browser: only what the bank says counts. */
  const cameBack = async (flow: Flow, challenge: Challenge, query: string): Promise<BankResult> => {
    const { running, context } = flow;
    const status = await fetchStatus(running, context);
    if (!status.ok) return flow.onFault(status.fault);
    switch (scaStatus(status.value)) {
      case "finished":
        return finish(flow);
      case "failed":
        return failed("redirect");
      case "open":
        // Not `wrong`, which would be counted as a guess at this account: whoever saw the address
        // could have it locked.
        return repeatChallenge(challenge, running);
      case "unconfirmed": {
        const code =
          settings.confirmationParameter === undefined
            ? null
            : new URLSearchParams(query).get(settings.confirmationParameter);
        return advance(
          flow,
          await update(flow, code === null ? {} : { confirmationCode: code }, "confirmation"),
        );
      }
    }
  };

  const cameBackFromOAuth = async (
    flow: Flow,
    challenge: Challenge,
    state: OAuthState,
    query: string,
  ): Promise<BankResult> => {
    const { running, request, context } = flow;
    const came = await oauth.back(query, state, request, context.signal);
    if (came.type === "token") {
      // The code is used up, so that this token cannot be had again; a bank may want it from
      // whoever deletes its consent.
      context.mustUndo?.(undoOf(running, came.token));
      return finish({ ...flow, token: came.token });
    }
    if (came.type === "nothing") return repeatChallenge(challenge, running);
    // The query went through a browser, so that a no counts only where the bank says it, too; and
    // nothing is `wrong`, which would be counted as a guess.
    const status = came.type === "denied" ? await fetchStatus(running, context) : undefined;
    const isOver = status?.ok && scaStatus(status.value) === "failed";
    if (isOver || state.asked >= maxAsks)
      return { type: "refused", reason: isOver ? "denied" : "not-approved" };
    // What came of the last page is worth nothing any more: its consent goes at the end, and the
    // next one has secrets of its own.
    if (asksForPassword(settings)) return signInChallenge();
    const next = await begin(
      request,
      context,
      { person: running.person, password: undefined },
      { asked: state.asked + 1, heard: came.heard },
    );
    return next.type === "challenge" && next.challenge.kind === "redirect"
      ? { ...next, problem: came.type }
      : next;
  };

  const flowOf = (
    request: BankRequest,
    context: CallContext,
    running: Running,
    challenge: Challenge,
  ): Flow => ({
    request,
    context,
    running,
    onFault: mapError({ request, context, running }, challenge),
    onFailed: () => failed(running.type),
  });

  const start = async (
    request: BankRequest,
    answer: Answer,
    options: CallOptions,
  ): Promise<BankResult> => {
    const who = signedIn(answer);
    return who
      ? begin(request, { ...options, locale: request.locale, byPerson: true }, who)
      : signInChallenge("wrong");
  };

  return {
    describe: () => ({
      name,
      firstChallenge: firstScreen(settings),
      ...(settings.lang === undefined ? {} : { lang: settings.lang }),
    }),

    userIdentifier(answer) {
      if (answer.kind !== "credentials") return undefined;
      const { corporate, username } = answer.value;
      return username === undefined
        ? undefined
        : [corporate, username].filter((part) => part !== undefined);
    },

    start: ({ answer, ...request }, options) => start(request, answer, options),

    async answer({ answer, challenge, state, ...request }, options) {
      const running = berlinState.parse(state);
      if (running.type === "sign-in") return start(request, answer, options);
      return answerTo(
        flowOf(request, { ...options, locale: request.locale, byPerson: true }, running, challenge),
        challenge,
        answer,
      );
    },

    async redirectToBank({ state, ...request }, { signal }) {
      const running = berlinState.parse(state);
      if (running.type === "sign-in" || !running.oauth)
        throw new TypeError("nobody was to go anywhere");
      return oauth.redirectToBank(running, running.oauth, request, signal);
    },

    async undo({ undo }, { signal }) {
      const { consent, query, accessToken } = undoState.parse(undo.state);
      const deleted = await xs2a.deleteConsent(
        { consent, queries: query === undefined ? {} : { self: query } },
        {
          signal,
          locale: settings.lang ?? "en",
          byPerson: false,
          ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
        },
      );
      if (!deleted.ok && deleted.fault !== "over" && deleted.fault !== "not-in-this-state")
        throw new UnexpectedBankResponse("request-refused");
    },

    async poll({ challenge, state, ...request }: BankRequest & Pending, options) {
      const running = berlinState.parse(state);
      if (running.type === "sign-in") return { type: "pending" };
      // A token comes with the person alone.
      if (running.oauth) return { type: "pending", pollSeconds: settings.pollSeconds };
      const context = { ...options, locale: request.locale, byPerson: false };
      const status = await fetchStatus(running, context);
      if (!status.ok) return refused(status.fault);
      const how = scaStatus(status.value);
      if (how === "finished")
        return finish({ ...flowOf(request, context, running, challenge), onFault: refused });
      if (how !== "failed") return { type: "pending", pollSeconds: settings.pollSeconds };
      if (challenge.kind !== "approval") return failed(running.type);
      const { device, pollSeconds } = challenge.prompt;
      const over: Challenge = {
        kind: "approval",
        prompt: { status: "over", pollSeconds, ...(device === undefined ? {} : { device }) },
      };
      return { ...repeatChallenge(over, running), problem: "denied" } as BankResult;
    },
  };
}
