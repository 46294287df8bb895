import { kindOf } from '../../../../lib/challenges/index.ts'
import { withoutBody } from '../../../../lib/platform/html.ts'
import { jsonResponse, problemResponse } from '../../../../lib/platform/problem.ts'
import { services } from '../../../../lib/services.ts'
import type { Screen } from '../../../../lib/wizard/screen.ts'
import { answerJson } from '../../../_answers/json.ts'
import { refuseOtherMethods } from '../../../_answers/methods.ts'

export const dynamic = 'force-dynamic'
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods('GET', 'HEAD')

interface Context {
  params: Promise<{ handle: string }>
}

/**
 * What the script asks: `version` differs from the screen's own as soon as another screen is due; `seconds_left` until Sage's limit, while it runs. With `?time` the bank is not asked: its answer
 * might be another screen, and the person is busy with this one.
 */
export const GET = (request: Request, { params }: Context) =>
  answerJson(async () => {
    const { screen } = await services().showStep((await params).handle, { poll: !new URL(request.url).searchParams.has('time') })
    if (screen.screen === 'gone') return problemResponse(404)
    return jsonResponse(200, { version: screen.version, ...('secondsLeft' in screen ? { seconds_left: screen.secondsLeft } : {}), ...nextLook(screen) })
  })

/** When to ask again, in milliseconds, where a bank says how often it wants to be asked. */
function nextLook(screen: Screen): { next_ms?: number } {
  const seconds = screen.screen === 'challenge' ? kindOf(screen.content.challenge).pollSeconds : undefined
  return seconds === undefined ? {} : { next_ms: seconds * 1000 }
}

export const HEAD = async (request: Request, context: Context) => withoutBody(await GET(request, context))
