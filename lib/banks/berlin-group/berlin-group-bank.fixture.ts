import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asPicture } from '../../challenges/samples/png.ts'
import { qrDrawing } from '../../challenges/samples/qr-drawing.ts'

// A bank made from the published messages: psd2-api v1.3.12 (OpenAPI of the NextGenPSD2 XS2A Framework, The Berlin Group, CC BY 4.0).

/** What the bank was asked, for tests to look at. */
export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: unknown
}

/** An answer in place of the bank's own: anything a bank may do wrong. */
export interface Spoilt {
  /** Which request; every one, where it is not told. */
  at?: string
  status?: number
  body?: unknown
  raw?: string
  headers?: Record<string, string>
  /** `never`: the request is left without an answer. `gone`: the connection is cut. */
  instead?: 'never' | 'gone'
}

interface Consent {
  id: string
  psu: string
  access: unknown
  status: string
  authorisation?: { id: string; scaStatus: string; method?: string; wrong: number }
}

/** The password of every person, and the code of every way. */
export const rightPassword = 'right horse'
export const rightCode = '4711'

const sms = { authenticationType: 'SMS_OTP', authenticationMethodId: 'sms 1', name: 'SMS OTP on phone +49160 xxxxx 28' }
const photo = { authenticationType: 'PHOTO_OTP', authenticationMethodId: 'photo/1', name: 'photoTAN', explanation: 'With the app of this bank' }
const chip = { authenticationType: 'CHIP_OTP', authenticationMethodId: 'chip:1', name: 'chipTAN' }
const push = { authenticationType: 'PUSH_DEC', authenticationMethodId: 'push', name: 'Ada’s phone' }
const challenges: Record<string, unknown> = {
  [sms.authenticationMethodId]: { otpMaxLength: 8, otpFormat: 'integer', additionalInformation: 'Nobody at the bank asks for this <b>code</b>.' },
  [photo.authenticationMethodId]: { image: asPicture(qrDrawing('4815 1623'), 'x').base64, data: ['4815 1623'], otpFormat: 'characters' },
  [chip.authenticationMethodId]: { data: ['48151623', 'Press F first.'], otpMaxLength: 6, otpFormat: 'integer' },
}

/**
 * Starts the bank. The PSU-ID says what happens: `exempt` has no second step; `sms` one way to confirm; `choose` four; `decoupled` the app; `approves` the app, which approves by itself once it was asked about; `redirect` a page; `implicit` a page, without a word of the
 * authorisation; `other` other people's accounts only; `blocked`; `slow` waits for ever.
 */
export async function startBerlinGroupBank({ accounts = [] as unknown[] } = {}) {
  const consents = new Map<string, Consent>()
  const heard: Heard[] = []
  const spoilt: Spoilt[] = []
  const waiting = new Set<ServerResponse>()
  let last: Consent | undefined

  const error = (status: number, code: string) => ({ status, body: { tppMessages: [{ category: 'ERROR', code, text: 'SECRET-TEXT of the bank' }] } })
  const href = (consent: Consent, rest = '') => ({ href: `/v1/consents/${encodeURIComponent(consent.id)}${rest}` })
  const sub = (consent: Consent) => href(consent, `/authorisations/${encodeURIComponent(consent.authorisation?.id ?? '')}`)

  const selected = (consent: Consent, method: typeof sms) => {
    const { authorisation } = consent
    if (authorisation) Object.assign(authorisation, { scaStatus: method === push ? 'started' : 'scaMethodSelected', method: method.authenticationMethodId })
    const links = { scaStatus: sub(consent), ...(method === push ? {} : { authoriseTransaction: sub(consent) }) }
    return { scaStatus: authorisation?.scaStatus, authorisationId: authorisation?.id, chosenScaMethod: method, challengeData: challenges[method.authenticationMethodId], psuMessage: 'Please confirm.', _links: links }
  }

  const afterPassword = (consent: Consent) => {
    const { authorisation, psu } = consent
    if (!authorisation) return error(404, 'RESOURCE_UNKNOWN')
    if (psu === 'exempt' || psu === 'other') {
      Object.assign(authorisation, { scaStatus: 'exempted' })
      consent.status = 'valid'
      return { status: 200, body: { scaStatus: 'exempted', authorisationId: authorisation.id, _links: { scaStatus: sub(consent) } } }
    }
    if (psu === 'decoupled' || psu === 'approves') return { status: 200, body: selected(consent, push) }
    if (psu !== 'choose') return { status: 200, body: selected(consent, sms) }
    authorisation.scaStatus = 'psuAuthenticated'
    return { status: 200, body: { scaStatus: 'psuAuthenticated', authorisationId: authorisation.id, scaMethods: [sms, photo, chip, push], _links: { selectAuthenticationMethod: sub(consent), scaStatus: sub(consent) } } }
  }

  const updated = (consent: Consent, body: Record<string, unknown>) => {
    const { authorisation } = consent
    if (!authorisation) return error(404, 'RESOURCE_UNKNOWN')
    if (authorisation.scaStatus === 'finalised' || authorisation.scaStatus === 'failed') return error(409, 'STATUS_INVALID')
    if ('psuData' in body) return (body.psuData as { password?: string }).password === rightPassword ? afterPassword(consent) : error(401, 'PSU_CREDENTIALS_INVALID')
    if ('authenticationMethodId' in body) {
      const method = [sms, photo, chip, push].find(({ authenticationMethodId }) => authenticationMethodId === body.authenticationMethodId)
      return method ? { status: 200, body: selected(consent, method) } : error(400, 'SCA_METHOD_UNKNOWN')
    }
    if ('confirmationCode' in body && body.confirmationCode !== 'confirm-me') return error(400, 'SCA_INVALID')
    if ('scaAuthenticationData' in body && body.scaAuthenticationData !== rightCode) {
      authorisation.wrong += 1
      if (authorisation.wrong < 3) return error(400, 'SCA_INVALID')
      authorisation.scaStatus = 'failed'
      return { status: 200, body: { scaStatus: 'failed' } }
    }
    authorisation.scaStatus = 'finalised'
    consent.status = 'valid'
    return { status: 200, body: { scaStatus: 'finalised', _links: { scaStatus: sub(consent) } } }
  }

  const answer = (request: Heard): { status: number; body?: unknown; headers?: Record<string, string> } | undefined => {
    const { method, headers } = request
    const [, , what, id = '', part, authorisationId = ''] = request.path.split('/').map(decodeURIComponent)
    const body = (request.body ?? {}) as Record<string, unknown>
    if (!/^[0-9a-f-]{36}$/.test(String(headers['x-request-id']))) return error(400, 'FORMAT_ERROR')
    if (what === 'accounts') {
      const consent = consents.get(String(headers['consent-id']))
      return consent?.status === 'valid' ? { status: 200, body: { accounts: consent.psu === 'other' ? [{ resourceId: 'somebody-else', iban: 'DE00', currency: 'EUR' }] : accounts } } : error(401, 'CONSENT_INVALID')
    }
    if (what !== 'consents') return error(404, 'RESOURCE_UNKNOWN')
    if (id === '' && method === 'POST') {
      const psu = String(headers['psu-id'] ?? '')
      if (psu === 'slow') return undefined
      if (psu === 'blocked') return error(403, 'SERVICE_BLOCKED')
      if (!headers['psu-ip-address'] || !headers['tpp-redirect-uri']) return error(400, 'FORMAT_ERROR')
      const consent: Consent = { id: `consent=${randomUUID()}`, psu, access: body.access, status: 'received' }
      consents.set(consent.id, (last = consent))
      if (psu === 'redirect' || psu === 'implicit') consent.authorisation = { id: randomUUID(), scaStatus: 'received', wrong: 0 }
      const page = { href: `${url}/page?consent=${encodeURIComponent(consent.id)}&back=${encodeURIComponent(String(headers['tpp-redirect-uri']))}` }
      const links = psu === 'redirect' ? { scaRedirect: page, scaStatus: sub(consent) } : psu === 'implicit' ? { scaRedirect: page } : { startAuthorisationWithPsuAuthentication: href(consent, '/authorisations') }
      return { status: 201, headers: { 'content-language': 'de' }, body: { consentStatus: 'received', consentId: consent.id, _links: { ...links, self: href(consent), status: href(consent, '/status') } } }
    }
    const consent = consents.get(id)
    if (!consent) return error(403, 'CONSENT_UNKNOWN')
    if (part === undefined && method === 'DELETE') return consents.delete(consent.id) ? { status: 204 } : undefined
    if (part === 'status') return { status: 200, body: { consentStatus: consent.status } }
    if (part === 'authorisations' && method === 'POST') {
      consent.authorisation = { id: randomUUID(), scaStatus: 'received', wrong: 0 }
      const reply = updated(consent, body)
      return reply.status === 200 ? { ...reply, status: 201 } : reply
    }
    if (part !== 'authorisations' || authorisationId !== consent.authorisation?.id) return error(404, 'RESOURCE_UNKNOWN')
    if (method === 'GET') {
      const { scaStatus } = consent.authorisation
      if (consent.psu === 'approves') decide('finalised', consent.id)
      return { status: 200, body: { scaStatus } }
    }
    return updated(consent, body)
  }

  const server = createServer((request, response) => void handle(request, response))
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const asked: Heard = { method: request.method ?? '', path: (request.url ?? '').split('?')[0] ?? '', headers: request.headers, body: text === '' ? undefined : JSON.parse(text) }
    // The page a person is sent to: it finishes at once and sends back.
    if (asked.path === '/page') {
      const query = new URL(request.url ?? '', url).searchParams
      decide('finalised', query.get('consent') ?? undefined)
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html lang="en"><title>Bank</title><h1>Your bank</h1><a href="${(query.get('back') ?? '').replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">Back</a>`)
    }
    heard.push(asked)
    const index = spoilt.findIndex(({ at }) => at === undefined || `${asked.method} ${asked.path}`.includes(at))
    const [bad] = index === -1 ? [] : spoilt.splice(index, 1)
    if (bad?.instead === 'gone') return void request.socket.destroy()
    const reply = bad ? (bad.instead === 'never' ? undefined : { status: bad.status ?? 200, body: bad.body, headers: bad.headers }) : answer(asked)
    if (!reply) return void waiting.add(response)
    response.writeHead(reply.status, { 'content-type': 'application/json', 'x-request-id': String(asked.headers['x-request-id']), ...reply.headers })
    response.end(bad?.raw ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** What the person does elsewhere: in the app, or on the page. */
  function decide(scaStatus: string, consentId?: string) {
    const consent = consentId === undefined ? last : consents.get(consentId)
    if (consent?.authorisation) consent.authorisation.scaStatus = scaStatus
    if (consent) consent.status = scaStatus === 'finalised' ? 'valid' : scaStatus === 'failed' ? 'rejected' : consent.status
  }

  return {
    url: `${url}/v1`,
    origin: url,
    heard,
    decide,
    /** Spoils the next request that matches. */
    spoil: (answer: Spoilt) => void spoilt.push(answer),
    stop: () =>
      new Promise<void>((resolve) => {
        for (const response of waiting) response.destroy()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
