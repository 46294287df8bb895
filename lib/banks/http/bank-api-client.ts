import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import { type HttpClient, RemoteFault } from "../../http/http.ts";
import { isJsonType, mediaTypeIn } from "../../http/media-type.ts";
import type { AccessTokenSource } from "../../sage/access-token.ts";
import { UnexpectedBankResponse } from "./unexpected-bank-response.ts";
import { answerIn, type Operation } from "./bank-api.ts";

/**
 * What the bank is told it has: less than the connector gives it, for the way back
 * (lib/bank-calls/call-bank.ts).
 */
const deadlineMs = 28_000;
/** Less than that is not worth another try. */
const leastForRetryMs = 2000;

export interface BankApiClient {
  /**
   * @returns the JSON of a 2xx answer ({@link answerIn}), undefined for 204.
   * @throws {RemoteFault} when the bank is away.
   * @throws {UnexpectedBankResponse} for what no bank may answer.
   */
  post: (operation: Operation, body: unknown, signal: AbortSignal) => Promise<unknown>;
  /** What the bank tells of itself. */
  describe: () => Promise<unknown>;
}

export function createBankApiClient(deps: {
  url: string;
  http: HttpClient;
  token: AccessTokenSource | undefined;
  clock: Clock;
}): BankApiClient {
  const { url, http, token, clock } = deps;

  const once = async (
    path: string,
    init: {
      method: string;
      headers?: () => Record<string, string>;
      body?: string;
      signal?: AbortSignal;
    },
  ): Promise<Response> => {
    const authorization = await token?.authorization();
    // A token may take most of the time there is: what the bank has left is told, and judged, after
    // it.
    if (init.signal?.aborted) throw new RemoteFault("timeout", { neverSent: true });
    const headers = {
      accept: "application/json, application/problem+json",
      ...init.headers?.(),
      ...(authorization ? { authorization } : {}),
    };
    const response = await http(`${url}/${path}`, { ...init, headers });
    if (response.status === 401 && authorization) token?.discard(authorization);
    return response;
  };

  const post: BankApiClient["post"] = async (operation, body, signal) => {
    const begunMs = clock.monotonicMs();
    const leftMs = () => Math.max(0, Math.round(deadlineMs - (clock.monotonicMs() - begunMs)));
    // One key for all tries of one answer: a bank that has done its part gives the same answer
    // again (draft-ietf-httpapi-idempotency-key-header).
    const key = `"${randomUUID()}"`;
    const headers = () => ({
      "content-type": "application/json",
      "idempotency-key": key,
      "bank-deadline-ms": String(leftMs()),
    });
    const send = () =>
      once(operation, { method: "POST", headers, body: JSON.stringify(body), signal });
    const mayAgain = () => !signal.aborted && leftMs() > leastForRetryMs;
    // Once more where a connection broke (an idle one that the bank had closed looks like that), or
    // where the token was refused and a new one may do.
    const first = await send().catch((error: unknown) => {
      if (error instanceof RemoteFault && error.code === "network" && mayAgain()) return undefined;
      throw error;
    });
    const again = !first || (first.status === 401 && token && mayAgain());
    return judge(again ? await send() : first);
  };

  return { post, describe: async () => judge(await once("description", { method: "GET" })) };
}

async function judge(response: Response): Promise<unknown> {
  const { status } = response;
  if (status === 204) return undefined;
  if (status >= 500) throw new RemoteFault("bank-unavailable", { status });
  if (status === 429) throw new RemoteFault("bank-busy", { status });
  if (status === 409 || status === 425) throw new RemoteFault("bank-still-working", { status });
  if (status === 401 || status === 403) throw new RemoteFault("credentials", { status });
  if (status >= 400) throw new UnexpectedBankResponse("request-refused", { status });
  const answer = isJsonType(mediaTypeIn(response.headers))
    ? answerIn(await response.text())
    : undefined;
  if (answer === undefined) throw new UnexpectedBankResponse("answer-not-json", { status });
  return answer;
}
