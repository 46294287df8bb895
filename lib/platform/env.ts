import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { publicFile } from './assets.ts'
import { themeOf, themeProblems, themeVariables } from './theme.ts'

/** Hosts that only this machine can reach; the only ones for which `http:` is accepted. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

const text = z.string({ error: 'is missing' }).min(1, 'is missing')

const url = text.transform((value, context) => {
  const parsed = URL.canParse(value) ? new URL(value) : undefined
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol)) {
    context.addIssue('is not an absolute https URL')
    return z.NEVER
  }
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) context.addIssue('must be https (http is for loopback hosts only)')
  if (parsed.username || parsed.password || parsed.hash) context.addIssue('must not carry user info or a fragment')
  return parsed
})

const address = url.transform((value) => value.href)

const list = text.transform((value) => value.split(',').map((entry) => entry.trim()).filter((entry) => entry !== ''))

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`)

/** A host suffix of REDIRECT_HOSTS. `port` is set only where the entry names one; http is then accepted if the host is a loopback one. */
export interface RedirectHost {
  host: string
  port: string | undefined
}

const hostPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::\d{1,5})?$/

const redirectHosts = list.transform((entries, context) =>
  entries.map((entry): RedirectHost => {
    const [host = '', port] = entry.toLowerCase().split(':')
    const tooWide = !host.includes('.') && !isLoopback(host)
    if (!hostPattern.test(entry.toLowerCase()) || tooWide) context.addIssue('must list host suffixes such as sage.com or localhost:4000')
    return { host, port }
  }),
)

// A source of frame-ancestors: scheme, host, optional port. A bare `*`, a scheme alone or a quote would open the frame to everyone or break the header.
const frameAncestors = text.transform((value, context) => {
  const sources = value.split(/[\s,]+/).filter((source) => source !== '')
  for (const source of sources) {
    const [, scheme = '', host = ''] = /^(https?):\/\/((?:\*\.)?[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(source) ?? []
    // `https://*.com` is everyone, too.
    const tooWide = /^\*\.[^.]+$/.test(host) && !isLoopback(host.replace('*.', ''))
    if (tooWide || !scheme || (scheme === 'http' && !isLoopback(host.replace('*.', '')))) context.addIssue('must list sources such as https://*.sage.com')
  }
  return sources
})

const headerName = text
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'is not a header name')
  .transform((value) => value.toLowerCase())
  .refine((value) => !['authorization', 'content-type', 'content-length', 'host', 'cookie', 'origin'].includes(value), 'names a header that has a meaning of its own')
  // Our server drops these before Next sees them (scripts/support/request-filter.mjs).
  .refine((value) => !/^(rsc$|next-|x-(next|nextjs|middleware|invoke|now|vercel|prerender)-|x-matched-path$)/.test(value), 'names a header of the framework')

const headerValues = list.refine(
  (values) => values.length >= 1 && values.length <= 2 && values.every((value) => /^[\x21-\x7e]{32,1000}$/.test(value)),
  'must hold one or two values of at least 32 printable ASCII characters',
)

const sealKeys = list.transform((entries, context) => {
  const keys = entries.map((entry) => Buffer.from(entry, 'base64url'))
  const wellFormed = keys.every((key, index) => key.length === 32 && key.toString('base64url') === entries[index]?.replace(/=+$/, ''))
  const guessable = keys.some((key) => new Set(key).size < 8)
  if (keys.length === 0 || !wellFormed || guessable) context.addIssue('must hold base64url keys of 32 random bytes')
  return keys.map((key) => new Uint8Array(key))
})

const sageFrameAncestors = 'https://*.sagebankdrive.com https://*.sage.com https://*.intacct.com https://*.sageone.com'

const variables = z.object({
  PUBLIC_URL: url.refine((value) => value.pathname === '/' && value.search === '', 'must be an origin, without a path').transform((value) => value.origin),
  DATABASE_URL: text.refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), 'is not a postgresql:// URL'),
  DATABASE_POOL_SIZE: whole(1, 100).default(10),
  NOTIFICATION_HEADER_NAME: headerName,
  NOTIFICATION_HEADER_VALUES: headerValues,
  // The issuer is compared as a string with the token's `iss`, so it is kept exactly as written.
  SAGE_ID_ISSUER: text.refine((value) => url.safeParse(value).success, 'is not an absolute https URL'),
  SAGE_ID_JWKS_URL: address.optional(),
  SAGE_ID_AUDIENCE: text,
  SAGE_ID_AUTHORIZED_PARTY: text.optional(),
  SAGE_ID_TOKEN_URL: address.optional(),
  SAGE_ID_CLIENT_ID: text,
  SAGE_ID_CLIENT_SECRET: text,
  PROVIDER_API_URL: address.transform((value) => value.replace(/\/+$/, '')),
  PROVIDER_API_KEY: text,
  PROVIDER_API_AUDIENCE: text,
  PROVIDER_API_REQUESTS_PER_SECOND: whole(1, 1000).default(10),
  PROVIDER_API_BANK_ACCOUNTS: z.enum(['omit', 'empty', 'confirmed'], { error: 'must be omit, empty or confirmed' }).default('omit'),
  PROVIDER_API_FAILURE_STATUS: text.regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not a status word').optional(),
  REDIRECT_HOSTS: redirectHosts.prefault('sagebankdrive.com,sage.com'),
  FRAME_ANCESTORS: frameAncestors.prefault(sageFrameAncestors),
  SEAL_KEYS: sealKeys,
  BANK_ADAPTER: z.enum(['sandbox'], { error: 'must be sandbox' }),
  AUTHORISATION_LIFETIME_SECONDS: whole(1, 1200).default(1140),
  RETENTION_DAYS: whole(1, 3650).default(30),
  AUDIT_RETENTION_DAYS: whole(1, 3650).default(365),
  GALLERY: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  HOST: text.optional(),
  PORT: whole(0, 65535).default(3000),
  ...themeVariables,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'is not a log level' }).default('info'),
})

/** Secrets, each of which may come from a file named by `NAME_FILE` instead (contract.md). */
const secrets = ['DATABASE_URL', 'NOTIFICATION_HEADER_VALUES', 'SAGE_ID_CLIENT_ID', 'SAGE_ID_CLIENT_SECRET', 'PROVIDER_API_KEY', 'SEAL_KEYS'] as const

/** Thrown when settings are missing or unsafe. `problems` names every bad variable at once, and no value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

function withSecretFiles(env: NodeJS.ProcessEnv, problems: string[]): NodeJS.ProcessEnv {
  const merged = { ...env }
  for (const name of secrets) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (env[name]) problems.push(`${name}: set both as itself and by ${name}_FILE`)
    try {
      merged[name] = readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: cannot be read`)
      // Named once, as a file that cannot be read, and not a second time as a missing setting.
      merged[name] = undefined
    }
  }
  return merged
}

/**
 * Reads and checks the settings of contract.md. An empty variable counts as not set, as compose files write them.
 * @throws {SettingsError} naming all problems at once.
 */
export function readSettings(env: NodeJS.ProcessEnv) {
  const problems: string[] = []
  const given = Object.fromEntries(Object.entries(withSecretFiles(env, problems)).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(given)
  // The sandbox confirms nearly any account; told to the real Sage, that would open feeds nobody authorised.
  if (parsed.data?.BANK_ADAPTER === 'sandbox' && new URL(parsed.data.PROVIDER_API_URL).hostname.endsWith('.fabric.sage.com')) {
    problems.push("BANK_ADAPTER: must not be sandbox with Sage's production Provider API")
  }
  if (parsed.data?.GALLERY === 'on' && !isLoopback(new URL(parsed.data.PUBLIC_URL).hostname)) problems.push('GALLERY: must be off where others can reach PUBLIC_URL')
  // Measured whatever else is wrong, so that all problems are named at once.
  const theme = themeOf(given)
  if (Object.keys(theme).length > 0) problems.push(...themeProblems(publicFile('tokens.css'), theme))
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0])
    if (!problems.some((problem) => problem.startsWith(`${name}_FILE:`))) problems.push(`${name}: ${message}`)
  }
  if (!parsed.success || problems.length > 0) throw new SettingsError([...new Set(problems)])
  const v = parsed.data
  return Object.freeze({
    publicUrl: v.PUBLIC_URL,
    databaseUrl: v.DATABASE_URL,
    databasePoolSize: v.DATABASE_POOL_SIZE,
    notification: Object.freeze({ headerName: v.NOTIFICATION_HEADER_NAME, headerValues: v.NOTIFICATION_HEADER_VALUES }),
    sageId: Object.freeze({
      issuer: v.SAGE_ID_ISSUER,
      jwksUrl: v.SAGE_ID_JWKS_URL ?? new URL('.well-known/jwks.json', withSlash(v.SAGE_ID_ISSUER)).href,
      audience: v.SAGE_ID_AUDIENCE,
      authorizedParty: v.SAGE_ID_AUTHORIZED_PARTY,
      tokenUrl: v.SAGE_ID_TOKEN_URL ?? new URL('oauth/token', withSlash(v.SAGE_ID_ISSUER)).href,
      clientId: v.SAGE_ID_CLIENT_ID,
      clientSecret: v.SAGE_ID_CLIENT_SECRET,
    }),
    providerApi: Object.freeze({
      url: v.PROVIDER_API_URL,
      key: v.PROVIDER_API_KEY,
      audience: v.PROVIDER_API_AUDIENCE,
      requestsPerSecond: v.PROVIDER_API_REQUESTS_PER_SECOND,
      bankAccounts: v.PROVIDER_API_BANK_ACCOUNTS,
      failureStatus: v.PROVIDER_API_FAILURE_STATUS,
    }),
    redirectHosts: v.REDIRECT_HOSTS,
    frameAncestors: v.FRAME_ANCESTORS,
    sealKeys: v.SEAL_KEYS,
    bankAdapter: v.BANK_ADAPTER,
    authorisationLifetimeSeconds: v.AUTHORISATION_LIFETIME_SECONDS,
    retentionDays: v.RETENTION_DAYS,
    auditRetentionDays: v.AUDIT_RETENTION_DAYS,
    gallery: v.GALLERY === 'on',
    host: v.HOST,
    port: v.PORT,
    logLevel: v.LOG_LEVEL,
    theme,
  })
}

const withSlash = (value: string) => (value.endsWith('/') ? value : `${value}/`)

export type Settings = ReturnType<typeof readSettings>

let settings: Settings | undefined

/** The settings of this process, read once. @throws {SettingsError} */
export function processSettings(): Settings {
  settings ??= readSettings(process.env)
  return settings
}
