import type { z } from "zod";
import { type Answer, challengeKinds } from "../../challenges/index.ts";
import { startStopwatch } from "../../clock/clock.ts";
import { pathsOf } from "../../log/issue-paths.ts";
import type { AdapterParts } from "../adapter-definition.ts";
import {
  type BankAdapter,
  type BankRequest,
  type CallOptions,
  undoSchema,
} from "../bank-adapter.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { answers } from "./bank-api.ts";
import { createBankApiClient } from "./bank-api-client.ts";
import { personIn } from "./user-identifier.ts";
import type { HttpSettings } from "./settings.ts";
import { tokenOf } from "./token-of.ts";

/**
 * Longer than the connector waits (lib/bank-calls/call-bank.ts): who has run out of time is
 * judged there.
 */
const maxMs = 31_000;
const describeMs = 5000;
/** What a bank tells of itself is asked for again after so long, when somebody needs it. */
const describedForMs = 5 * 60_000;
const describeAgainMs = 10_000;

/** A bank that serves our bank API (docs/bank-api.yaml). */
export function createHttpBank(
  settings: HttpSettings,
  { bank, clock, http, log }: AdapterParts,
): BankAdapter {
  const { url, auth, tls, redirectHosts } = settings;
  const files = tls && { cert: tls.certFile, key: tls.keyFile, ca: tls.caFile };
  const limits = files ? { tls: files } : {};
  const token = tokenOf(auth, { http: http({ timeoutMs: 10_000, ...limits }), clock });
  const client = createBankApiClient({
    url,
    http: http({ timeoutMs: maxMs, ...limits }),
    token,
    clock,
  });
  const described = createBankApiClient({
    url,
    http: http({ timeoutMs: describeMs, ...limits }),
    token,
    clock,
  });

  let description: { firstChallenge: Described["firstChallenge"]; lang?: string | undefined } = {
    firstChallenge: settings.firstChallenge ?? { kind: "credentials", prompt: {} },
    lang: settings.lang,
  };
  let sinceAskedMs = () => Infinity;
  let askAgainAfterMs = 0;
  /** Until the bank has said something that can be shown: the question that is under way. */
  let firstWord: Promise<void> | undefined;
  let heard = false;

  // From the first screen on, and in the background once the bank has said it: `describe` itself
  // must be pure.
  const refresh = () => {
    if (settings.firstChallenge || sinceAskedMs() < askAgainAfterMs) return;
    sinceAskedMs = startStopwatch(clock);
    askAgainAfterMs = describeAgainMs;
    const asking = described
      .describe()
      .then((json) => {
        const { firstChallenge, lang } = read(json, answers.description);
        allowed(firstChallenge);
        description = { firstChallenge, lang: lang ?? settings.lang };
        askAgainAfterMs = describedForMs;
        heard = true;
      })
      // The one it had stays; whether the bank is away is told by whoever needs it.
      .catch((error: unknown) => {
        if (error instanceof UnexpectedBankResponse)
          log.warn("bank metadata not taken", {
            reason: error.code,
            ...(bank.id === null ? {} : { bankId: bank.id }),
            paths: error.paths,
          });
      });
    if (!heard) firstWord = asking;
  };

  /**
   * A page of the bank's own is on a host that was configured: whoever takes the bank over, or its
   * answers, sends nobody anywhere else.
   */
  const allowed = (challenge: Described["firstChallenge"]) => {
    if (
      challenge.kind === "redirect" &&
      !redirectHosts.includes(new URL(challenge.prompt.url).host)
    )
      throw new UnexpectedBankResponse("redirect-not-configured");
  };

  const read = <Schema extends z.ZodType>(json: unknown, schema: Schema): z.output<Schema> => {
    const said = schema.safeParse(json);
    if (said.success) return said.data;
    // The connector has a screen of its own for what it cannot show.
    if (asksForUnknown(json)) return json as z.output<Schema>;
    throw new UnexpectedBankResponse("answer-not-as-described", { paths: pathsOf(said.error) });
  };

  const about = ({ bankId, externalId, locale, returnAddress }: BankRequest) => ({
    bankId: bankId ?? bank.id,
    externalId,
    locale,
    returnAddress,
  });
  /** What a bank gave is undone also where the rest of its answer cannot be used. */
  const readResult = <Schema extends z.ZodType<{ type: string }>>(
    json: unknown,
    schema: Schema,
    { mustUndo }: CallOptions,
  ) => {
    const { data: undo } = undoSchema.safeParse((json as { undo?: unknown } | undefined)?.undo);
    if (undo) mustUndo?.(undo);
    return checked(read(json, schema));
  };
  const checked = <BankResult extends { type: string }>(result: BankResult): BankResult => {
    if (!("challenge" in result)) return result;
    const challenge = result.challenge as Described["firstChallenge"];
    allowed(challenge);
    // Only a poll goes on from there, and without a state the bank could not tell whom it is about.
    if (challenge.kind === "approval" && ((result as { state?: unknown }).state ?? null) === null)
      throw new UnexpectedBankResponse("answer-not-as-described", { paths: ["state"] });
    return result;
  };

  const start = async (
    { answer, ...request }: BankRequest & { answer: Answer },
    options: CallOptions,
  ) =>
    readResult(
      await client.post("start", { ...about(request), answer }, options.signal),
      answers.start,
      options,
    );

  return {
    async prepare() {
      refresh();
      if (!heard) await firstWord;
    },
    describe() {
      refresh();
      const { firstChallenge, lang } = description;
      return { name: bank.name ?? "", firstChallenge, ...(lang ? { lang } : {}) };
    },
    userIdentifier: (answer) => personIn(answer, description.firstChallenge),
    start,
    // Without a state the bank could not tell whom it is about: such an answer is a start, and
    // nothing is polled or cancelled.
    answer: async ({ state, ...request }, options) =>
      state === null
        ? start(request, options)
        : readResult(
            await client.post(
              "answer",
              { ...about(request), state, answer: request.answer },
              options.signal,
            ),
            answers.answer,
            options,
          ),
    poll: async ({ state, ...request }, options) =>
      state === null
        ? { type: "pending" }
        : readResult(
            await client.post("poll", { ...about(request), state }, options.signal),
            answers.poll,
            options,
          ),
    cancel: async ({ state, ...request }, { signal }) =>
      void (state === null || (await client.post("cancel", { ...about(request), state }, signal))),
    async undo({ bankId, externalId, undo }, { signal }) {
      await client
        .post("undo", { bankId: bankId ?? bank.id, externalId, undo }, signal)
        .catch((error: unknown) => {
          if (!(error instanceof UnexpectedBankResponse && isUndone(error.status))) throw error;
        });
    },
  };
}

/** Whatever else such an answer holds; what is gone needs no undoing. */
const isUndone = (status = 500) => status < 300 || status === 404 || status === 410;

type Described = z.output<typeof answers.description>;

function asksForUnknown(json: unknown): boolean {
  const { type: result, challenge } = (json ?? {}) as {
    type?: unknown;
    challenge?: { kind?: unknown } | null;
  };
  return (
    result === "challenge" &&
    typeof challenge?.kind === "string" &&
    !challengeKinds.some(({ kind }) => kind === challenge.kind)
  );
}
