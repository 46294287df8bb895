import { createRemoteJWKSet, type CryptoKey, customFetch, errors, type JWTHeaderParameters } from 'jose'
import type { Clock } from '../platform/clock.ts'
import { type HttpClient, RemoteFault } from '../platform/http.ts'
import { errorFields, type Log } from '../platform/log.ts'

const minuteMs = 60_000
const refreshAfterMs = 10 * minuteMs
const keepForMs = 24 * 60 * minuteMs
const afterSuccessMs = 30_000
const afterFailureMs = 5000

/** The key a token's header names; one object for each key for as long as Sage ID's answer is kept. */
export type SageIdKeys = (header: JWTHeaderParameters) => Promise<CryptoKey>

/**
 * The public keys of Sage ID, as a key resolver for `jose`. However many unknown key ids come, the keys are fetched at most twice in any minute and by one request at a time.
 * Keys once had are refreshed in the background every ten minutes, so that one Sage ID withdrew is not trusted for much longer, and stay in use for a day while it is away.
 *
 * @throws {RemoteFault} `keys-unavailable`, from the resolver, when there are no keys or an unknown key id could not be looked up: whether the token is good is open then.
 */
export function createSageIdKeys(jwksUrl: string, { http, clock, log }: { http: HttpClient; clock: Clock; log: Log }): SageIdKeys {
  let [last, lastButOne] = [-Infinity, -Infinity]
  let lastFailure: unknown

  // jose's own cooldown begins with a success; without this budget a flood while Sage ID is away would be one fetch after another.
  const fetchWithinBudget: HttpClient = async (url, init) => {
    const now = clock.monotonicMs()
    if (now - last < afterFailureMs || now - lastButOne < minuteMs) throw new RemoteFault('over-budget', { retryable: true })
    ;[last, lastButOne] = [now, last]
    return http(url, init)
  }
  const remote = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: keepForMs, cooldownDuration: afterSuccessMs, [customFetch]: fetchWithinBudget })

  // Everyone who waited for one fetch is given the same error.
  function logOnce(error: unknown) {
    if (error !== lastFailure && !(error instanceof RemoteFault && error.code === 'over-budget')) log.warn('keys of Sage ID not fetched', errorFields(error))
    lastFailure = error
  }

  return async (header) => {
    // Nobody waits for a refresh; only a first call, or one whose keys are a day old, joins it below.
    if (clock.monotonicMs() - last > refreshAfterMs) remote.reload().catch(logOnce)
    try {
      return await remote(header)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      logOnce(error)
      throw new RemoteFault('keys-unavailable', { retryable: true, cause: error })
    }
  }
}
