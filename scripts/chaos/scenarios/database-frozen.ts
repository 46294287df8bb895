import { setTimeout as pause } from 'node:timers/promises'
import { recovered } from '../phrases.ts'
import { noteRecoveries, recoveries } from '../recovery.ts'
import type { Scenario } from '../scenario.ts'
import { awayPromises } from './away.ts'

export const databaseFrozen: Scenario = {
  name: 'database-frozen',
  fault: 'PostgreSQL frozen (SIGSTOP to every process), or a network that lets nothing through',
  ...awayPromises,
  rounds: 6,
  async run(arena, rounds) {
    const { crowd, cluster, databaseProxy, history, draw } = arena
    const people = crowd({ persons: 50 })
    const times: number[] = []
    await pause(7000)
    for (let round = 0; round < rounds; round++) {
      const byNetwork = round % 2 === 1
      if (byNetwork) databaseProxy.freeze()
      else cluster.freeze()
      history.note({ what: 'fault', fault: byNetwork ? 'connections to PostgreSQL half-open' : 'PostgreSQL frozen', count: 1 })
      await pause(4000 + draw() * 4000)
      if (byNetwork) databaseProxy.mend()
      else cluster.thaw()
      times.push(...(await recoveries(arena)))
      await pause(1000 + draw() * 1000)
    }
    await people.stop()
    noteRecoveries(arena, times)
  },
  measured: recovered,
}
