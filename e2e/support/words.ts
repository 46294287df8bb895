import { type MessageKey, type MessageValues, readerFor } from '../../lib/messages/reader.ts'

const reader = readerFor('en-GB')

/** The sandbox bank's name, as every screen shows it. */
export const bank = 'Northwind Bank'

/** A text as the screens show it. Tests name texts by their key, so that better wording breaks none of them. */
export const words = (key: MessageKey, values: MessageValues = {}): string => reader.t(key, { bank, ...values })

export type { MessageKey, MessageValues }
