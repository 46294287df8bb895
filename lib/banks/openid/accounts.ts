import { randomUUID } from 'node:crypto'
import { type Configuration, type DPoPHandle, fetchProtectedResource, fetchUserInfo, getDPoPHandle, randomDPoPKeyPair, type TokenEndpointResponse, type TokenEndpointResponseHelpers } from 'openid-client'
import type { Turn } from '../bank-adapter.ts'
import { ofStatus, OpenidFailure } from './openid-failure.ts'
import type { OpenidSettings } from './settings.ts'

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers
/** The key that the tokens of one call are bound to; it lives as long as the call, which is all a token of ours is used for. */
export type TokenBinding = { DPoP?: DPoPHandle }

export const tokenBinding = async (config: Configuration, { dpop }: OpenidSettings): Promise<TokenBinding> => (dpop ? { DPoP: getDPoPHandle(config, await randomDPoPKeyPair('ES256')) } : {})

/** As many as a turn may have. */
const mostAccounts = 1000
const longestId = 256

/** The ends of a path through JSON; undefined where it leads nowhere. Lists on the way are gone through. */
export function valuesAt(value: unknown, [name, ...rest]: readonly string[]): unknown[] | undefined {
  if (Array.isArray(value)) {
    const found = value.map((entry) => valuesAt(entry, name === undefined ? [] : [name, ...rest]))
    return found.every((entry) => entry === undefined) && found.length > 0 ? undefined : found.flatMap((entry) => entry ?? [])
  }
  if (name === undefined) return [value]
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? valuesAt((value as Record<string, unknown>)[name], rest) : undefined
}

/** What the tokens say, or open: the accounts of the person, if they were checked as well as the entry asks. The tokens are dropped afterwards. */
export async function accountsOf(config: Configuration, tokens: Tokens, binding: TokenBinding, { acrValues, accounts }: OpenidSettings): Promise<Turn> {
  const claims = tokens.claims()
  if (!claims) throw new OpenidFailure('answer-unusable')
  // OpenID Connect Core §3.1.2.1: acr_values is a wish, so what was reached has to be looked at.
  if (acrValues.length > 0 && (typeof claims.acr !== 'string' || !acrValues.includes(claims.acr))) return { turn: 'refused', reason: 'not-set-up' }
  const source = accounts.from === 'call' ? await call(config, tokens, binding, new URL(accounts.url)) : accounts.from === 'userinfo' ? await fetchUserInfo(config, tokens.access_token, claims.sub, binding) : claims
  const found = valuesAt(source, accounts.path)
  if (!found || found.length > mostAccounts || !found.every((id) => typeof id === 'string' && id !== '' && id.length <= longestId)) throw new OpenidFailure('accounts-missing', { paths: [accounts.path.join('.')] })
  return { turn: 'authorised', accounts: found.map((externalId) => ({ externalId: String(externalId) })) }
}

async function call(config: Configuration, tokens: Tokens, binding: TokenBinding, url: URL): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json', 'x-fapi-interaction-id': randomUUID() })
  const response = await fetchProtectedResource(config, tokens.access_token, url, 'GET', null, headers, binding)
  if (response.status !== 200) throw ofStatus(response.status, 'accounts-refused')
  return response.json().catch(() => {
    throw new OpenidFailure('answer-unusable')
  })
}
