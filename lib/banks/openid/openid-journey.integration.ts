import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bank, enter, open, patchesOf, post, see, services, signIn } from '../../wizard/journey.fixture.ts'
import { systemClock } from '../../platform/clock.ts'
import { createHttpClient } from '../../platform/http.ts'
import { createOpenidBank } from './openid-bank.ts'
import { type OpenidProvider, startOpenidProvider, throughPage } from './openid-provider.fixture.ts'
import { openidSettings } from './settings.ts'

// The wizard, its database and a real provider; only the browser is missing (e2e/journeys/openid.spec.ts has it).
const folder = mkdtempSync(path.join(tmpdir(), 'openid-journey-'))
const statuses: boolean[] = []
let provider: OpenidProvider
beforeAll(async () => {
  const pings = async (authorization: string) => {
    const ours = await services.nudge(authorization)
    statuses.push(ours)
    return ours ? 204 : 401
  }
  provider = await startOpenidProvider({ redirectUri: `${services.settings.publicUrl}/authrefresh/return`, pings })
  writeFileSync(path.join(folder, 'key.json'), JSON.stringify(provider.clientKey))
})
afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  const quiet = () => undefined
  const settings = openidSettings.parse({
    issuer: provider.issuer,
    clientId: 'pinged',
    authentication: { method: 'private_key_jwt', keyFile: path.join(folder, 'key.json'), keyId: 'ours' },
    idTokenAlgorithm: 'ES256',
    signRequests: true,
    dpop: true,
    scope: 'openid accounts',
    ways: ['app', 'page'],
    person: { label: 'Customer name' },
    app: { delivery: 'ping' },
    page: { opens: 'window' },
    accounts: { from: 'userinfo', path: ['accounts'] },
  })
  const real = createOpenidBank(settings, { clock: systemClock, publicUrl: services.settings.publicUrl, bank: { id: null, name: 'Test Bank' }, http: ({ timeoutMs = 5000 } = {}) => createHttpClient({ timeoutMs, publicHosts: true }), log: { debug: quiet, info: quiet, warn: quiet, error: quiet } })
  bank.start.mockImplementation((...given) => real.start(...given))
  bank.answer.mockImplementation((...given) => real.answer(...given))
  bank.poll.mockImplementation((request, call) => real.poll?.(request, call) ?? Promise.reject(new TypeError()))
  bank.depart.mockImplementation((request, call) => real.depart?.(request, call) ?? Promise.reject(new TypeError()))
})

test('an approval in the app is noticed at once by the provider’s ping, and Sage is told', async () => {
  const { authorisationId, screen } = await enter()
  const waiting = open(await see(await post(screen, signIn)))
  const look = async () => (await services.showStep(waiting.handle, { poll: true })).screen
  expect(await look()).toMatchObject({ screen: 'challenge', version: waiting.version })
  const asked = provider.asked.at(-1)
  if (!asked) throw new Error('the app was not asked')
  await provider.approve(asked)
  expect(statuses).toEqual([true])
  expect(await look()).toMatchObject({ screen: 'finished', result: 'authorised', told: 'yes' })
  expect(await patchesOf(authorisationId)).toHaveLength(1)
})

test('the other way leads to the bank’s page, whose answer is taken once', async () => {
  const { screen } = await enter()
  const waiting = open(await see(await post(screen, signIn)))
  const page = open(await see(await post(waiting, { action: 'other-way' })))
  const to = await services.departToBank(page.handle)
  if (to.departure !== 'bank') throw new Error(to.departure)
  const { search } = await throughPage(to.address, 'yes')
  const tokensBefore = provider.calls.filter((at) => at === '/token').length
  expect(await services.returnFromBank(search.slice(1))).toEqual({ returned: 'other-window', locale: 'en-GB' })
  expect((await services.showStep(page.handle)).screen).toMatchObject({ screen: 'finished', result: 'authorised' })
  await services.returnFromBank(search.slice(1))
  expect(provider.calls.filter((at) => at === '/token')).toHaveLength(tokensBefore + 1)
})
