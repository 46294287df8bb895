import { describe, expect, test } from 'vitest'

import { goodAccessToken, requestToken, sendPatch } from './testing/provider-calls.ts'
import { startPair } from './testing/start-pair.ts'

async function startWithPatch() {
  const pair = await startPair()
  const { authorisationId } = await pair.client.createAuthorisation()
  const token = await goodAccessToken(pair.settings)
  return { ...pair, authorisationId, patch: () => sendPatch(pair.settings, authorisationId, token) }
}

describe('a scripted fault of PATCH', () => {
  test('answers in the order of the queue, each as often as asked, and then is over', async () => {
    const { client, patch, authorisationId } = await startWithPatch()
    await client.setFaults({ patch: [{ status: 429, retryAfter: 3 }, { status: 503, times: 2 }] })
    const answers = [await patch(), await patch(), await patch(), await patch()]
    expect(answers.map(({ status }) => status)).toEqual([429, 503, 503, 200])
    expect(answers[0]?.headers.get('retry-after')).toBe('3')
    const { patches } = await client.authorisation(authorisationId)
    expect(patches.map(({ applied }) => applied)).toEqual([false, false, false, true])
    expect(await client.faults()).toEqual({ patch: [], token: [], jwks: [] })
  })

  test('can apply the call and lose the reply', async () => {
    const { client, patch, authorisationId } = await startWithPatch()
    await client.setFaults({ patch: [{ loseReply: true }] })
    await expect(patch()).rejects.toThrow()
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([{ applied: true, status: null }])
  })

  test('can cut the connection before the call applies', async () => {
    const { client, patch, authorisationId } = await startWithPatch()
    await client.setFaults({ patch: [{ resetBeforeApply: true }] })
    await expect(patch()).rejects.toThrow()
    expect((await client.authorisation(authorisationId)).patches).toMatchObject([{ applied: false, status: null }])
  })

  test('can hold the answer back', async () => {
    const { client, patch } = await startWithPatch()
    await client.setFaults({ patch: [{ delayMs: 80 }] })
    const before = performance.now()
    expect((await patch()).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThanOrEqual(75)
  })

  test('can wait for one authorisation and let others pass', async () => {
    const { client, patch, settings, authorisationId } = await startWithPatch()
    const other = await client.createAuthorisation()
    await client.setFaults({ patch: [{ status: 500, authorisationId }] })
    const token = await goodAccessToken(settings)
    expect((await sendPatch(settings, other.authorisationId, token)).status).toBe(200)
    expect((await patch()).status).toBe(500)
  })

  test('is gone when the faults are cleared', async () => {
    const { client, patch } = await startWithPatch()
    await client.setFaults({ patch: [{ status: 500, times: 100 }] })
    await client.clearFaults()
    expect((await patch()).status).toBe(200)
  })
})

describe('a scripted fault of Sage ID', () => {
  test('can be a page of a gateway in place of a token', async () => {
    const { client, settings } = await startPair()
    await client.setFaults({ token: [{ status: 502, body: '<h1>Bad gateway</h1>' }] })
    const answer = await requestToken(settings)
    expect(answer.status).toBe(502)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect((await requestToken(settings)).status).toBe(200)
  })

  test('can give a token and lose it on the way', async () => {
    const { client, settings } = await startPair()
    await client.setFaults({ token: [{ loseReply: true }] })
    await expect(requestToken(settings)).rejects.toThrow()
    expect(await client.counts()).toMatchObject({ tokenRequests: 1, tokensIssued: 1 })
  })

  test('can give a token of a short life', async () => {
    const { client, settings } = await startPair()
    const { authorisationId } = await client.createAuthorisation()
    await client.setFaults({ token: [{ expiresInSeconds: 0.05 }] })
    const { access_token, expires_in } = await (await requestToken(settings)).json()
    expect(expires_in).toBe(0.05)
    await expect.poll(async () => (await sendPatch(settings, authorisationId, access_token)).status).toBe(401)
  })

  test('can keep the keys away, or give others', async () => {
    const { client, settings } = await startPair()
    await client.setFaults({ jwks: [{ status: 503 }, { body: { keys: [] } }] })
    expect((await fetch(settings.SAGE_ID_JWKS_URL)).status).toBe(503)
    expect(await (await fetch(settings.SAGE_ID_JWKS_URL)).json()).toEqual({ keys: [] })
    expect((await (await fetch(settings.SAGE_ID_JWKS_URL)).json()).keys).toHaveLength(1)
  })
})

test('a misspelt name is refused, not ignored', async () => {
  const { client } = await startPair()
  await expect(client.setFaults({ patches: [] } as never)).rejects.toThrow(/Unknown: patches/)
})
