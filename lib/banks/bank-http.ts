import { isCertificateError } from "../http/certificate-fault.ts";
import type { Clock } from "../clock/clock.ts";
import { createHttpClient, RemoteFault } from "../http/http.ts";
import type { AdapterParts } from "./adapter-definition.ts";

/**
 * Makes the clients for calls to one bank. A certificate that is refused is said as what it is, by
 * whichever adapter: nobody mends it by waiting.
 */
export const bankHttp =
  (clock: Clock, privateHosts: readonly string[] = []): AdapterParts["http"] =>
  ({ timeoutMs = 20_000, tls } = {}) => {
    const client = createHttpClient({ timeoutMs, publicHosts: true, privateHosts, tls, clock });
    return (input, init) =>
      client(input, init).catch((error: unknown) => {
        throw error instanceof RemoteFault && isCertificateError(error)
          ? new RemoteFault("certificate", { neverSent: true, cause: error })
          : error;
      });
  };
