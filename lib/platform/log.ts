import { pino } from 'pino'

/**
 * What may be written to a log line: closed codes, ids, counts and durations. Never an answer, a token, a handle, a redirect address or a
 * bank's own text; the type keeps them out by name, so that a new field is a decision somebody reviews.
 */
export interface LogFields {
  authorisationId?: string
  bankId?: string
  notificationType?: string
  reason?: string
  /** Claims of a notification token whose signature is good, so that an operator sees what to configure. */
  issuer?: string
  audience?: string | readonly string[]
  authorisedParty?: string
  state?: string
  attempt?: number
  status?: number
  durationMs?: number
  count?: number
  errorName?: string
  errorCode?: string
  /** Where in our own code a bug was thrown; file and line only. */
  at?: string
}

export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
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

/** Log fields for an unexpected error: its name, its code and the first frame of our own code. Its message may quote input, so it is left out. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { errorName: typeof error }
  const frame = error.stack?.split('\n').find((line) => line.includes('    at '))?.trim()
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { errorName: error.name, ...(code ? { errorCode: code } : {}), ...(frame ? { at: frame } : {}) }
}
