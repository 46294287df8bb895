import type { z } from "zod";
import type { Challenge } from "../../challenges/index.ts";
import type { Clock } from "../../clock/clock.ts";
import { RemoteFault } from "../../http/http.ts";
import type { BankRequest, bankResultSchema } from "../bank-adapter.ts";
import { type AccountLookup, noAccount } from "../account-lookup.ts";
import type { LinkedAccount } from "../lookup-answer.ts";
import { accountsInConsent } from "./accounts.ts";
import { codeChallenge, noteOf, type ScaMethodChoice } from "./code-challenge.ts";
import { beginningHeaders, consentBody, personHeaders } from "./consent-request.ts";
import type { PersonFault } from "./fault-of.ts";
import { type GivenToken, undoOf } from "./grant.ts";
import { authorisationIn, type FollowedLink, isStart, queriesOf } from "./links.ts";
import { methodLabel, rememberedMethods } from "./method-label.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { nextStep } from "./next-step.ts";
import type { OAuthFlow } from "./oauth-flow.ts";
import { redirectChallenge } from "./redirect-challenge.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import { shownName } from "./shown-text.ts";
import { firstScreen, type SignedIn } from "./sign-in.ts";
import { type OAuthState, roomForMethods, type Running } from "./state.ts";
import type { Answered, CallContext, Xs2aClient } from "./xs2a-client.ts";
import type { ConsentAnswer, ConsentStatus, ProgressAnswer } from "./xs2a-messages.ts";

export type BankResult = z.input<typeof bankResultSchema>;
export type Progress = ProgressAnswer & { consentStatus?: ConsentStatus };

/** One call of the adapter: who asks, and what is known so far. */
export interface Flow {
  request: BankRequest;
  context: CallContext;
  running: Running;
  password?: string | undefined;
  /** What came of the OAuth flow: its token, or how often there was one before. */
  token?: GivenToken;
  before?: Partial<Pick<OAuthState, "asked" | "heard">>;
  /** What a fault of this call means to the person. */
  onFault: (fault: PersonFault) => BankResult | Promise<BankResult>;
  /** What it means that the authorisation failed for good. */
  onFailed: () => BankResult;
}

/** More requests than any bank needs for one answer. */
const maxCalls = 6;

/**
 * Leads an authorisation from one answer of the bank's to the next question for the person, or to
 * its end.
 */
export function createFlow({
  settings,
  xs2a,
  oauth,
  clock,
  accounts: lookup,
}: {
  settings: BerlinGroupSettings;
  xs2a: Xs2aClient;
  oauth: OAuthFlow;
  clock: Clock;
  accounts: AccountLookup;
}) {
  const ask = (
    flow: Flow,
    asked: Running["type"],
    challenge: Challenge,
    lang: string | undefined,
  ): BankResult => {
    const language = lang ?? settings.lang;
    const otherWay = asked !== "method" && flow.running.methods.length > 1;
    return {
      type: "challenge",
      challenge,
      state: { ...flow.running, type: asked },
      undo: undoOf(flow.running),
      otherWay,
      ...(language === undefined ? {} : { lang: language }),
    };
  };

  const methodChallenge = (flow: Flow, lang?: string): BankResult =>
    ask(
      flow,
      "method",
      {
        kind: "method-choice",
        prompt: {
          methods: flow.running.methods.map(({ label }, index) => ({ id: String(index), label })),
        },
      },
      lang,
    );

  /** @throws RemoteFault */
  const finish = async (flow: Flow): Promise<BankResult> => {
    const { running, token } = flow;
    const context = token
      ? { ...flow.context, authorization: `Bearer ${token.accessToken}` }
      : flow.context;
    const status = await xs2a.consentStatus(running, context);
    if (!status.ok) return flow.onFault(status.fault);
    const { consentStatus } = status.value;
    if (consentStatus === "received") throw new RemoteFault("consent-not-ready");
    // Somebody else has to agree, too, at the bank.
    if (consentStatus === "partiallyAuthorised")
      return { type: "refused", reason: "action-needed" };
    if (consentStatus !== "valid") return { type: "refused", reason: "denied" };
    const list = await xs2a.accounts(running, context);
    if (!list.ok) return flow.onFault(list.fault);
    const shown = accountsInConsent(list.value, settings);
    const result = await lookup.confirm(flow.request, shown, context.signal);
    if (result.type !== "authorised") return result;
    const { access } = consentBody(
      settings,
      shown.map(({ id }) => id),
      clock.now(),
    );
    return {
      ...result,
      grant: {
        consentId: running.consent,
        access,
        ...(running.validUntil === null ? {} : { validUntil: running.validUntil }),
        ...(token ? { token: { ...token } } : {}),
      },
      undo: undoOf(running, token),
    };
  };

  const update = (flow: Flow, body: unknown, link: FollowedLink): Promise<Answered<Progress>> => {
    const { running, request, context } = flow;
    if (isStart(link) || running.authorisation === null)
      return xs2a.startAuthorisation(
        running,
        link,
        body,
        beginningHeaders(settings, running.person, request),
        context,
      );
    return xs2a.updateAuthorisation(
      running,
      running.authorisation,
      link,
      body,
      personHeaders(settings, running.person),
      context,
    );
  };

  /** Sends a code to the bank. */
  const confirm = (flow: Flow, code: string) =>
    update(
      flow,
      { scaAuthenticationData: code },
      flow.running.authorisation === null
        ? "startAuthorisationWithTransactionAuthorisation"
        : "authoriseTransaction",
    );

  /** Sends a choice of way to the bank. */
  const choose = (
    flow: Flow,
    id: string,
    link: FollowedLink = flow.running.authorisation === null
      ? "startAuthorisationWithAuthenticationMethodSelection"
      : "selectAuthenticationMethod",
  ): Promise<Answered<Progress>> => {
    flow.running = { ...flow.running, chosen: id };
    return update(flow, { authenticationMethodId: id }, link);
  };

  const merge = (
    { running, ...flow }: Flow,
    { authorisationId, scaMethods, chosenScaMethod, _links }: Progress,
  ): Flow => {
    const learnt: Running = {
      ...running,
      authorisation: authorisationId ?? running.authorisation ?? authorisationIn(_links) ?? null,
      chosen: chosenScaMethod?.authenticationMethodId ?? running.chosen,
      queries: queriesOf(_links, running.consent, running.queries),
    };
    const methods =
      scaMethods?.map((method) => ({
        id: method.authenticationMethodId,
        label: methodLabel(method, settings),
        type: method.authenticationType,
      })) ?? running.methods;
    return {
      ...flow,
      running: { ...learnt, methods: rememberedMethods(methods, roomForMethods(learnt)) },
    };
  };

  /** The way that was chosen: as the answer says it, or else as it was offered. */
  const wayOf = (
    { chosen, methods }: Running,
    { chosenScaMethod: said }: Progress,
  ): ScaMethodChoice => {
    const offered = methods.find(({ id }) => id === chosen);
    const type = said?.authenticationType ?? offered?.type ?? "";
    // A label that is but the type's is no name.
    return {
      type,
      name:
        said?.name ??
        (offered && offered.label !== methodLabel({ authenticationType: offered.type }, settings)
          ? offered.label
          : undefined),
    };
  };

  const advance = async (begun: Flow, first: Answered<Progress>): Promise<BankResult> => {
    let [flow, answered] = [begun, first];
    for (let calls = 0; calls < maxCalls; calls += 1) {
      if (!answered.ok) return flow.onFault(answered.fault);
      const { value: progress, lang } = answered;
      flow = merge(flow, progress);
      flow.context.mustUndo?.(undoOf(flow.running));
      const next = nextStep(progress);
      switch (next.type) {
        case "finished":
          return finish(flow);
        case "failed":
          return flow.onFailed();
        case "redirect":
          return ask(
            flow,
            "redirect",
            redirectChallenge(progress._links.scaRedirect, settings),
            lang,
          );
        case "oauth":
          flow.running = {
            ...flow.running,
            methods: [],
            oauth: await oauth.begin(
              progress._links.scaOAuth,
              flow.before ?? {},
              flow.context.signal,
            ),
          };
          return ask(
            flow,
            "oauth",
            {
              kind: "redirect",
              prompt: { url: redirectUrlOf(flow.request), opens: settings.opens },
            },
            lang,
          );
        case "code":
          return ask(
            flow,
            "code",
            codeChallenge(progress, settings, {
              sendAgain: flow.running.chosen !== null,
              method: wayOf(flow.running, progress),
            }),
            lang,
          );
        case "approve":
          return ask(flow, "approval", approval(progress, wayOf(flow.running, progress)), lang);
        case "choose": {
          const [only, another] = flow.running.methods;
          if (only === undefined || another !== undefined) return methodChallenge(flow, lang);
          answered = await choose(flow, only.id, next.link);
          break;
        }
        case "authenticate":
          if (flow.password === undefined) throw new UnexpectedBankResponse("password-not-asked");
          answered = await update(flow, { psuData: { password: flow.password } }, next.link);
          break;
        case "identify":
        case "start":
        case "confirm":
          answered = await update(flow, {}, next.link);
          break;
      }
    }
    throw new UnexpectedBankResponse("never-ends");
  };

  const approval = (progress: Progress, { name }: ScaMethodChoice): Challenge => {
    const { challengeData } = progress;
    const device = shownName(name, 60);
    const [matchNumber = ""] = challengeData?.data ?? [];
    const note = noteOf(progress);
    return {
      kind: "approval",
      prompt: {
        status: "waiting",
        pollSeconds: settings.pollSeconds,
        ...(device === undefined ? {} : { device }),
        ...(/^[A-Za-z0-9]{1,8}$/.test(matchNumber) ? { matchNumber } : {}),
        ...(note === undefined ? {} : { note }),
      },
    };
  };

  /** From the first screen on: a new consent, for whoever signed in. */
  const begin = async (
    request: BankRequest,
    context: CallContext,
    { person, password }: SignedIn,
    before: Flow["before"] = {},
  ): Promise<BankResult> => {
    const connection = await lookup.connectionOf(request, context.signal);
    if (!connection) return noAccount;
    const { validUntil } = consentBody(settings, [], clock.now());
    const createConsent = (accounts: readonly LinkedAccount[]) =>
      xs2a.createConsent(
        consentBody(
          settings,
          accounts.flatMap(({ id }) => id ?? []),
          clock.now(),
        ),
        beginningHeaders(settings, person, request),
        context,
      );
    const { asked, accounts } = connection;
    const mayDoWithOne = settings.consent.access === "asked" && accounts.length > 1;
    let created: Answered<ConsentAnswer> | undefined;
    try {
      created = await createConsent(accounts);
    } catch (error) {
      if (!(mayDoWithOne && isRefusal(error))) throw error;
    }
    // An account that is not this person's may have spoilt it for the one that is asked about.
    if (!created || (mayDoWithOne && !created.ok && created.fault === "over"))
      created = await createConsent([asked]);
    const onFault = (fault: PersonFault): BankResult => {
      if (fault === "blocked") return { type: "refused", reason: "suspended" };
      if (fault !== "wrong") throw new UnexpectedBankResponse("request-refused");
      return signInChallenge("wrong");
    };
    if (!created.ok) return onFault(created.fault);
    const running: Running = {
      type: "method",
      consent: created.value.consentId,
      authorisation: null,
      person,
      methods: [],
      chosen: null,
      queries: {},
      oauth: null,
      validUntil,
    };
    return advance(
      {
        request,
        context,
        running,
        password,
        before,
        onFault,
        onFailed: () => signInChallenge("wrong"),
      },
      created,
    );
  };

  const signInChallenge = (problem?: "wrong"): BankResult => ({
    type: "challenge",
    challenge: firstScreen(settings),
    state: { type: "sign-in" },
    ...(problem ? { problem } : {}),
    ...(settings.lang === undefined ? {} : { lang: settings.lang }),
  });

  return {
    begin,
    advance,
    finish,
    update,
    confirm,
    choose,
    methodChallenge,
    signInChallenge,
  };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof UnexpectedBankResponse && error.code === "request-refused";

/** Our own address that leads to the bank's page. */
function redirectUrlOf({ redirectUrl }: BankRequest): string {
  if (redirectUrl === undefined)
    throw new TypeError("there is no way to a page whose address does not last");
  return redirectUrl;
}
