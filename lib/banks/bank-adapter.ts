import { z } from "zod";
import { answerProblems, noticeNames } from "../challenges/challenge.ts";
import { bankUrl } from "../challenges/redirect/bank-url.ts";
import { challengeSchema, type Answer, type Challenge } from "../challenges/index.ts";
import { languageTag } from "../i18n/language-tag.ts";
import { bankAccountSchema, maxAccounts, uncoveredAccountSchema } from "./bank-account.ts";

/**
 * Why a bank will not let the person go on. Closed: each has words and a next action of its own on
 * the screen.
 */
export const refusalReasons = [
  "locked",
  "suspended",
  "password-expired",
  "action-needed",
  "too-many-tries",
  "denied",
  "not-approved",
  "not-set-up",
  "accounts-missing",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/**
 * What an adapter may remember between two steps. It is sealed with the session's handle and gone
 * when the session ends.
 */
export type AdapterState = z.output<typeof adapterState>;
// Sealed together with the challenge, which has a limit of its own; a larger state is a bug of the
// adapter. The connector adds which version of the bank it belongs to (stamped-state.ts).
const adapterState = z.json().refine((state) => [...JSON.stringify(state)].length <= 4096 + 128);

/**
 * Accounts of the same connection at Sage that the bank did not show; the last screen names them.
 */
const uncovered = z
  .array(uncoveredAccountSchema)
  .max(maxAccounts)
  .optional()
  .describe(
    "Accounts of the same connection at Sage that the person has no access to. The last screen " +
      "names them.",
  );

/** How large a value is as JSON, in bytes. */
export const jsonBytes = (json: unknown): number => Buffer.byteLength(JSON.stringify(json ?? null));

/** How large a grant may be, and what undoes it, in bytes of JSON. */
export const maxGrantBytes = 8 * 1024;
export const maxUndoBytes = 4 * 1024;
// The connector adds which version of the bank it belongs to (stamped-state.ts).
const maxStampedBytes = maxUndoBytes + 128;

/**
 * What must be known to take back at the bank what it has begun or given: a consent, tokens. It is
 * kept sealed after the session's end, until success was told to Sage or it was undone.
 */
export const undoSchema = z
  .strictObject({
    /**
     * What it undoes, the same for each result about the same thing: the success of one must not be
     * undone because of another.
     */
    id: z.string().min(1).max(200),
    state: z.json(),
  })
  .refine((undo) => jsonBytes(undo) <= maxStampedBytes, "is over 4 kB")
  .describe(
    "What you need to take back what you have begun or given, 4 kB at most. It comes back to " +
      "`/undo`, unless the journey ends as a success that Sage is told of.",
  );
export type Undo = z.output<typeof undoSchema>;

const grantSchema = z.json().refine((grant) => jsonBytes(grant) <= maxGrantBytes, "is over 8 kB");

export type Grant = z.input<typeof grantSchema>;

/** Which part of a result is larger than it may be. */
export const oversizedPart = (result: unknown): "grant" | "undo" | undefined => {
  const { grant, undo } = (result ?? {}) as { grant?: unknown; undo?: unknown };
  if (jsonBytes(grant) > maxGrantBytes) return "grant";
  return jsonBytes(undo) > maxStampedBytes ? "undo" : undefined;
};

/** What a bank says to an answer, or to the question whether the person is done elsewhere. */
export const bankResultSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("challenge"),
    challenge: challengeSchema,
    state: adapterState.default(null),
    /** Why the last answer did not do. */
    problem: z.enum(answerProblems).optional(),
    /** How many wrong answers the bank still takes; the last one is announced. */
    triesLeft: z.int().min(1).max(100).optional(),
    /** `wait`: what was asked for cannot be done yet, but in `waitSeconds`. */
    notice: z.enum(noticeNames).optional(),
    waitSeconds: z.int().min(1).max(3600).optional(),
    /**
     * Whether the person may ask for another way to confirm; the answer is then `{ kind:
     * 'other-way' }`.
     */
    otherWay: z.boolean().default(false),
    /** BCP 47 tag of the bank's own words in the challenge, for example "de" or "pt-BR". */
    lang: languageTag.optional(),
    undo: undoSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("authorised"),
    /**
     * The accounts the person has access to; success is reported only if the one asked for is among
     * them.
     */
    accounts: z.array(bankAccountSchema).max(maxAccounts),
    uncovered,
    /**
     * What reads the accounts from now on, for the provider's feed: tokens, a consent. It leaves
     * the connector only encrypted to the provider's key, and is dropped where there is none.
     */
    grant: grantSchema.optional(),
    undo: undoSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("refused"),
    reason: z.enum(refusalReasons),
    /** When it is worth coming back, in seconds from now: the end of a lock. */
    retryAfterSeconds: z
      .int()
      .min(1)
      .max(30 * 24 * 3600)
      .optional(),
    uncovered,
  }),
]);
export type BankResult = z.output<typeof bankResultSchema>;

/**
 * A result without its grant and what undoes it: all that a transition, a session and a screen ever
 * see of it.
 */
export type JourneyResult = WithoutGrant<BankResult>;
export type WithoutGrant<Result> = Result extends { type: string }
  ? Omit<Result, "grant" | "undo">
  : Result;

/**
 * What a bank says when it is asked whether the person is done elsewhere: also that they are not,
 * and when to ask again.
 */
export const pollSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pending"), pollSeconds: z.int().min(1).max(60).optional() }),
  ...bankResultSchema.options,
]);

/** Where to go for a page of the bank's own. */
export const bankRedirectSchema = z.strictObject({ url: bankUrl });

/** What is known of a bank without asking it. */
export interface BankDescription {
  name: string;
  firstChallenge: Challenge;
  /** BCP 47 tag of the bank's own words in the first challenge. */
  lang?: string;
  /** Where the bank helps people, as the file of banks says. */
  help?: readonly (HelpLink & { /** BCP 47 tag of the label. */ lang?: string })[];
  /** The style sheet in the bank's own colours, where it has any. */
  style?: string;
  /**
   * What a session that begins with this screen remembers, and hands to `start`; the connector's
   * own business.
   */
  state?: AdapterState;
}

/** A page or a telephone number of the bank's. */
interface HelpLink {
  label: string;
  url: string;
}

/** Which bank, and which account of it, an authorisation is about, and who asks. */
export interface BankRequest {
  bankId: string | null;
  externalId: string;
  /** `bankaccount` of Sage's request: its own id, of the bank or of the connection. */
  bankAccount?: string | null;
  /** The person's language, for the bank's own words. */
  locale: string;
  /**
   * Where a page of the bank's own sends the browser back to; the bank may add parameters to its
   * query, which come back as the answer to a `redirect` challenge.
   */
  returnAddress: string;
  /**
   * Always there in a journey; optional for whoever calls an adapter by hand. An address of ours
   * for a `redirect` challenge, instead of the bank's: whoever follows it is sent to where {@link
   * BankAdapter.redirectToBank} says at that moment. For addresses that do not last.
   */
  redirectUrl?: string;
  /**
   * A bearer token with which the bank may tell us, at `POST /bank/ping`, that something was done
   * elsewhere: `poll` is then asked without waiting for its time. It says nothing else, and ends
   * with the session.
   */
  clientNotificationToken?: () => Promise<string>;
}

/** A question the person has already been asked, with the state handed back with it. */
export interface Pending {
  challenge: Challenge;
  state: AdapterState;
}

export interface CallOptions {
  /** Aborts when the bank's time is over; what the adapter answers afterwards is dropped. */
  signal: AbortSignal;
  /**
   * Tells at once what must be undone later, so that it is undone even if the call then throws or
   * has no time left. A result about the same thing repeats it in its `undo`.
   */
  mustUndo?: (undo: Undo) => void;
}

/** What is taken back, of which account. */
interface UndoRequest {
  bankId: string | null;
  externalId: string;
  undo: Undo;
}

/** A call of a bank's own. */
export interface InboundRequest {
  bankId: string | null;
  authorization: string | null;
  body: unknown;
}
export type InboundResult =
  | { type: "made"; value: z.output<ReturnType<typeof z.json>> }
  | { type: "unauthorised" }
  | {
      type: "malformed";
      /** Where, for the log: names of ours, and no value. */ paths?: readonly string[];
    };

/**
 * A plug-in that talks to one kind of bank back end. It keeps nothing itself: what it must remember
 * it hands back as `state`. It throws `RemoteFault` when the bank is away, and anything else only
 * for a bug.
 */
export interface BankAdapter {
  /** Name and first challenge of a bank; pure, since a GET calls it. */
  describe: (bankId: string | null) => BankDescription;
  /**
   * Resolves when `describe` says what the bank itself says, for an adapter that asks it; a first
   * screen waits for it, but not long. It must change nothing.
   */
  prepare?: (bankId: string | null) => Promise<void>;
  /**
   * Who an answer says it is, such as the user name in it, or all parts that only together name
   * somebody; undefined where it does not say. Pure. Wrong answers are counted for each person as
   * well as for each account, so that nobody guesses at one person, or has the bank lock them out,
   * through several authorisations. However a name is spelled, it is one
   * (lib/authorisations/normalised-name.ts). Only keyed hashes are kept.
   */
  userIdentifier?: (
    answer: Answer,
    about: Pick<BankRequest, "externalId">,
  ) => string | readonly string[] | undefined;
  /** The answer to the first challenge: the bank hears of this person for the first time. */
  start: (
    request: BankRequest & { answer: Answer },
    call: CallOptions,
  ) => Promise<z.input<typeof bankResultSchema>>;
  /** The answer to a later challenge. */
  answer: (
    request: BankRequest & Pending & { answer: Answer },
    call: CallOptions,
  ) => Promise<z.input<typeof bankResultSchema>>;
  /**
   * Whether the person is done elsewhere, for challenges that wait for that
   * (`ChallengeKind.pollSeconds`). It must change nothing at the bank, since it is asked again and
   * again; only a picture that ran out is replaced by another one (docs/decisions/018).
   */
  poll?: (request: BankRequest & Pending, call: CallOptions) => Promise<z.input<typeof pollSchema>>;
  /**
   * Whether the bank's own back end shows this at `POST /connect-codes`; asked of every bank before
   * a byte of the body is read, so that no stranger has us hold one. Pure. `authorization` is
   * `Bearer` and 32 to 1,000 visible characters, or it is not asked. An adapter with `called` has
   * it, too: without it nobody is trusted.
   */
  trusts?: (authorization: string) => boolean;
  /**
   * What the bank's own back end wants of us, at `POST /connect-codes`. Who calls is judged here
   * once more, now that the body has named the bank. `body` is what was sent beside `bankId`; a
   * member that was null is not there.
   */
  called?: (call: InboundRequest) => Promise<InboundResult>;
  /**
   * Where a person goes who follows `redirectUrl`: a page of the bank's own. They may follow
   * it several times, or never come back. It throws `RemoteFault` when the bank is away; the person
   * then stays.
   */
  redirectToBank?: (
    request: BankRequest & Pending,
    call: CallOptions,
  ) => Promise<z.input<typeof bankRedirectSchema>>;
  /**
   * The person has cancelled: the bank may drop what it began. Nobody waits for it, and it is not
   * tried again.
   */
  cancel?: (request: BankRequest & Pending, call: CallOptions) => Promise<void>;
  /**
   * Takes back what an `undo` of its own names: the session has ended, and success was not told.
   * Returns once that is done, also where nothing is left to undo; whatever it throws
   * (`RemoteFault` when the bank is away), it is called again later, for days and by any replica.
   */
  undo?: (request: UndoRequest, call: CallOptions) => Promise<void>;
}

/** What is done with the grants of a bank. */
export interface Grants {
  /** Whether Sage is told only after the provider took the grant. */
  required: boolean;
  /** @returns a compact JWE (RFC 7516) to the provider's public key. */
  encrypt: (grant: Grant) => Promise<string>;
}

/**
 * The banks of a connector, each call being about one of them: what the wizard works with. A single
 * adapter is one, too.
 */
export type Banks = Omit<
  BankAdapter,
  "describe" | "userIdentifier" | "start" | "redirectToBank"
> & {
  /**
   * @param of `session`: for one that runs already, which goes on with a bank that was taken out
   *   meanwhile.
   * @param state what that session remembers, where it has heard of the bank.
   * @returns undefined for a bank nobody configured.
   */
  describe: (
    bankId: string | null,
    of?: "session",
    state?: AdapterState,
  ) => BankDescription | undefined;
  userIdentifier?: (
    answer: Answer,
    about: Pick<BankRequest, "bankId" | "externalId">,
    state?: AdapterState,
  ) => string | readonly string[] | undefined;
  /**
   * Asks ahead which accounts of the bank are meant, for a first screen that is about to be shown;
   * nobody waits for it.
   */
  prefetchAccounts?: (request: Pick<BankRequest, "bankId" | "externalId" | "bankAccount">) => void;
  /** @param request.state what the description of the first screen said. */
  start: (
    request: BankRequest & { answer: Answer; state?: AdapterState },
    call: CallOptions,
  ) => ReturnType<BankAdapter["start"]>;
  /** @returns undefined for a bank that has no page whose address is asked for. */
  redirectToBank?: (
    request: BankRequest & Pending,
    call: CallOptions,
  ) => Promise<z.input<typeof bankRedirectSchema> | undefined>;
  /** @returns undefined for a bank without a key, whose grants are dropped. */
  grants?: (bankId: string | null) => Grants | undefined;
};
