import { jsonResponse } from '../../../lib/platform/problem.ts'
import { services } from '../../../lib/services.ts'
import { refuseOtherMethods } from '../../_answers/methods.ts'

export const dynamic = 'force-dynamic'
export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseOtherMethods('GET', 'HEAD')

// Set by scripts/start.mjs when the process is told to stop.
const draining = () => Boolean((globalThis as { [key: symbol]: unknown })[Symbol.for('connector.draining')])

/** Whether this process should be sent requests: the database answers, and it is not about to stop. */
export async function GET(): Promise<Response> {
  if (draining()) return jsonResponse(503, { status: 'stopping' })
  return (await services().databaseAnswers()) ? jsonResponse(200, { status: 'ready' }) : jsonResponse(503, { status: 'database-away' })
}
export const HEAD = GET
