import type { Scenario } from '../scenario.ts'
import { clock } from './clock.ts'
import { conflicts } from './conflicts.ts'
import { databaseConnections } from './database-connections.ts'
import { databaseFrozen } from './database-frozen.ts'
import { databaseFull } from './database-full.ts'
import { databaseRestart } from './database-restart.ts'
import { freeze } from './freeze.ts'
import { kill } from './kill.ts'
import { notifications } from './notifications.ts'
import { rolling } from './rolling.ts'
import { unrecorded } from './unrecorded.ts'

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [kill, unrecorded, freeze, rolling, databaseRestart, databaseFrozen, databaseConnections, databaseFull, conflicts, clock, notifications]
