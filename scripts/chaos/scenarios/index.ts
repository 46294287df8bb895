import type { Scenario } from '../scenario.ts'
import { freeze } from './freeze.ts'
import { kill } from './kill.ts'
import { rolling } from './rolling.ts'
import { unrecorded } from './unrecorded.ts'

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [kill, unrecorded, freeze, rolling]
