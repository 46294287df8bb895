import { jsonResponse, problemResponse } from '../../../../lib/platform/problem.ts'
import { services } from '../../../../lib/services.ts'
import { answerJson } from '../../../_answers/json.ts'
import { refuseOtherMethods } from '../../../_answers/methods.ts'

export const dynamic = 'force-dynamic'
export const { HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods('GET')

/** What the script polls while a screen waits: `version` differs from the screen's own as soon as another screen is due. */
export const GET = (_request: Request, { params }: { params: Promise<{ handle: string }> }) =>
  answerJson(async () => {
    const { screen } = await services().showStep((await params).handle)
    return screen.screen === 'gone' ? problemResponse(404) : jsonResponse(200, { version: screen.version })
  })
