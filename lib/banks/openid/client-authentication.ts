import { type ClientAuth, ClientSecretPost, modifyAssertion, PrivateKeyJwt, type ServerMetadata } from 'openid-client'
import type { OpenidSettings } from './settings.ts'
import { goodSigningKey } from '../signing-key.ts'

/** The endpoints of a provider at which the connector authenticates itself. */
export type ClientEndpoint = 'pushed_authorization_request_endpoint' | 'backchannel_authentication_endpoint' | 'token_endpoint'

/**
 * How the connector authenticates itself.
 * @returns what authenticates a call of one endpoint: an assertion may have to name it as its audience (RFC 7523 §3).
 */
export function createClientAuthentication({ authentication, clientId }: OpenidSettings): (metadata: ServerMetadata, at: ClientEndpoint) => ClientAuth {
  if (authentication.method === 'private_key_jwt') {
    const { keyFile, keyId, audience } = authentication
    const key = { key: goodSigningKey(keyFile).key, ...(keyId === undefined ? {} : { kid: keyId }) }
    return (metadata, at) => {
      const named = { issuer: metadata.issuer, 'token-endpoint': metadata.token_endpoint, endpoint: metadata[at] }[audience]
      return PrivateKeyJwt(key, { [modifyAssertion]: (_header, payload) => void (payload.aud = named ?? metadata.issuer) })
    }
  }
  const { method, secretFile } = authentication
  const basic: ClientAuth = (_as, _client, _body, headers) => headers.set('authorization', basicCredentials(clientId, secretFile))
  const shown = method === 'client_secret_basic' ? basic : ClientSecretPost(secretFile)
  return () => shown
}

/** RFC 6749 §2.3.1. `openid-client` escapes unreserved characters, too, such as the hyphens of a UUID, and providers refuse that. */
export function basicCredentials(clientId: string, secret: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')}`
}

/** RFC 6749 Appendix B; the unreserved characters of RFC 3986 §2.3 stay as they are. */
const formEncoded = (text: string) => percentEncoded(text).replaceAll('%20', '+')

/** RFC 3986 §2.1; `encodeURIComponent` leaves some reserved characters as they are. @throws URIError for half of a surrogate pair */
export const percentEncoded = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
