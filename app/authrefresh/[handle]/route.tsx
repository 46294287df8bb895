import { seeOther, withoutBody } from '../../../lib/platform/html.ts'
import { parseForm, readBody } from '../../../lib/platform/request-body.ts'
import { services } from '../../../lib/services.ts'
import { answerHtml, assets, documentAnswer, errorAnswer, readerOf, screenAddress } from '../../_answers/html.tsx'
import { refuseOtherMethods } from '../../_answers/methods.ts'
import { ScreenPage } from '../_pages/screen-page.tsx'

export const dynamic = 'force-dynamic'
export const { PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods('GET', 'HEAD', 'POST')

interface Context {
  params: Promise<{ handle: string }>
}

/** The current screen; repeat-safe. */
export const GET = (request: Request, { params }: Context) =>
  answerHtml(request, async () => {
    const { handle } = await params
    const { screen, locale } = await services().showStep(handle)
    if (screen.screen === 'gone') return errorAnswer(request, 'gone')
    const reader = readerOf(request, locale)
    const status = screen.screen === 'finished' && screen.result === 'expired' ? 410 : 200
    return documentAnswer(status, <ScreenPage screen={screen} address={screenAddress(handle)} reader={reader} assets={assets()} />, reader)
  })

export const HEAD = async (request: Request, context: Context) => withoutBody(await GET(request, context))

const bodyErrors = { 'wrong-type': 'form-type', 'too-large': 'form-too-large', 'too-slow': 'form-too-slow', malformed: 'form-type' } as const

/** Answers the step that is on the screen, or presses a button beside it. */
export const POST = (request: Request, { params }: Context) =>
  answerHtml(request, async () => {
    const { clock, settings, start, submitAnswer } = services()
    const origin = request.headers.get('origin')
    // Compared with the configured origin and never with `Host`, which a client may set (design decision 4).
    if (origin !== null && origin !== settings.publicUrl) return errorAnswer(request, 'foreign-form')
    const body = await readBody(request, 'application/x-www-form-urlencoded', clock)
    if (!body.ok) return errorAnswer(request, bodyErrors[body.reason])
    const entries = parseForm(body.text)
    if (!entries) return errorAnswer(request, 'form-type')
    const { handle } = await params
    const posted = handle.includes('.') ? await start(handle, entries, readerOf(request).locale) : await submitAnswer(handle, entries)
    return posted.posted === 'see' ? seeOther(screenAddress(posted.handle)) : errorAnswer(request, posted.posted)
  })
