import type {
  AuthorisationOptions,
  AuthorisationReport,
  CallCounts,
  CreatedAuthorisation,
  FaultQueues,
  NotificationOptions,
  NotificationResult,
  ProviderCall,
  ProviderRules,
  TokenOverrides,
  RandomFaultsMet,
  RandomFaultsReport,
  WireEntry,
} from "./control-api.ts";

/**
 * The control API, as tests and benchmarks call it. Every call throws when the simulator refuses
 * it.
 */
export type BankingServiceClient = {
  /** Creates an authorisation and, unless told otherwise, notifies the connector of it. */
  createAuthorisation(options?: AuthorisationOptions): Promise<CreatedAuthorisation>;
  /** What became of an authorisation. */
  authorisation(authorisationId: string): Promise<AuthorisationReport>;
  /** Sends a notification, good or bad as asked. */
  notify(options?: NotificationOptions): Promise<NotificationResult>;
  /** Makes a token for a notification that the caller sends itself. */
  token(overrides?: TokenOverrides): Promise<string>;
  setFaults(faults: FaultQueues): Promise<void>;
  /** The faults no call has met yet. */
  faults(): Promise<Required<FaultQueues>>;
  clearFaults(): Promise<void>;
  /** Lets calls fail by chance. */
  setRandomFaults(report: RandomFaultsReport): Promise<void>;
  clearRandomFaults(): Promise<void>;
  /** How many calls failed by chance so far. */
  randomFaultsMet(): Promise<RandomFaultsMet>;
  setRules(rules: ProviderRules): Promise<void>;
  /** Every PATCH that came, the last 100,000 of them. */
  providerCalls(filter?: { after?: number }): Promise<ProviderCall[]>;
  /** Makes the Provider API refuse every access token given out so far. */
  revokeTokens(): Promise<void>;
  rotateKeys(options?: { keepPrevious?: boolean }): Promise<void>;
  wire(filter?: { after?: number; authorisationId?: string }): Promise<WireEntry[]>;
  clearWire(): Promise<void>;
  counts(): Promise<CallCounts>;
};

/**
 * Makes a client of a running simulator.
 *
 * @param url where it is, as `startBankingService` gives it
 */
export function bankingServiceClient(url: string): BankingServiceClient {
  const call = async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/control/${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /control/${path} gave ${answer.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Result;
  };
  return {
    createAuthorisation: (options = {}) => call("POST", "authorisations", options),
    authorisation: (authorisationId) => call("GET", `authorisations/${authorisationId}`),
    notify: (options = {}) => call("POST", "notifications", options),
    token: async (overrides = {}) =>
      (await call<{ token: string }>("POST", "tokens", overrides)).token,
    setFaults: (faults) => call("PUT", "faults", faults),
    faults: () => call("GET", "faults"),
    clearFaults: () => call("DELETE", "faults"),
    setRandomFaults: (report) => call("PUT", "random-faults", report),
    clearRandomFaults: () => call("DELETE", "random-faults"),
    randomFaultsMet: () => call("GET", "random-faults"),
    setRules: (rules) => call("PUT", "rules", rules),
    providerCalls: async ({ after = 0 } = {}) =>
      (await call<{ calls: ProviderCall[] }>("GET", `provider-calls?after=${after}`)).calls,
    revokeTokens: () => call("POST", "revoke-tokens"),
    rotateKeys: (options = {}) => call("POST", "rotate-keys", options),
    wire: async ({ after = 0, authorisationId = "" } = {}) => {
      const query = new URLSearchParams({ after: String(after), authorisationId });
      return (await call<{ entries: WireEntry[] }>("GET", `wire?${query}`)).entries;
    },
    clearWire: () => call("DELETE", "wire"),
    counts: () => call("GET", "counts"),
  };
}
