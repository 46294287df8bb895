import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readForeign } from "../../http/foreign-json.ts";
import { type HttpClient, RemoteFault } from "../../http/http.ts";
import { languageTag } from "../../i18n/language-tag.ts";
import { faultOf, type PersonFault } from "./fault-of.ts";
import type { CallOptions } from "../bank-adapter.ts";
import { undoOf } from "./grant.ts";
import type { FollowedLink } from "./links.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import type { BerlinGroupSettings } from "./settings.ts";
import type { Running } from "./state.ts";
import {
  accountsAnswer,
  consentAnswer,
  consentStatusAnswer,
  madeConsent,
  progressAnswer,
} from "./xs2a-messages.ts";

/**
 * An answer, with the language its texts are in where it says so; or what is wrong, as far as
 * somebody can do something about it.
 */
export type Answered<Value> =
  { ok: true; value: Value; lang: string | undefined } | { ok: false; fault: PersonFault };

export interface CallContext extends CallOptions {
  locale: string;
  /**
   * A poll is no request of the person's, and is not to be told as one (PSU-IP-Address, conditional
   * for AIS).
   */
  byPerson: boolean;
  /** The `Authorization` of a consent whose approach is OAuth, once there is a token. */
  authorization?: string;
}

/** The consent a call is about, with what its links carry in their queries. */
type Of = Pick<Running, "consent" | "queries">;

export type Xs2aClient = ReturnType<typeof createXs2aClient>;

/**
 * The calls of the account information service that a consent needs, each at the path the standard
 * gives it.
 * @throws RemoteFault when the bank is away, and UnexpectedBankResponse for what nobody can mend by
 *   typing.
 */
export function createXs2aClient({
  settings,
  http,
}: {
  settings: BerlinGroupSettings;
  http: HttpClient;
}) {
  const call = async <Value>(
    schema: z.ZodType<Value>,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: readonly string[],
    context: CallContext,
    {
      headers = {},
      body,
      query = "",
      onAnswer,
    }: {
      headers?: Readonly<Record<string, string>>;
      body?: unknown;
      query?: string | undefined;
      onAnswer?: (answer: string) => void;
    } = {},
  ): Promise<Answered<Value>> => {
    const response = await http(
      `${[settings.url, ...path.map(encodeURIComponent)].join("/")}${query}`,
      {
        method,
        signal: context.signal,
        headers: {
          ...settings.headers,
          accept: "application/json, application/problem+json",
          "x-request-id": randomUUID(),
          "psu-accept-language": context.locale,
          ...(context.byPerson
            ? { "psu-ip-address": settings.ipAddress, "psu-http-method": "POST" }
            : {}),
          ...(context.authorization === undefined ? {} : { authorization: context.authorization }),
          ...headers,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    const answer = await response.text();
    if (!response.ok) {
      // Whatever its texts say: what is not there has been deleted.
      if (method === "DELETE" && [404, 410].includes(response.status))
        return { ok: false, fault: "over" };
      const fault = faultOf(response.status, answer);
      if ("away" in fault) throw new RemoteFault(fault.away);
      if ("misbehaviour" in fault) throw new UnexpectedBankResponse(fault.misbehaviour);
      return { ok: false, fault: fault.fault };
    }
    onAnswer?.(answer);
    const read = readForeign(schema, answer);
    if (!read.ok) throw new UnexpectedBankResponse("answer-not-understood", { paths: read.paths });
    return {
      ok: true,
      value: read.value,
      lang: languageTag.safeParse(response.headers.get("content-language")).data,
    };
  };

  return {
    createConsent: (
      body: unknown,
      headers: Readonly<Record<string, string>>,
      context: CallContext,
    ) =>
      call(consentAnswer, "POST", ["consents"], context, {
        headers,
        body,
        // It is there for months from now on, also where the rest of the answer cannot be read.
        onAnswer: (answer) => {
          const made = readForeign(madeConsent, answer);
          if (made.ok) context.mustUndo?.(undoOf({ consent: made.value.consentId, queries: {} }));
        },
      }),
    startAuthorisation: (
      { consent, queries }: Of,
      link: FollowedLink,
      body: unknown,
      headers: Readonly<Record<string, string>>,
      context: CallContext,
    ) =>
      call(progressAnswer, "POST", ["consents", consent, "authorisations"], context, {
        headers,
        body,
        query: queries[link],
      }),
    updateAuthorisation: (
      { consent, queries }: Of,
      authorisation: string,
      link: FollowedLink,
      body: unknown,
      headers: Readonly<Record<string, string>>,
      context: CallContext,
    ) =>
      call(progressAnswer, "PUT", ["consents", consent, "authorisations", authorisation], context, {
        headers,
        body,
        query: queries[link],
      }),
    authorisation: ({ consent, queries }: Of, authorisation: string, context: CallContext) =>
      call(progressAnswer, "GET", ["consents", consent, "authorisations", authorisation], context, {
        query: queries.scaStatus,
      }),
    consentStatus: ({ consent, queries }: Of, context: CallContext) =>
      call(consentStatusAnswer, "GET", ["consents", consent, "status"], context, {
        query: queries.status,
      }),
    deleteConsent: ({ consent, queries }: Of, context: CallContext) =>
      call(z.unknown(), "DELETE", ["consents", consent], context, { query: queries.self }),
    accounts: ({ consent, queries }: Of, context: CallContext) =>
      call(accountsAnswer, "GET", ["accounts"], context, {
        headers: { "consent-id": consent },
        query: queries.account,
      }),
  };
}
