import { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, type ClientAuth, Configuration, customFetch, type CustomFetch, discovery, enableNonRepudiationChecks, getJwksCache, PrivateKeyJwt, type ServerMetadata, setJwksCache } from 'openid-client'
import { type Clock, startWatch } from '../../platform/clock.ts'
import { withNullsAbsent } from '../../platform/foreign-json.ts'
import type { HttpClient } from '../../platform/http.ts'
import type { Log, LogFields } from '../../platform/log.ts'
import { assertFit } from './assert-fit.ts'
import { openidFault } from './openid-failure.ts'
import type { OpenidSettings } from './settings.ts'
import { goodSigningKey } from './signing-key.ts'

export interface Provider {
  /** Runs `work` with what `openid-client` needs to talk to the provider; its calls end with `signal`. @throws RemoteFault, ProviderSaidNo, OpenidFailure */
  use<T>(signal: AbortSignal, work: (config: Configuration) => Promise<T>): Promise<T>
}

/** How long what the provider says of itself is good. Its keys have a time of their own in openid-client (5 min, and at once for a key it does not know). */
const metadataMs = 60 * 60 * 1000

/** How long after a refresh that gave nothing the next one is made. */
const refreshAgainAfterMs = 60_000

/** One bank's OpenID Provider: what it says of itself is asked for at the first journey, and again every hour in the background; while it cannot be had, or does not fit, what it said last is used on. */
export function createProvider(settings: OpenidSettings, { http, clock, log, bankId }: { http: HttpClient; clock: Clock; log: Log; bankId: string | null }): Provider {
  const { issuer, clientId, idTokenAlgorithm } = settings
  const client = { id_token_signed_response_alg: idTokenAlgorithm }
  const authentication = clientAuthentication(settings)
  const ask = withNullsAbsent(http)
  const fetchUntil = (signal?: AbortSignal): CustomFetch => (url, { method, headers, body }) => ask(url, { method, headers, body: body ? String(body) : null, signal: signal ?? null })
  // The settings accept http for loopback hosts only.
  const insecure = issuer.startsWith('http:') ? [allowInsecureRequests] : []

  let known: { metadata: ServerMetadata; ageMs: () => number } | undefined
  let sinceFailedRefreshMs = () => Infinity
  let inFlight: Promise<ServerMetadata> | undefined
  let keys: ReturnType<typeof getJwksCache>

  const discover = async () => {
    const ageMs = startWatch(clock)
    const found = await discovery(new URL(issuer), clientId, client, authentication, { [customFetch]: fetchUntil(), execute: insecure, timeout: 0 })
    // Their helper methods cannot be cloned into the next configuration.
    const metadata = JSON.parse(JSON.stringify(found.serverMetadata())) as ServerMetadata
    assertFit(metadata, settings)
    known = { metadata, ageMs }
    return metadata
  }
  const discoverOnce = () => {
    inFlight ??= discover().finally(() => {
      inFlight = undefined
    })
    return inFlight
  }
  // Nobody waits for it.
  const refresh = () => {
    discoverOnce().catch((error: unknown) => {
      sinceFailedRefreshMs = startWatch(clock)
      log.warn('bank metadata not taken', { ...reasonOf(error), ...(bankId === null ? {} : { bankId }) })
    })
  }
  const metadataNow = async () => {
    if (!known) return discoverOnce()
    if (known.ageMs() >= metadataMs && !inFlight && sinceFailedRefreshMs() >= refreshAgainAfterMs) refresh()
    return known.metadata
  }

  return {
    async use(signal, work) {
      try {
        const config = new Configuration(await metadataNow(), clientId, client, authentication)
        signal.throwIfAborted()
        config[customFetch] = fetchUntil(signal)
        // Our client bounds the exchange by its own clock.
        config.timeout = undefined
        for (const relax of insecure) relax(config)
        enableNonRepudiationChecks(config)
        if (keys) setJwksCache(config, keys)
        try {
          return await work(config)
        } finally {
          keys = getJwksCache(config) ?? keys
        }
      } catch (error) {
        throw openidFault(error)
      }
    },
  }
}

function reasonOf(error: unknown): LogFields {
  try {
    const { code, paths } = openidFault(error)
    return { reason: code, ...(paths.length > 0 ? { paths } : {}) }
  } catch {
    return { reason: 'unexpected' }
  }
}

function clientAuthentication({ authentication }: OpenidSettings): ClientAuth {
  if (authentication.method === 'private_key_jwt') {
    const { keyFile, keyId } = authentication
    return PrivateKeyJwt({ key: goodSigningKey(keyFile).key, ...(keyId === undefined ? {} : { kid: keyId }) })
  }
  return authentication.method === 'client_secret_basic' ? ClientSecretBasic(authentication.secretFile) : ClientSecretPost(authentication.secretFile)
}
