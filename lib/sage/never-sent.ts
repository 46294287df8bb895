// No name, no route, no connection, or a certificate we do not accept: the request itself was never written.
const codes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Whether a failed call certainly did not reach the other side, as told by the error codes of Node's sockets, TLS and `fetch` (undici) along the chain of causes. False means
 * "cannot tell": a reset, say, may come before or after the request was read.
 */
export function neverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && codes.has(String(error.code))) || neverSent(error.cause)
}
