import { isCertificateError } from "./certificate-fault.ts";
import { type Clock, systemClock } from "../clock/clock.ts";
import { CodedError } from "../log/coded-error.ts";
import { proxyVariables } from "../config/env.ts";
import { resolvesToPrivateAddress, lookupAll } from "../net/private-address.ts";
import { goesThroughProxy } from "../net/proxy.ts";

/** Why a call to another system gave no usable answer; closed, safe to log. */
export type CallFailure = "timeout" | "network" | "redirected" | "too-large" | "private-address";

/**
 * Thrown by clients of other systems. The code says why; every place that reads it knows what may
 * be tried again.
 */
export class RemoteFault extends CodedError<string> {
  override readonly name = "RemoteFault";
  /**
   * The status of an answer whose headers came and whose body did not; the other side has done its
   * part.
   */
  readonly status: number | undefined;
  /** Whether the request certainly was never sent. False means "cannot tell". */
  readonly neverSent: boolean;
  constructor(
    code: string,
    options: {
      status?: number | undefined;
      neverSent?: boolean;
      cause?: unknown;
      paths?: readonly string[];
    } = {},
  ) {
    super(code, { cause: options.cause, paths: options.paths ?? [] });
    this.status = options.status;
    this.neverSent = options.neverSent ?? false;
  }
}

/**
 * Whether a status says that the same call may be answered later: a server error, a time-out on the
 * other side, too early or too many requests.
 */
export const isTemporary = (status: number): boolean =>
  status >= 500 || [408, 425, 429].includes(status);

interface RequestOptions extends RequestInit {
  /**
   * The status is what matters: of the body only what comes within so many milliseconds is read,
   * and none of it is given.
   */
  bodyWithinMs?: number;
}

/** A `fetch` with our limits in it; the shape `jose` and `openid-client` accept as their own. */
export type HttpClient = (input: string | URL, init?: RequestOptions) => Promise<Response>;

const maxAnswer = 256 * 1024;

/**
 * Our certificate for mutual TLS with its key, and authorities to trust instead of the system's; as
 * PEM.
 */
export interface TlsFiles {
  cert?: string | undefined;
  key?: string | undefined;
  ca?: string | undefined;
}

export interface HttpLimits {
  /** For the whole exchange, body included. */
  timeoutMs: number;
  /** Nothing is sent to a host that leads into a private network. */
  publicHosts?: boolean;
  /** But to these, by their exact names: a bank's own may be in one. */
  privateHosts?: readonly string[];
  /** What a host's name stands for; for tests. */
  resolve?: typeof lookupAll;
  tls?: TlsFiles | undefined;
  clock?: Clock;
}

/**
 * A client for configured addresses only: no redirect is followed (it could lead to an address
 * nobody configured), an answer larger than 256 KiB is refused, and the whole exchange ends after
 * `timeoutMs`.
 * @throws {RemoteFault} with a {@link CallFailure} as code.
 */
export function createHttpClient({
  timeoutMs,
  publicHosts = false,
  privateHosts = [],
  resolve = lookupAll,
  tls,
  clock = systemClock,
}: HttpLimits): HttpClient {
  const dispatcherOptions = tls ? dispatcherWith(tls) : () => ({});
  return (input, { bodyWithinMs, ...init } = {}) =>
    clock.within(
      timeoutMs,
      async (signal) => {
        let asked = false;
        let status: number | undefined;
        try {
          const url = new URL(input);
          // A proxy resolves the name itself, and this network may have no DNS for it.
          const judge = goesThroughProxy(url, proxyVariables()) ? nameless : resolve;
          if (
            publicHosts &&
            !privateHosts.includes(url.hostname) &&
            (await orAborted(resolvesToPrivateAddress(url.hostname, judge), signal))
          )
            throw new RemoteFault("private-address", { neverSent: true });
          asked = true;
          const response = await fetch(input, {
            ...init,
            signal,
            redirect: "manual",
            cache: "no-store",
            ...dispatcherOptions(),
          });
          if (response.status >= 300 && response.status < 400) throw new RemoteFault("redirected");
          status = response.status;
          if (bodyWithinMs !== undefined) {
            await readOut(response.body, bodyWithinMs, clock);
            return new Response(null, { status, headers: response.headers });
          }
          const body = await readAtMost(response.body, maxAnswer);
          if (!body) throw new RemoteFault("too-large", { status });
          const hasBody = body.length > 0 && ![204, 205, 304].includes(response.status);
          return new Response(hasBody ? body : null, {
            status: response.status,
            headers: response.headers,
          });
        } catch (error) {
          if (error instanceof RemoteFault) throw error;
          throw new RemoteFault(signal.aborted ? "timeout" : "network", {
            status,
            neverSent: !asked || neverConnected(error),
            cause: error,
          });
        }
      },
      init.signal,
    );
}

const nameless: typeof lookupAll = () => Promise.resolve([]);

/** The work's result, or a rejection as soon as the time is over: a look-up cannot be aborted. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) =>
      signal.aborted
        ? reject(signal.reason as Error)
        : signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
    ),
  ]);

// Reading to the end lets the connection be used again; who takes long over it, or sends much,
// loses the connection instead.
async function readOut(
  body: ReadableStream<Uint8Array> | null,
  withinMs: number,
  clock: Clock,
): Promise<void> {
  const reader = body?.getReader();
  if (!reader) return;
  const reading = async () => {
    for (let size = 0; size <= maxAnswer;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.length;
    }
  };
  await clock.atMost(withinMs, reading());
  await reader.cancel().catch(() => undefined);
}

/**
 * Whether no connection came about: by Node's errors of a name, a route, a port that is closed, or
 * a certificate (https://nodejs.org/api/errors.html), along the chain of causes.
 */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(neverConnected);
  const { syscall, code } = error as NodeJS.ErrnoException;
  return (
    syscall === "connect" ||
    syscall === "getaddrinfo" ||
    code === "UND_ERR_CONNECT_TIMEOUT" ||
    isCertificateError(error) ||
    neverConnected(error.cause)
  );
}

/**
 * Connections of our own, so that our certificate is shown to nobody else: a dispatcher of the same
 * make as that of Node's `fetch`, which undici keeps under this symbol ("Global Dispatcher"). Made
 * at the first call: only then is it known whether there is a proxy.
 */
function dispatcherWith(tls: TlsFiles): () => RequestInit {
  let made: object | undefined;
  return () => {
    const { [Symbol.for("undici.globalDispatcher.1")]: own } = globalThis as unknown as {
      [key: symbol]: object | undefined;
    };
    if (!own) throw new Error("fetch has no dispatcher of its own");
    const Make = own.constructor as new (options: object) => object;
    // `connect` is for a connection of our own, `requestTls` for one through a proxy.
    made ??= new Make({ connect: tls, requestTls: tls });
    return { dispatcher: made } as RequestInit;
  };
}

/** The bytes of a body, or undefined as soon as more than `limit` of them have come. */
export async function readAtMost(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop cancels the stream, so the rest is never read.
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
