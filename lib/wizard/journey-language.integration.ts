import { describe, expect, test } from 'vitest'
import { bank, services, code, authorised, enter, post, see, open, patchesOf, signIn } from './journey.fixture.ts'

describe('the language of a session', () => {
  const startIn = async (locale: string) => {
    const { screen, ...rest } = await enter()
    const posted = await services.start(screen.handle, { form_token: screen.formToken, ...signIn }, locale)
    if (posted.posted !== 'see') throw new Error(posted.posted)
    return { handle: posted.handle, ...rest }
  }

  test('is the one in which it was claimed, until another one is chosen', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    const { handle } = await startIn('fr-CA')
    expect(await services.showStep(handle)).toMatchObject({ locale: 'fr-CA' })
    expect(await services.showStep(handle, { speak: 'de-DE' })).toMatchObject({ locale: 'de-DE' })
    expect(await services.showStep(handle)).toMatchObject({ locale: 'de-DE' })
  })
  test('changes alone: the step, its form and its version stay, and the bank hears nothing of it', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null, problem: 'wrong' })
    const { handle } = await startIn('en-GB')
    const { bank: name, formToken, version, ...rest } = open((await services.showStep(handle)).screen)
    const before = { bank: name, formToken, version, ...('content' in rest ? { content: rest.content } : {}) }
    const shown = await Promise.all(['de-DE', 'de-DE', 'pt-PT', 'es-ES'].map((speak) => services.showStep(handle, { speak })))
    for (const { screen } of shown) expect(screen).toMatchObject(before)
    expect(bank.start).toHaveBeenCalledTimes(1)
    expect(bank.answer).not.toHaveBeenCalled()
  })
  test('is told to the bank with the next answer', async () => {
    bank.start.mockResolvedValue({ turn: 'challenge', challenge: code, state: null })
    bank.answer.mockResolvedValue(authorised)
    const { handle, authorisationId } = await startIn('en-GB')
    const screen = open((await services.showStep(handle, { speak: 'es-ES' })).screen)
    expect(await see(await post(screen, { code: '123456', action: 'continue' }))).toMatchObject({ screen: 'finished', result: 'authorised' })
    expect(bank.start).toHaveBeenCalledWith(expect.objectContaining({ locale: 'en-GB' }), expect.anything())
    expect(bank.answer).toHaveBeenCalledWith(expect.objectContaining({ locale: 'es-ES' }), expect.anything())
    expect(await patchesOf(authorisationId)).toHaveLength(1)
  })
  test('can still be chosen when it is over, and tells Sage nothing more', async () => {
    bank.start.mockResolvedValue(authorised)
    const { handle, authorisationId } = await startIn('en-GB')
    expect(await services.showStep(handle, { speak: 'de-DE' })).toMatchObject({ screen: { screen: 'finished', result: 'authorised' }, locale: 'de-DE' })
    expect(await services.showStep(handle)).toMatchObject({ locale: 'de-DE' })
    expect(await patchesOf(authorisationId)).toHaveLength(1)
  })
  test('is nobody\'s where there is no session', async () => {
    expect(await services.showStep('garbage', { speak: 'de-DE' })).toEqual({ screen: { screen: 'gone' } })
    const { screen } = await enter()
    expect(await services.showStep(screen.handle, { speak: 'de-DE' })).toMatchObject({ screen: { screen: 'challenge' } })
    expect((await services.showStep(screen.handle, { speak: 'de-DE' })).locale).toBeUndefined()
  })
})
