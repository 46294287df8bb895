import type { Scenario } from '../scenario.ts'
import { kill } from './kill.ts'

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [kill]
