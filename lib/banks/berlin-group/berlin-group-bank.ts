import type { Answer, Challenge } from "../../challenges/index.ts";
import type { Clock } from "../../clock/clock.ts";
import type { HttpClient } from "../../http/http.ts";
import type { BankAdapter, BankRequest, Pending } from "../bank-adapter.ts";
import type { PersonFault } from "./fault-of.ts";
import { createFlow, type Flow, type Progress, type Turn } from "./flow.ts";
import { BankMisbehaved } from "./unexpected-bank-response.ts";
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
const mostAsks = 10;

/**
 * A bank behind the NextGenPSD2 XS2A interface of the Berlin Group: a consent is asked for and
 * given, by whichever of its approaches (embedded, decoupled, redirect) the bank takes.
 * @param parts `http` shows our certificate to the bank; `feedHttp`, for the provider's own
 *   service, does not.
 */
export function createBerlinGroupBank(
  settings: BerlinGroupSettings,
  parts: { name: string; http: HttpClient; feedHttp: HttpClient; clock: Clock },
): BankAdapter {
  const { name, clock } = parts;
  const xs2a = createXs2aClient({ settings, http: parts.http });
  const oauth = createOAuthFlow(createOAuthServer(settings, parts.http));
  const { begin, goOn, finish, update, confirm, choose, methodTurn, signInTurn, takeBack } =
    createFlow({ settings, xs2a, oauth, http: parts.feedHttp, clock });

  /** The same question again. */
  const again = (challenge: Challenge, state: Running, problem?: "wrong"): Turn => ({
    turn: "challenge",
    challenge,
    state,
    otherWay: state.asked !== "method" && state.methods.length > 1,
    ...(problem ? { problem } : {}),
    ...(settings.lang === undefined ? {} : { lang: settings.lang }),
  });

  const failed = (asked: Running["asked"]): Turn => {
    if (asked === "code") return { turn: "refused", reason: "too-many-tries" };
    return { turn: "refused", reason: "denied" };
  };

  /** How an authorisation stands; of one whose id nobody told, how its consent stands. */
  const look = async (running: Running, context: CallContext): Promise<Answered<Progress>> => {
    if (running.authorisation !== null)
      return xs2a.authorisation(running, running.authorisation, context);
    const status = await xs2a.consentStatus(running, context);
    return status.ok
      ? { ...status, value: { ...status.value, _links: { scaStatus: null } } }
      : status;
  };

  const stands = (progress: Progress): "finished" | "failed" | "unconfirmed" | "open" => {
    // Its links are of no interest: what is asked was asked before.
    const { step } = nextStep({ ...progress, _links: { scaStatus: null } });
    return step === "finished" || step === "failed"
      ? step
      : step === "confirm"
        ? "unconfirmed"
        : "open";
  };

  const meaning =
    (flow: Pick<Flow, "request" | "context" | "running">, challenge: Challenge) =>
    async (fault: PersonFault): Promise<Turn> => {
      const { running, context } = flow;
      if (fault === "blocked") return { turn: "refused", reason: "suspended" };
      if (fault === "over") return { turn: "refused", reason: "not-approved" };
      if (
        (fault === "wrong" && running.asked === "code") ||
        (fault !== "not-in-this-state" && running.asked === "method")
      )
        return again(challenge, running, "wrong");
      // An answer whose reply was lost may have ended it: then the same answer, given again, is not
      // wrong.
      const standing = fault === "not-in-this-state" ? await look(running, context) : undefined;
      if (standing?.ok && stands(standing.value) === "finished")
        return finish({ ...flow, onFault: refused, onFailed: () => failed(running.asked) });
      if (standing?.ok && stands(standing.value) === "failed") return failed(running.asked);
      return refused(fault);
    };

  const refused = (fault: PersonFault): Turn => {
    if (fault === "blocked") return { turn: "refused", reason: "suspended" };
    if (fault === "over") return { turn: "refused", reason: "not-approved" };
    throw new BankMisbehaved("request-refused");
  };

  const noticed = (turn: Turn, notice: "sent-again" | "asked-again" | "refreshed"): Turn =>
    turn.turn === "challenge" && turn.problem === undefined ? { ...turn, notice } : turn;

  /**
   * Has the bank send, draw or ask once more, which in this standard is choosing the same way
   * again.
   */
  const onceMore = async (
    flow: Flow,
    challenge: Challenge,
    notice: "sent-again" | "asked-again" | "refreshed",
  ): Promise<Turn> => {
    const { running, request, context } = flow;
    const over = challenge.kind === "approval" && challenge.prompt.status === "over";
    if (!over && running.chosen !== null && running.authorisation !== null) {
      const chosen = await choose(flow, running.chosen);
      if (chosen.ok || chosen.fault !== "not-in-this-state")
        return noticed(await goOn(flow, chosen), notice);
    }
    if (asksForPassword(settings)) return signInTurn();
    return noticed(
      await begin(request, context, { person: running.person, password: undefined }),
      notice,
    );
  };

  const answerTo = async (flow: Flow, challenge: Challenge, answer: Answer): Promise<Turn> => {
    const { running } = flow;
    // Nobody answered what was asked.
    if (answer.kind !== challenge.kind && answer.kind !== "other-way")
      return again(challenge, running);
    switch (answer.kind) {
      case "other-way":
        return running.methods.length > 1 ? methodTurn(flow) : again(challenge, running);
      case "method-choice": {
        const method = running.methods[Number(answer.value.method)];
        return method
          ? goOn(flow, await choose(flow, method.id))
          : again(challenge, running, "wrong");
      }
      case "one-time-code":
        return "sendAgain" in answer.value
          ? onceMore(flow, challenge, "sent-again")
          : goOn(flow, await confirm(flow, answer.value.code));
      case "picture-code":
        return "refresh" in answer.value
          ? onceMore(flow, challenge, "refreshed")
          : goOn(flow, await confirm(flow, answer.value.reply));
      case "approval":
        return onceMore(flow, challenge, "asked-again");
      case "redirect":
        return running.oauth
          ? cameBackFromOAuth(flow, challenge, running.oauth, answer.value.query)
          : cameBack(flow, challenge, answer.value.query);
      default:
        throw new TypeError("nothing of the kind was asked");
    }
  };

  /** The query went through a browser: only what the bank says counts. */
  const cameBack = async (flow: Flow, challenge: Challenge, query: string): Promise<Turn> => {
    const { running, context } = flow;
    const standing = await look(running, context);
    if (!standing.ok) return flow.onFault(standing.fault);
    switch (stands(standing.value)) {
      case "finished":
        return finish(flow);
      case "failed":
        return failed("redirect");
      case "open":
        // Not `wrong`, which would be counted as a guess at this account: whoever saw the address
        // could have it locked.
        return again(challenge, running);
      case "unconfirmed": {
        const code =
          settings.confirmationParameter === undefined
            ? null
            : new URLSearchParams(query).get(settings.confirmationParameter);
        return goOn(
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
  ): Promise<Turn> => {
    const { running, request, context } = flow;
    const came = await oauth.back(query, state, request, context.signal);
    if (came.back === "token") {
      const { token } = came;
      try {
        return await finish({ ...flow, token });
      } catch (error) {
        // The code is used up, so that this token cannot be had again; a bank may want it from
        // whoever takes its consent back.
        await takeBack(running, { ...context, authorization: `Bearer ${token.accessToken}` });
        throw error;
      }
    }
    if (came.back === "nothing") return again(challenge, running);
    // The query went through a browser, so that a no counts only where the bank says it, too; and
    // nothing is `wrong`, which would be counted as a guess.
    const standing = came.back === "denied" ? await look(running, context) : undefined;
    const isOver = standing?.ok && stands(standing.value) === "failed";
    if (isOver || state.asked >= mostAsks) {
      await takeBack(running, context);
      return { turn: "refused", reason: isOver ? "denied" : "not-approved" };
    }
    // What came of the last page is worth nothing any more: its consent goes, and the next one has
    // secrets of its own.
    await takeBack(running, context);
    if (asksForPassword(settings)) return signInTurn();
    const next = await begin(
      request,
      context,
      { person: running.person, password: undefined },
      { asked: state.asked + 1, heard: came.heard },
    );
    return next.turn === "challenge" && next.challenge.kind === "redirect"
      ? { ...next, problem: came.back }
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
    onFault: meaning({ request, context, running }, challenge),
    onFailed: () => failed(running.asked),
  });

  const start = async (
    request: BankRequest,
    answer: Answer,
    signal: AbortSignal,
  ): Promise<Turn> => {
    const who = signedIn(answer);
    return who
      ? begin(request, { signal, locale: request.locale, byPerson: true }, who)
      : signInTurn("wrong");
  };

  return {
    describe: () => ({
      name,
      firstChallenge: firstScreen(settings),
      ...(settings.lang === undefined ? {} : { lang: settings.lang }),
    }),

    person(answer) {
      if (answer.kind !== "credentials") return undefined;
      const { corporate, username } = answer.value;
      return username === undefined
        ? undefined
        : [corporate, username].filter((part) => part !== undefined);
    },

    start: ({ answer, ...request }, { signal }) => start(request, answer, signal),

    async answer({ answer, challenge, state, ...request }, { signal }) {
      const running = berlinState.parse(state);
      if (running.asked === "sign-in") return start(request, answer, signal);
      return answerTo(
        flowOf(request, { signal, locale: request.locale, byPerson: true }, running, challenge),
        challenge,
        answer,
      );
    },

    async depart({ state, ...request }, { signal }) {
      const running = berlinState.parse(state);
      if (running.asked === "sign-in" || !running.oauth)
        throw new TypeError("nobody was to go anywhere");
      return oauth.depart(running, running.oauth, request, signal);
    },

    async cancel({ state, locale }, { signal }) {
      const running = berlinState.parse(state);
      if (running.asked !== "sign-in")
        await xs2a.deleteConsent(running, { signal, locale, byPerson: true });
    },

    async poll({ challenge, state, ...request }: BankRequest & Pending, { signal }) {
      const running = berlinState.parse(state);
      if (running.asked === "sign-in") return { turn: "pending" };
      // A token comes with the person alone.
      if (running.oauth) return { turn: "pending", pollSeconds: settings.pollSeconds };
      const context = { signal, locale: request.locale, byPerson: false };
      const standing = await look(running, context);
      if (!standing.ok) return refused(standing.fault);
      const how = stands(standing.value);
      if (how === "finished")
        return finish({ ...flowOf(request, context, running, challenge), onFault: refused });
      if (how !== "failed") return { turn: "pending", pollSeconds: settings.pollSeconds };
      if (challenge.kind !== "approval") return failed(running.asked);
      const { device, pollSeconds } = challenge.prompt;
      const over: Challenge = {
        kind: "approval",
        prompt: { status: "over", pollSeconds, ...(device === undefined ? {} : { device }) },
      };
      return { ...again(over, running), problem: "denied" } as Turn;
    },
  };
}
