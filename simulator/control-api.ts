/**
 * How `authrefresh` is opened: fetched by the back end and put into its page, or as a frame's plain
 * `src`.
 */
export type EmbedMode = "embedded" | "frame";

/** The three systems whose calls are shown on the wire, and the two who call them. */
type Party = "Banking Service" | "connector" | "Sage ID" | "Provider API" | "browser";

/** One call on the wire log. Secrets are masked before an entry is stored. */
export type WireEntry = {
  /** Counts up for the life of the process, also across `DELETE /control/wire`. */
  readonly n: number;
  /** When the call began, ISO 8601. */
  readonly at: string;
  readonly milliseconds: number;
  readonly from: Party;
  readonly to: Party;
  readonly method: string;
  readonly path: string;
  /** null: no answer was given or received. */
  readonly status: number | null;
  readonly request: string;
  readonly response: string;
  readonly authorisationId: string | null;
};

/** The connector's answer to a notification; `status` null and `error` set when there was none. */
export type NotificationAnswer = {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly error: string | null;
};

/**
 * Claims and signature of a notification's token, where they differ from a good one. null leaves
 * the claim out.
 */
export type TokenOverrides = {
  audience?: string | string[] | null;
  issuer?: string | null;
  authorizedParty?: string | null;
  /** Seconds from now; negative has expired. */
  expiresInSeconds?: number | null;
  /** Seconds from now; positive is not valid yet. */
  notBeforeSeconds?: number;
  kid?: string | null;
  /**
   * `HS256` signs with the public key as the secret: the algorithm confusion attack (RFC 8725
   * §2.1).
   */
  alg?: "RS256" | "RS384" | "RS512" | "PS256" | "HS256" | "none";
  /** Signed by a key that was never published, under the current `kid`. */
  strangerKey?: boolean;
  /** Further claims, laid over all others. */
  claims?: Record<string, unknown>;
};

/**
 * `POST /control/notifications`: a notification, exact as documented unless a field says otherwise.
 */
export type NotificationOptions = {
  kind?: "authorisationCreated" | "bankAccountCreated" | "bankAccountDeleted";
  authorisationId?: string;
  bankId?: string;
  externalId?: string;
  /** Sent as JSON in place of the documented body. */
  body?: unknown;
  /** Sent as it is, JSON or not; wins over `body`. */
  rawBody?: string;
  path?: string;
  method?: string;
  contentType?: string | null;
  headerName?: string;
  /** null leaves the header out. */
  headerValue?: string | null;
  /**
   * Overrides of a Sage ID token, a whole token of the caller's own, or null for no
   * `Authorization`.
   */
  token?: TokenOverrides | string | null;
  /** The token alone in `Authorization`, without `Bearer `. */
  bareToken?: boolean;
  /** Further request headers. */
  headers?: Record<string, string>;
  /** Sends the same notification so many times, at once. At most 1,000. */
  times?: number;
};

/** The answer that stands for all (the first one), and every answer. */
export type NotificationResult = NotificationAnswer & {
  readonly answers: readonly NotificationAnswer[];
};

/** `POST /control/authorisations`. */
export type AuthorisationOptions = {
  /**
   * true (the default) answers after the connector did; `delayMs` sends late and answers at once.
   */
  notify?: boolean | { delayMs: number };
  bankId?: string;
  externalId?: string;
  redirectUri?: string;
  state?: string;
  embedMode?: EmbedMode;
};

/** What was created, and where to open it. */
export type CreatedAuthorisation = {
  readonly authorisationId: string;
  readonly bankaccount: string;
  readonly externalId: string;
  readonly state: string;
  readonly redirectUri: string;
  readonly embedMode: EmbedMode;
  /** The connector's address, with all five parameters. */
  readonly authrefreshUrl: string;
  /** A product page with just this authorisation in nested cross-site frames. */
  readonly pageUrl: string;
  /** The answer to the last one; null when none was sent, or not yet. */
  readonly notification: NotificationAnswer | null;
};

/** One PATCH received, whatever was answered. */
export type PatchRecord = {
  readonly at: string;
  /** Parsed JSON, or the text when it is not JSON. */
  readonly body: unknown;
  /** Whether it took effect, even if its answer was lost. */
  applied: boolean;
  /** null: the connection was cut. */
  status: number | null;
};

/** One browser at `redirect_uri`. */
export type ArrivalRecord = {
  readonly at: string;
  /** The address as requested, byte for byte. */
  readonly url: string;
  /** Whether that is `redirect_uri` with `state` appended, byte for byte. */
  readonly exact: boolean;
};

/** `GET /control/authorisations/:id`. */
export type AuthorisationReport = CreatedAuthorisation & {
  readonly patches: readonly PatchRecord[];
  readonly arrivals: readonly ArrivalRecord[];
  /** Whether a PATCH with `success` took effect before the browser's first exact arrival. */
  readonly active: boolean;
  /** The order of the two; null until both happened. */
  readonly patchedBeforeArrival: boolean | null;
};

/** What goes wrong with one call, or with the next `times` calls. */
export type Fault = {
  /** Answers this and does not apply the call. */
  status?: number;
  /** The `Retry-After` header to go with it. */
  retryAfter?: string | number;
  /** Waits first. */
  delayMs?: number;
  /** Applies the call, then cuts the connection without an answer. */
  loseReply?: boolean;
  /** Cuts the connection and does not apply the call. */
  resetBeforeApply?: boolean;
  /**
   * Answers this in place of the usual body (a string as HTML, anything else as JSON); `status` 200
   * unless given.
   */
  body?: unknown;
  /** Applies the call, then waits so long before it answers. */
  answerAfterMs?: number;
  /** Applies the call, then sends its answer byte by byte with so long between two of them. */
  trickleMs?: number;
  /** Applies the call, then cuts the connection half-way through the body it promised. */
  truncate?: boolean;
  /** Applies the call, then answers a web page where JSON was asked for. */
  mistype?: boolean;
  /** Answers bytes that are no HTTP, and does not apply the call. */
  noise?: boolean;
  /** `token` only: gives a token that lives so long, and says so in `expires_in`. */
  expiresInSeconds?: number;
  /**
   * `patch` only: waits for this authorisation's call, so that parallel tests do not meet each
   * other's faults.
   */
  authorisationId?: string;
  /** How many calls it meets; 1 unless given. */
  times?: number;
};

/** The calls that can be made to fail. */
export type FaultTarget = "patch" | "token" | "jwks";

/** `PUT /control/faults`: each queue named replaces the one there was. */
export type FaultQueues = Partial<Record<FaultTarget, Fault[]>>;

/**
 * What goes wrong by chance: `share` of the calls of one kind, 0 to 1, meet one of `faults`, drawn
 * evenly.
 */
export type FaultRate = { share: number; faults: Fault[] };

/**
 * `PUT /control/random-faults`: each kind named is replaced; a queued fault goes first. `seed` makes
 * the draws repeatable.
 */
export type RandomFaultsReport = Partial<Record<FaultTarget, FaultRate>> & { seed?: number };

/** How many calls of each kind met a fault by chance. */
export type RandomFaultsMet = Record<FaultTarget, number>;

/**
 * `PUT /control/rules`: `repeats` is what a PATCH gets that was applied before: the same answer
 * again, or a 409.
 */
export type ProviderRules = { repeats: "same" | "conflict" };

/** One PATCH as it reached the Provider API, whoever it was about. */
export type ProviderCall = {
  /** Counts up for the life of the process. */
  readonly n: number;
  /** When its headers were there, in milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly authorisationId: string;
  applied: boolean;
  /** null: the connection was cut, or the answer is still to come. */
  status: number | null;
};

/** `GET /control/counts`: calls since the start. */
export type CallCounts = {
  notifications: number;
  authrefreshFetches: number;
  tokenRequests: number;
  tokensIssued: number;
  jwksRequests: number;
  patches: number;
  arrivals: number;
};
