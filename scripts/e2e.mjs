// `npm run e2e`: the journeys in a real browser. What follows `--` goes to Playwright, as in `npm run e2e -- --grep cancel`.
import { runMain, runShown } from './support/progress.mjs'
import { ensureToolchain } from './support/toolchain.mjs'

await runMain(async () => {
  await ensureToolchain()
  const { ensureBrowser } = await import('./support/browser.mjs')
  const { buildConnectorIfChanged } = await import('./support/build-connector.mjs')
  await ensureBrowser()
  await buildConnectorIfChanged()
  return runShown('playwright', ['test', ...process.argv.slice(2)], { env: { ...process.env, E2E_PICTURES: 'on' } })
})
