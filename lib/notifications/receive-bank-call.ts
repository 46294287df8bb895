import { z } from 'zod'
import type { AuditStore } from '../authorisations/audit-store.ts'
import type { Banks } from '../banks/bank-adapter.ts'
import type { Log } from '../platform/log.ts'
import { parseJson } from '../platform/parse-json.ts'
import type { BodyRead } from '../platform/request-body.ts'

/** What comes of a bank's own call; the route turns each into an answer. */
export type BankCallReceipt = { receipt: 'made'; value: unknown } | { receipt: 'untrusted' | 'not-json' | 'too-large' | 'too-slow' | 'malformed' }

/** Which bank calls; the rest is its adapter's. */
const bankCall = z.looseObject({ bankId: z.string().max(300).nullable().default(null) })

/** What any bank's key looks like: of whoever shows nothing of the kind no body is read, so that nobody has us hold and parse 64 KiB for free. */
const plausible = /^Bearer [\x21-\x7e]{32,1000}$/i

/**
 * A bank's back end wants something of us (`BankAdapter.called`). Its adapter judges who calls; whoever cannot be judged, since there is no such bank or its adapter takes no calls, is refused with the
 * same answer. @throws DatabaseAway
 */
export function createReceiveBankCall(parts: {
  bank: Pick<Banks, 'called'>
  audit: Pick<AuditStore, 'tally'>
  log: Log
}): (posted: { authorization: string | null; readJson(): Promise<BodyRead> }) => Promise<BankCallReceipt> {
  const { bank, audit, log } = parts
  const refuse = (reason: 'malformed' | 'unauthorised'): BankCallReceipt => {
    if (reason === 'unauthorised') audit.tally('bank-call-refused', reason)
    log.warn('bank call refused', { reason })
    return { receipt: reason === 'malformed' ? 'malformed' : 'untrusted' }
  }
  return async ({ authorization, readJson }) => {
    if (!plausible.test(authorization ?? '')) return refuse('unauthorised')
    const read = await readJson()
    if (!read.ok) return { receipt: read.reason === 'wrong-type' ? 'not-json' : read.reason }
    const call = bankCall.safeParse(parseJson(read.text))
    if (!call.success) return { receipt: 'malformed' }
    const { bankId, ...body } = call.data
    const answer = (await bank.called?.({ bankId, authorization, body })) ?? { answer: 'unauthorised' }
    if (answer.answer !== 'made') return refuse(answer.answer)
    audit.tally('bank-call-trusted')
    return { receipt: 'made', value: answer.value }
  }
}
