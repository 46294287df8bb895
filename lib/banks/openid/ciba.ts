import { randomInt } from "node:crypto";
import { genericGrantRequest, initiateBackchannelAuthentication } from "openid-client";
import type { z } from "zod";
import type { Clock } from "../../clock/clock.ts";
import type { BankRequest, pollSchema, Turn, turnSchema } from "../bank-adapter.ts";
import { createAccountsOf, type NotTaken, tokenBinding } from "./accounts.ts";
import { OpenidFailure, ProviderSaidNo } from "./openid-error.ts";
import { loginHint } from "./login-hint.ts";
import { createPace } from "./polling-interval.ts";
import type { Provider } from "./provider.ts";
import { createRequestParameters } from "./request-parameters.ts";
import type { OpenidSettings } from "./settings.ts";
import type { AppState } from "./state.ts";

type Asked = z.input<typeof turnSchema>;

const grantType = "urn:openid:params:grant-type:ciba";
/** CIBA §7.3: without `interval` it is five. */
const usualInterval = 5;
/** With pings, how often it is asked all the same: one may be lost. */
const withoutPingSeconds = 30;
const longestWaitSeconds = 60;
const mostAsks = 5;
/** Before that a request is most likely still on its way to the phone. */
const askAgainAfterMs = 10_000;
/** With everything else in the state there is room for so much. */
const longestRequestId = 2000;

/** Confirming in the bank's app: CIBA, by polling or with pings. */
export function createAskApp(
  settings: OpenidSettings,
  { provider, clock, notTaken }: { provider: Provider; clock: Clock; notTaken: NotTaken },
) {
  const { app, ways, scope, acrValues, lang, loginHint: template = "{username}" } = settings;
  const accountsOf = createAccountsOf(settings, notTaken);
  const parametersOf = createRequestParameters(settings, clock);
  const pace = createPace();
  const nowMs = () => clock.now().getTime();

  const turn = (state: AppState): Extract<Asked, { turn: "challenge" }> => ({
    turn: "challenge",
    challenge: {
      kind: "approval",
      prompt: {
        status: state.over ? "over" : "waiting",
        matchNumber: state.number,
        pollSeconds: everySeconds(state),
        ...(app.device === undefined ? {} : { device: app.device }),
      },
    },
    state,
    otherWay: ways.includes("page"),
    lang,
  });
  const everySeconds = ({ request, intervalSeconds }: AppState) => {
    const asked =
      app.delivery === "ping" ? Math.max(withoutPingSeconds, intervalSeconds) : intervalSeconds;
    return Math.min(Math.max(asked, pace.of(request)), longestWaitSeconds);
  };

  /** Has the bank's app ask the person. @throws ProviderSaidNo `unknown_user_id` */
  const ask = async (
    { hint, asked, pageAsked }: Pick<AppState, "hint" | "asked" | "pageAsked">,
    { nudgeToken }: BankRequest,
    signal: AbortSignal,
  ): Promise<Extract<Asked, { turn: "challenge" }>> => {
    const number = String(randomInt(1000, 10_000));
    const given = {
      scope,
      login_hint: loginHint(template, hint),
      binding_message: app.bindingMessage.replace("{number}", number),
      acr_values: acrValues.join(" ") || undefined,
      requested_expiry: app.requestedExpiry === undefined ? undefined : String(app.requestedExpiry),
      client_notification_token: app.delivery === "ping" ? await nudgeToken?.() : undefined,
    };
    const answer = await provider.use(
      "backchannel_authentication_endpoint",
      signal,
      async (config) => initiateBackchannelAuthentication(config, await parametersOf(given)),
    );
    if (answer.auth_req_id.length > longestRequestId)
      throw new OpenidFailure("answer-unusable", { paths: ["auth_req_id"] });
    const intervalSeconds = Math.min(
      Math.max(1, Math.ceil(answer.interval ?? usualInterval)),
      longestWaitSeconds,
    );
    return turn({
      at: "app",
      hint,
      request: answer.auth_req_id,
      number,
      intervalSeconds,
      askedAtMs: nowMs(),
      asked,
      pageAsked,
      over: false,
    });
  };

  return {
    ask: (who: Pick<AppState, "hint" | "pageAsked">, request: BankRequest, signal: AbortSignal) =>
      ask({ ...who, asked: 1 }, request, signal),

    /**
     * The person wants the request sent again. The one before lies where it is: CIBA has no way to
     * take it back; its number is another one.
     */
    async askAgain(state: AppState, request: BankRequest, signal: AbortSignal): Promise<Asked> {
      const waitMs = state.over ? 0 : state.askedAtMs + askAgainAfterMs - nowMs();
      if (waitMs > 0 && waitMs <= askAgainAfterMs)
        return { ...turn(state), notice: "wait", waitSeconds: Math.ceil(waitMs / 1000) };
      if (state.asked >= mostAsks) return { turn: "refused", reason: "not-approved" };
      return {
        ...(await ask({ ...state, asked: state.asked + 1 }, request, signal)),
        notice: "asked-again",
      };
    },

    /**
     * Asks for the tokens: that is how CIBA tells how things stand. What is too early for the
     * provider is not asked.
     */
    async poll(state: AppState, signal: AbortSignal): Promise<z.input<typeof pollSchema>> {
      if (state.over) return { turn: "pending" };
      const tooEarlyMs = state.askedAtMs + state.intervalSeconds * 1000 - nowMs();
      if (app.delivery === "poll" && tooEarlyMs > 0)
        return {
          turn: "pending",
          pollSeconds: Math.min(Math.ceil(tooEarlyMs / 1000), longestWaitSeconds),
        };
      try {
        return await provider.use(
          "token_endpoint",
          signal,
          async (config, verify): Promise<Turn> => {
            const binding = await tokenBinding(config, settings);
            return accountsOf(
              config,
              await genericGrantRequest(config, grantType, { auth_req_id: state.request }, binding),
              binding,
              verify,
            );
          },
        );
      } catch (error) {
        if (!(error instanceof ProviderSaidNo)) throw error;
        if (error.code === "slow_down") pace.slowDown(state.request, everySeconds(state));
        if (error.code === "slow_down" || error.code === "authorization_pending")
          return { turn: "pending", pollSeconds: everySeconds(state) };
        // `invalid_grant`: used up, by an answer that was lost on its way. It cannot be had again,
        // and the person may ask again.
        return {
          ...turn({ ...state, over: true }),
          problem: error.code === "access_denied" ? "denied" : "expired",
        };
      }
    },
  };
}
