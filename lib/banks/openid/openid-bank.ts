import type { Answer, Challenge } from "../../challenges/index.ts";
import type { AdapterParts } from "../adapter-definition.ts";
import { noAccount, sameIds } from "../account-lookup.ts";
import type { BankAdapter, BankRequest, CallOptions } from "../bank-adapter.ts";
import { RemoteFault } from "../../http/http.ts";
import type { NotTaken } from "./accounts.ts";
import { createAskApp } from "./ciba.ts";
import { createAskPage } from "./authorization-code.ts";
import { OpenIdError, OAuthErrorResponse } from "./openid-error.ts";
import { loginHint } from "./login-hint.ts";
import { createProvider } from "./provider.ts";
import type { OpenidSettings, Flow } from "./settings.ts";
import {
  type CibaState,
  type OpenidState,
  openidState,
  type AuthorizationCodeState,
} from "./state.ts";
import { createTokenUse } from "./use-tokens.ts";

type PendingResult = ReturnType<BankAdapter["start"]>;

/**
 * How long one call of the provider may take; a poll or an answer makes three at most, and has 30
 * s.
 */
const timeoutMs = 8000;

/** A bank that is an OpenID Provider (docs/adapters/openid.md, docs/decisions/046). */
export function createOpenidBank(
  settings: OpenidSettings,
  { bank, clock, log, http, accounts: lookup = sameIds }: AdapterParts,
): BankAdapter {
  const { flows, lang, loginHint: template = "{username}" } = settings;
  const notTaken: NotTaken = (reason, paths) =>
    log.warn("bank answer refused", {
      reason,
      ...(paths ? { paths } : {}),
      ...(bank.id === null ? {} : { bankId: bank.id }),
    });
  const provider = createProvider(settings, {
    http: http({ timeoutMs }),
    clock,
    log,
    bankId: bank.id,
  });
  const tokens = createTokenUse(settings, {
    provider,
    grants: bank.grants ?? false,
    clock,
    notTaken,
    lookup,
  });
  const app = createAskApp(settings, { provider, tokens, clock });
  const page = createAskPage(settings, { provider, tokens, clock, notTaken });
  const firstChallenge = firstChallengeOf(settings);
  const unknown: Awaited<PendingResult> = {
    type: "challenge",
    challenge: firstChallenge,
    state: { type: "sign-in" },
    problem: "wrong",
    lang,
  };

  const ask = async (
    flow: Flow | undefined,
    hint: string | null,
    request: BankRequest,
    signal: AbortSignal,
  ): PendingResult => {
    if (flow === "authorization_code") return page.ask({ hint, asked: 1, app: null }, request);
    if (flow === undefined || hint === null) throw new TypeError("nobody said whose app it is");
    return app.ask({ hint, pageAsked: 0 }, request, signal);
  };

  /**
   * Each way knows what became of the other one, so that going to and fro makes no phone ring more
   * often than its button does (MFA fatigue).
   */
  const otherWay = async (
    state: CibaState | AuthorizationCodeState,
    request: BankRequest,
    signal: AbortSignal,
  ): PendingResult => {
    if (state.type === "ciba")
      return page.ask({ hint: state.hint, asked: state.pageAsked + 1, app: state }, request);
    if (state.app) return app.askAgain({ ...state.app, pageAsked: state.asked }, request, signal);
    if (state.hint === null) throw new TypeError("nobody said whose app it is");
    return app.ask({ hint: state.hint, pageAsked: state.asked }, request, signal);
  };

  /** Whom the provider does not know, or will not ask, is told so wherever the app is asked. */
  const orRefused = async (asking: PendingResult): PendingResult => {
    try {
      return await asking;
    } catch (error) {
      if (!(error instanceof OAuthErrorResponse)) throw error;
      if (error.code === "slow_down") throw new RemoteFault("bank-unavailable");
      if (error.code !== "unknown_user_id" && error.code !== "access_denied")
        throw new OpenIdError("request-refused");
      const isUnknown = error.code === "unknown_user_id";
      notTaken(isUnknown ? "unknown-person" : "denied");
      return isUnknown ? unknown : { type: "refused", reason: "denied" };
    }
  };

  const signIn = async (
    answer: Answer,
    request: BankRequest,
    signal: AbortSignal,
  ): PendingResult => {
    const hint = hintIn(answer);
    // Nobody has a name of which no hint can be made, such as an empty one.
    if (hint !== null && loginHint(template, hint) === undefined) return unknown;
    // Before anybody's phone rings.
    if (!(await lookup.connectionOf(request, signal))) return noAccount;
    return orRefused(ask(flows[0], hint, request, signal));
  };

  const hasOtherWay = (state: OpenidState): state is CibaState | AuthorizationCodeState =>
    state.type !== "sign-in" && flows.length > 1 && state.hint !== null;
  /** The same question, for whoever answered another one. */
  const still = (challenge: Challenge, state: OpenidState): Awaited<PendingResult> => ({
    type: "challenge",
    challenge,
    state,
    otherWay: hasOtherWay(state),
    lang,
  });

  return {
    describe: () => ({
      name: bank.name ?? new URL(settings.issuer).host,
      firstChallenge,
      ...(lang === undefined ? {} : { lang }),
    }),
    userIdentifier: (answer) => hintIn(answer) ?? undefined,
    start: async ({ answer, ...request }, { signal }) => signIn(answer, request, signal),

    async answer({ answer, challenge, state: stored, ...request }, options) {
      const { signal } = options;
      const state = openidState.parse(stored);
      if (answer.kind === "other-way")
        return hasOtherWay(state)
          ? orRefused(otherWay(state, request, signal))
          : still(challenge, state);
      if (answer.kind !== challenge.kind) return still(challenge, state);
      if (state.type === "sign-in") return signIn(answer, request, signal);
      if (state.type === "ciba") return orRefused(app.askAgain(state, request, signal));
      if (answer.kind !== "redirect") throw new TypeError("the person was sent to a page");
      return page.back(answer.value.query, state, request, options);
    },

    async poll(
      { state: stored, ...request }: BankRequest & { state: unknown },
      options: CallOptions,
    ) {
      const state = openidState.parse(stored);
      // In a window of its own the page is waited for as well; it comes back as an answer.
      return state.type === "ciba" ? app.poll(state, request, options) : { type: "pending" };
    },

    async redirectToBank({ state: stored, ...request }, { signal }) {
      const state = openidState.parse(stored);
      if (state.type !== "authorization_code") throw new TypeError("nobody was to go anywhere");
      return page.redirectToBank(state, request, signal);
    },

    undo: ({ undo }, { signal }) => tokens.revoke(undo.state, signal),
  };
}

/** The one field that says who the person is; the name is the one password managers fill in. */
const field = "username";

function firstChallengeOf({ person, introduction }: OpenidSettings): Challenge {
  if (person)
    return { kind: "credentials", prompt: { fields: [{ name: field, type: "text", ...person }] } };
  if (introduction) return { kind: "message", prompt: { phase: "sign-in", ...introduction } };
  throw new TypeError("there is no first screen");
}

const hintIn = (answer: Answer): string | null =>
  answer.kind === "credentials" ? (answer.value[field] ?? null) : null;
