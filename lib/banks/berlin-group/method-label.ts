import type { BerlinGroupSettings } from './settings.ts'
import { shownText } from './shown-text.ts'
import type { ScaMethod } from './xs2a-messages.ts'

/** What a way to confirm is called: by the bank's answer, by its settings, or else by its type. */
export const methodLabel = ({ name, authenticationType }: Pick<ScaMethod, 'name' | 'authenticationType'>, { methodNames }: Pick<BerlinGroupSettings, 'methodNames'>): string =>
  shownText(name, 200) ?? methodNames[authenticationType] ?? shownText(authenticationType.replaceAll('_', ' '), 100) ?? '?'
