import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import type { AdapterDefinition } from '../../lib/banks/adapter-definition.ts'
import { bankHttp } from '../../lib/banks/bank-http.ts'
import { createHttpBank } from '../../lib/banks/http/http-bank.ts'
import { type HttpSettings, httpSettings } from '../../lib/banks/http/settings.ts'
import { tokenOf } from '../../lib/banks/http/token-of.ts'
import { bankAdapters } from '../../lib/banks/registry.ts'
import { systemClock } from '../../lib/platform/clock.ts'
import { createLog } from '../../lib/platform/log.ts'
import { adapterCases } from './adapter-cases.ts'
import { answerCases } from './answer-cases.ts'
import { bankApiCases, type Send } from './bank-api-cases.ts'
import { codeOf, type Outcome, runCases } from './case.ts'
import { type People, peopleOfTheReferenceBank, peopleOfTheSandbox, peopleSchema } from './people.ts'

export { report } from './case.ts'

export interface Options {
  adapter?: string | undefined
  bankApi?: string | undefined
  settingsFile?: string | undefined
  peopleFile?: string | undefined
  privateHosts?: readonly string[]
  /** Called after each case. */
  told?: ((done: number, of: number) => void) | undefined
}

const http = (privateHosts: readonly string[] = []) => bankHttp(systemClock, privateHosts)
const partsOf = (privateHosts?: readonly string[]) => ({ clock: systemClock, publicUrl: 'https://connector.example', bank: { id: 'conformance', name: 'Conformance' }, http: http(privateHosts), log: createLog('silent') })

/** Thrown for what was asked for in a wrong way, with all that is wrong. */
export class UsageError extends Error {}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof SyntaxError ? 'is no JSON' : `cannot be read${codeOf(error)}`}`)
  }
}

function read<Value>(schema: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UsageError(`${what}:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`).join('\n')}`)
}

/** Runs the cases for an adapter of the registry, or for a bank that serves our API. */
export async function conformance({ adapter, bankApi, settingsFile, peopleFile, privateHosts = [], told }: Options): Promise<Outcome[]> {
  const peopleOr = (known: People) => (peopleFile ? read(peopleSchema, json(peopleFile), peopleFile) : known)
  const given = settingsFile ? json(settingsFile) : {}
  if (bankApi !== undefined) {
    const settings = read(httpSettings, { ...(given as object), url: bankApi }, settingsFile ?? 'the settings (--settings FILE)')
    return bankApiConformance(settings, peopleOr(peopleOfTheReferenceBank), { privateHosts, told })
  }
  const adapters: Readonly<Record<string, AdapterDefinition<unknown>>> = bankAdapters
  const definition = Object.hasOwn(adapters, adapter ?? '') ? adapters[adapter ?? ''] : undefined
  if (!definition) throw new UsageError(`--adapter must be one of ${Object.keys(adapters).join(', ')}`)
  const settings = read(definition.settings, given, settingsFile ?? 'the settings (--settings FILE)')
  if (!peopleFile && adapter !== 'sandbox') throw new UsageError('--people FILE is needed: whom the kit signs in as')
  const make = () => definition.create(settings, partsOf(privateHosts))
  try {
    make()
  } catch (error) {
    // Adapters name no value in their messages.
    throw new UsageError(`the kit cannot make this adapter: ${error instanceof Error ? error.message : 'it threw something that is no error'}`)
  }
  return runCases(adapterCases(make, peopleOr(peopleOfTheSandbox)), told)
}

/** Both: what the http adapter makes of the bank, and what the bank does with requests no adapter sends. */
export async function bankApiConformance(settings: HttpSettings, people: People, { privateHosts = [], groups, told }: Pick<Options, 'privateHosts' | 'told'> & { /** Only these. */ groups?: readonly string[] } = {}): Promise<Outcome[]> {
  const { tls, auth, url } = settings
  const limits = { timeoutMs: 30_000, ...(tls ? { tls: { cert: tls.certFile, key: tls.keyFile, ca: tls.caFile } } : {}) }
  const client = http(privateHosts)(limits)
  // Without our certificate, for what must be refused.
  const stranger = http(privateHosts)({ timeoutMs: 30_000, ...(tls ? { tls: { ca: tls.caFile } } : {}) })
  const token = tokenOf(auth, { http: client, clock: systemClock })
  const send: Send = async (path, { anonymous = false, ...init }) => {
    if (anonymous) return stranger(`${url}/${path}`, init).catch((error: unknown) => refusedByTls(error, auth.method === 'mutual-tls'))
    const authorization = await token?.authorization()
    return client(`${url}/${path}`, { ...init, headers: { ...(authorization ? { authorization } : {}), ...init.headers } })
  }
  await send('description', { method: 'GET' }).catch((error: unknown) => {
    throw new UsageError(`${url} cannot be asked${codeOf(error)}`)
  })
  const cases = [...answerCases(send, people), ...adapterCases(() => createHttpBank(settings, partsOf(privateHosts)), people), ...bankApiCases(send, people)]
  return runCases(groups ? cases.filter(({ group }) => groups.includes(group)) : cases, told)
}

/** With mutual TLS a stranger has no connection, which is as good as a 401. */
function refusedByTls(error: unknown, mutual: boolean): Response {
  if (mutual) return new Response(null, { status: 401 })
  throw error
}
