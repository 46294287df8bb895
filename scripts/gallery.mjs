// `npm run gallery`: every screen of the gallery in every language, size and look. What follows `--` goes to Playwright, as in `npm run gallery -- --grep fr-CA`.
import { runMain, runShown } from './support/progress.mjs'
import { ensureToolchain } from './support/toolchain.mjs'

await runMain(async () => {
  await ensureToolchain()
  const { ensureBrowser } = await import('./support/browser.mjs')
  const { buildConnectorIfChanged } = await import('./support/build-connector.mjs')
  await ensureBrowser()
  await buildConnectorIfChanged()
  return runShown('playwright', ['test', '--config', 'playwright.gallery.config.ts', ...process.argv.slice(2)], { env: { ...process.env, E2E_PICTURES: 'on' } })
})
