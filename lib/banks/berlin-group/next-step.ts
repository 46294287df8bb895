import { BankMisbehaved } from './misbehaviour.ts'
import { type ConsentStatus, type ProgressAnswer, resourceId } from './xs2a-messages.ts'

/** What is to be done next. `start` makes the authorisation with the same call that carries the data. */
export type NextStep =
  | { step: 'finished' | 'failed' | 'redirect' | 'confirm' | 'approve' }
  | { step: 'start' }
  | { step: 'identify' | 'authenticate' | 'choose' | 'code'; start: boolean }

type Progress = Pick<ProgressAnswer, 'scaStatus' | 'scaMethods' | '_links'> & { consentStatus?: ConsentStatus | undefined }

const identified = new Set(['psuIdentified', 'psuAuthenticated', 'scaMethodSelected', 'started', 'unconfirmed'])
const authenticated = new Set(['psuAuthenticated', 'scaMethodSelected', 'started', 'unconfirmed'])

/**
 * Where an answer leads. The bank steers by the *names* of its links (Implementation Guidelines, “hyperlinks”); where a request goes is the standard's own path, so no address of an answer is ever called. Pure.
 * @throws {BankMisbehaved}
 */
export function nextStep({ scaStatus = 'received', scaMethods = [], _links, consentStatus }: Progress): NextStep {
  const has = (name: string) => Object.hasOwn(_links, name)
  if (scaStatus === 'finalised' || scaStatus === 'exempted' || consentStatus === 'valid' || consentStatus === 'partiallyAuthorised') return { step: 'finished' }
  if (scaStatus === 'failed' || (consentStatus !== undefined && consentStatus !== 'received')) return { step: 'failed' }
  if (has('scaRedirect')) return { step: 'redirect' }
  if (has('scaOAuth')) throw new BankMisbehaved('oauth-not-supported')
  if (!authenticated.has(scaStatus)) {
    if (has('startAuthorisationWithPsuAuthentication')) return { step: 'authenticate', start: true }
    if (has('updatePsuAuthentication')) return { step: 'authenticate', start: false }
    if (has('startAuthorisationWithEncryptedPsuAuthentication') || has('updateEncryptedPsuAuthentication')) throw new BankMisbehaved('encryption-not-supported')
  }
  if (has('updateAdditionalPsuAuthentication') || has('updateAdditionalEncryptedPsuAuthentication')) throw new BankMisbehaved('more-passwords-not-supported')
  if (has('authoriseTransaction')) return { step: 'code', start: false }
  if (has('startAuthorisationWithTransactionAuthorisation')) return { step: 'code', start: true }
  if (has('selectAuthenticationMethod') && scaMethods.length > 0) return { step: 'choose', start: false }
  if (has('startAuthorisationWithAuthenticationMethodSelection') && scaMethods.length > 0) return { step: 'choose', start: true }
  if (!identified.has(scaStatus)) {
    if (has('startAuthorisationWithPsuIdentification')) return { step: 'identify', start: true }
    if (has('updatePsuIdentification')) return { step: 'identify', start: false }
  }
  if (has('startAuthorisation')) return { step: 'start' }
  if (scaStatus === 'unconfirmed') return { step: 'confirm' }
  // Nothing is to be sent, and something is to be looked at: the person is asked in the bank's app.
  if (has('scaStatus')) return { step: 'approve' }
  throw new BankMisbehaved('answer-not-understood', { paths: ['_links'] })
}

/** The authorisation that links name; a consent that starts one by itself tells its id in no other way. */
export function authorisationIn(links: Readonly<Record<string, unknown>>): string | undefined {
  for (const link of Object.values(links)) {
    const [, id] = /\/authorisations\/([^/?#]+)$/.exec(hrefOf(link) ?? '') ?? []
    const parsed = resourceId.safeParse(decoded(id))
    if (parsed.success) return parsed.data
  }
  return undefined
}

function decoded(part: string | undefined): string | undefined {
  try {
    return part === undefined ? undefined : decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** The address of a link (hrefType). */
export function hrefOf(link: unknown): string | undefined {
  const href = typeof link === 'object' && link !== null && 'href' in link ? link.href : link
  return typeof href === 'string' && href.length <= 4000 ? href : undefined
}
