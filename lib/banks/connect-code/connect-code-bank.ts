import type { Answer, Challenge } from "../../challenges/index.ts";
import { isDatabaseUnavailable } from "../../db/db.ts";
import { pathsOf } from "../../log/issue-paths.ts";
import { RemoteFault } from "../../http/http.ts";
import { createSecretCheck } from "../../crypto/secret-check.ts";
import type { BankAdapter, BankRequest } from "../bank-adapter.ts";
import { codeRequest, type ConnectCodes } from "./connect-codes.ts";
import type { ConnectCodeSettings } from "./settings.ts";

/**
 * A bank whose customers get a short code in its own app and type it here: they give no credentials
 * to anybody. The bank asks for the code (`called`) when it has the person signed in.
 */
export function createConnectCodeBank(
  settings: ConnectCodeSettings,
  { name, codes }: { name: string; codes: ConnectCodes },
): BankAdapter {
  const { note, lang, digits, validMinutes, keys, identifier } = settings;
  const question: Challenge = {
    kind: "one-time-code",
    prompt: {
      channel: "app",
      length: digits,
      validMinutes,
      ...(note === undefined ? {} : { note }),
      ...(identifier ? { identifier } : {}),
    },
  };
  const request = codeRequest(settings);
  const isLive = createSecretCheck(keys);
  const trusts = (authorization: string) =>
    isLive(/^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1] ?? "");
  const language = lang === undefined ? {} : { lang };

  const take = async (
    { bankId, externalId, answer }: BankRequest & { answer: Answer },
    signal: AbortSignal,
  ) => {
    if (answer.kind !== "one-time-code" || !("code" in answer.value))
      throw new TypeError("a code was asked for");
    signal.throwIfAborted();
    const taken = await codes.take(bankId, answer.value, externalId).catch(away);
    signal.throwIfAborted();
    if (taken.type === "used") return { type: "authorised" as const, accounts: taken.accounts };
    return {
      type: "challenge" as const,
      challenge: question,
      problem: taken.type === "over" ? ("expired" as const) : ("wrong" as const),
      ...language,
    };
  };

  // Where codes are kept is this bank's back end: the person may type theirs again.
  const away = (error: unknown): never => {
    throw isDatabaseUnavailable(error) ? new RemoteFault("database-away", { cause: error }) : error;
  };

  return {
    // Whose the identifier is, is not known here; wrong answers that name one are counted for it
    // all the same.
    userIdentifier: (answer) =>
      answer.kind === "one-time-code" && "code" in answer.value
        ? answer.value.identifier
        : undefined,
    describe: () => ({ name, firstChallenge: question, ...language }),
    start: (request, { signal }) => take(request, signal),
    answer: (request, { signal }) => take(request, signal),

    trusts,

    async called({ bankId, authorization, body }) {
      if (!trusts(authorization ?? "")) return { type: "unauthorised" };
      const read = request.safeParse(body);
      if (!read.success) return { type: "malformed", paths: pathsOf(read.error) };
      const { code, endsAt } = await codes.make(bankId, read.data);
      return {
        type: "made",
        value: {
          code,
          display: code.replace(/(.{4})(?=.)/g, "$1 "),
          expiresAt: endsAt.toISOString(),
        },
      };
    },
  };
}
