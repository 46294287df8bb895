import { setTimeout as pause } from 'node:timers/promises'
import { recovered } from '../phrases.ts'
import { noteRecoveries, recoveries } from '../recovery.ts'
import type { Scenario } from '../scenario.ts'
import { awayPromises } from './away.ts'

export const databaseRestart: Scenario = {
  name: 'database-restart',
  fault: 'PostgreSQL restarted (immediate)',
  ...awayPromises,
  rounds: 8,
  async run(arena, rounds) {
    const { crowd, cluster, databaseProxy, history, draw } = arena
    const people = crowd({ persons: 50 })
    const times: number[] = []
    await pause(7000)
    for (let round = 0; round < rounds; round++) {
      await cluster.crash()
      history.note({ what: 'fault', fault: 'immediate shutdown of PostgreSQL', count: 1 })
      await pause(draw() * 4000)
      await cluster.start()
      databaseProxy.retarget({ host: '127.0.0.1', port: cluster.port })
      times.push(...(await recoveries(arena)))
      await pause(1000 + draw() * 1000)
    }
    await people.stop()
    noteRecoveries(arena, times)
  },
  measured: recovered,
}
