import { z } from 'zod'
import { resourceId } from './xs2a-messages.ts'

/** A name as it goes into a header: printable ASCII, since a header takes nothing else for certain (RFC 9110 §5.5). */
export const nameInHeader = z.string().regex(/^[\x20-\x7e]{1,100}$/)

const person = z.strictObject({ psu: nameInHeader.nullable(), corporate: nameInHeader.nullable() })
export type Person = z.output<typeof person>

export const longestMethodLabel = 40

/**
 * What is remembered between two answers: ids and names, never a password or a code. The limits keep it below the 4,096 characters a state may have.
 */
export const berlinState = z.discriminatedUnion('asked', [
  z.strictObject({ asked: z.literal('sign-in') }),
  z.strictObject({
    asked: z.enum(['method', 'code', 'approval', 'redirect']),
    consent: resourceId,
    /** Null where the bank started one by itself and did not tell its id. */
    authorisation: resourceId.nullable(),
    person,
    /** The ways to confirm, as they were offered. */
    methods: z.array(z.strictObject({ id: z.string(), label: z.string() })).max(20),
    chosen: z.string().nullable(),
  }),
])
export type Running = Exclude<z.output<typeof berlinState>, { asked: 'sign-in' }>
