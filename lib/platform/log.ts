import { pino } from 'pino'
import type { LogEvent } from './log-events.ts'

/**
 * What may be written to a log line: closed codes, ids, counts and durations. Never an answer, a token, a handle, a redirect address or a
 * bank's own text; the type keeps them out by name, so that a new field is a decision somebody reviews.
 */
export interface LogFields {
  authorisationId?: string
  notificationType?: string
  reason?: string
  /** Claims of a notification token whose signature is good, so that an operator sees what to configure. */
  issuer?: string
  audience?: string | readonly string[]
  authorisedParty?: string
  state?: string
  attempt?: number
  /** Which screen of a session. */
  step?: number
  status?: number
  durationMs?: number
  count?: number
  errorName?: string
  errorCode?: string
  /** Where in our own code a bug was thrown; file and line only. */
  at?: string
}

export interface Log {
  debug(event: LogEvent, fields?: LogFields): void
  info(event: LogEvent, fields?: LogFields): void
  warn(event: LogEvent, fields?: LogFields): void
  error(event: LogEvent, fields?: LogFields): void
}

/** One JSON line per event on standard output, `event` being a fixed phrase. */
export function createLog(level: string): Log {
  const out = pino({ level, base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
  return {
    debug: (event, fields = {}) => out.debug(fields, event),
    info: (event, fields = {}) => out.info(fields, event),
    warn: (event, fields = {}) => out.warn(fields, event),
    error: (event, fields = {}) => out.error(fields, event),
  }
}

/** Log fields for an unexpected error: its name, the code of its innermost cause that has one, and where it was thrown. Its message may quote input, so it is left out. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorName: typeof error }
  const { stack = '', message } = error
  // Frames come after the message, which may have lines of its own that look like one.
  const frame = stack.slice(stack.indexOf(message) + message.length).split('\n').find((line) => line.startsWith('    at '))?.trim()
  const code = innermostCode(error)
  return { errorName: error.name, ...(code ? { errorCode: code } : {}), ...(frame ? { at: frame } : {}) }
}

/** An SQLSTATE or a system's error code; Prisma keeps the database's own in `meta.driverAdapterError` (its `kind` where there is no code). */
function innermostCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, kind, originalCode, cause, meta } = error as Record<'code' | 'kind' | 'originalCode' | 'cause', unknown> & { meta?: { driverAdapterError?: unknown } }
  const own = [originalCode, code, kind].find((value) => typeof value === 'string' && /^[\w-]{1,60}$/.test(value)) as string | undefined
  return innermostCode(meta?.driverAdapterError) ?? innermostCode(cause) ?? own
}
