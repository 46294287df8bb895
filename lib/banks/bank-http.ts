import type { Clock } from '../platform/clock.ts'
import { createHttpClient } from '../platform/http.ts'
import type { AdapterParts } from './adapter-definition.ts'

/** Makes the clients for calls to one bank. */
export const bankHttp = (clock: Clock, privateHosts: readonly string[] = []): AdapterParts['http'] => ({ timeoutMs = 20_000, tls } = {}) => createHttpClient({ timeoutMs, publicHosts: true, privateHosts, tls, clock })
