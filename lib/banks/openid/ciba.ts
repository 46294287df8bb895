import { randomInt } from "node:crypto";
import { genericGrantRequest, initiateBackchannelAuthentication } from "openid-client";
import type { z } from "zod";
import type { Clock } from "../../clock/clock.ts";
import type {
  BankRequest,
  BankResult,
  bankResultSchema,
  CallOptions,
  pollSchema,
} from "../bank-adapter.ts";
import { tokenBinding } from "./accounts.ts";
import { OpenIdError, OAuthErrorResponse } from "./openid-error.ts";
import { loginHint } from "./login-hint.ts";
import { createPace } from "./polling-interval.ts";
import type { Provider } from "./provider.ts";
import { createRequestParameters } from "./request-parameters.ts";
import type { OpenidSettings } from "./settings.ts";
import type { CibaState } from "./state.ts";
import type { TokenUse } from "./use-tokens.ts";

type Asked = z.input<typeof bankResultSchema>;

const grantType = "urn:openid:params:grant-type:ciba";
/** CIBA §7.3: without `interval` it is five. */
const usualInterval = 5;
/** With pings, how often it is asked all the same: one may be lost. */
const withoutPingSeconds = 30;
const maxWaitSeconds = 60;
const maxAsks = 5;
/** Before that a request is most likely still on its way to the phone. */
const askAgainAfterMs = 10_000;
/** With everything else in the state there is room for so much. */
const maxRequestId = 2000;

/** Confirming in the bank's app: CIBA, by polling or with pings. */
export function createAskApp(
  settings: OpenidSettings,
  { provider, tokens: { use }, clock }: { provider: Provider; tokens: TokenUse; clock: Clock },
) {
  const { app, flows, scope, acrValues, lang, loginHint: template = "{username}" } = settings;
  const parametersOf = createRequestParameters(settings, clock);
  const pace = createPace();
  const nowMs = () => clock.now().getTime();

  const result = (state: CibaState): Extract<Asked, { type: "challenge" }> => ({
    type: "challenge",
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
    otherWay: flows.includes("authorization_code"),
    lang,
  });
  const everySeconds = ({ request, intervalSeconds }: CibaState) => {
    const asked =
      app.delivery === "ping" ? Math.max(withoutPingSeconds, intervalSeconds) : intervalSeconds;
    return Math.min(Math.max(asked, pace.of(request)), maxWaitSeconds);
  };

  /** Has the bank's app ask the person. @throws OAuthErrorResponse `unknown_user_id` */
  const ask = async (
    { hint, asked, pageAsked }: Pick<CibaState, "hint" | "asked" | "pageAsked">,
    { clientNotificationToken }: BankRequest,
    signal: AbortSignal,
  ): Promise<Extract<Asked, { type: "challenge" }>> => {
    const number = String(randomInt(1000, 10_000));
    const given = {
      scope,
      login_hint: loginHint(template, hint),
      binding_message: app.bindingMessage.replace("{number}", number),
      acr_values: acrValues.join(" ") || undefined,
      requested_expiry: app.requestedExpiry === undefined ? undefined : String(app.requestedExpiry),
      client_notification_token:
        app.delivery === "ping" ? await clientNotificationToken?.() : undefined,
    };
    const answer = await provider.use(
      "backchannel_authentication_endpoint",
      signal,
      async (config) => initiateBackchannelAuthentication(config, await parametersOf(given)),
    );
    if (answer.auth_req_id.length > maxRequestId)
      throw new OpenIdError("answer-unusable", { paths: ["auth_req_id"] });
    const intervalSeconds = Math.min(
      Math.max(1, Math.ceil(answer.interval ?? usualInterval)),
      maxWaitSeconds,
    );
    return result({
      type: "ciba",
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
    ask: (who: Pick<CibaState, "hint" | "pageAsked">, request: BankRequest, signal: AbortSignal) =>
      ask({ ...who, asked: 1 }, request, signal),

    /**
     * The person wants the request sent again. The one before lies where it is: CIBA has no way to
     * take it back; its number is another one.
     */
    async askAgain(state: CibaState, request: BankRequest, signal: AbortSignal): Promise<Asked> {
      const waitMs = state.over ? 0 : state.askedAtMs + askAgainAfterMs - nowMs();
      if (waitMs > 0 && waitMs <= askAgainAfterMs)
        return { ...result(state), notice: "wait", waitSeconds: Math.ceil(waitMs / 1000) };
      if (state.asked >= maxAsks) return { type: "refused", reason: "not-approved" };
      return {
        ...(await ask({ ...state, asked: state.asked + 1 }, request, signal)),
        notice: "asked-again",
      };
    },

    /**
     * Asks for the tokens: that is how CIBA tells how things stand. What is too early for the
     * provider is not asked.
     */
    async poll(
      state: CibaState,
      request: BankRequest,
      options: CallOptions,
    ): Promise<z.input<typeof pollSchema>> {
      if (state.over) return { type: "pending" };
      const tooEarlyMs = state.askedAtMs + state.intervalSeconds * 1000 - nowMs();
      if (app.delivery === "poll" && tooEarlyMs > 0)
        return {
          type: "pending",
          pollSeconds: Math.min(Math.ceil(tooEarlyMs / 1000), maxWaitSeconds),
        };
      try {
        return await provider.use(
          "token_endpoint",
          options.signal,
          async (config, verify): Promise<BankResult> => {
            const binding = await tokenBinding(config, settings);
            const tokens = await genericGrantRequest(
              config,
              grantType,
              { auth_req_id: state.request },
              binding,
            );
            return use({ request, ...options }, config, tokens, binding, verify);
          },
        );
      } catch (error) {
        if (!(error instanceof OAuthErrorResponse)) throw error;
        if (error.code === "slow_down") pace.slowDown(state.request, everySeconds(state));
        if (error.code === "slow_down" || error.code === "authorization_pending")
          return { type: "pending", pollSeconds: everySeconds(state) };
        // `invalid_grant`: used up, by an answer that was lost on its way. It cannot be had again,
        // and the person may ask again.
        return {
          ...result({ ...state, over: true }),
          problem: error.code === "access_denied" ? "denied" : "expired",
        };
      }
    },
  };
}
