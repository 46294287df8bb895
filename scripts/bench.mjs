// `npm run bench`: measures what the product has to reach, prints one table and fails when a bar is missed. See docs/performance.md.
import { parseArgs } from 'node:util'
import { PlainError, runMain } from './support/progress.mjs'
import { ensureToolchain } from './support/toolchain.mjs'

const usage = `npm run bench -- [--journeys 10000] [--only weight,paint,notifications,entry,journeys,memory]`

await runMain(async () => {
  const options = readOptions()
  await ensureToolchain()
  const { bench } = await import('./bench/bench.mjs')
  return bench(options)
})

function readOptions() {
  const names = /** @type {const} */ (['weight', 'paint', 'notifications', 'entry', 'journeys', 'memory'])
  try {
    const { values } = parseArgs({ options: { journeys: { type: 'string', default: '10000' }, only: { type: 'string', default: names.join(',') } } })
    const journeys = Number(values.journeys)
    const wanted = values.only.split(',')
    if (!Number.isInteger(journeys) || journeys < 100 || journeys > 20_000) throw new Error('--journeys takes a number from 100 to 20000')
    if (wanted.some((name) => !names.includes(/** @type {any} */ (name)))) throw new Error(`--only takes some of ${names.join(', ')}`)
    return { journeys, parts: new Set(names.filter((name) => wanted.includes(name))) }
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}
