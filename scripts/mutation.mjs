// `npm run mutation [-- -m lib/wizard/form-token.ts]`: changes the security core in every way Stryker knows, and counts what the tests notice. 85 % is the bar; below it the status is 1.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { runMain, runQuietly, runShown, step } from './support/progress.mjs'
import { ensureToolchain, root } from './support/toolchain.mjs'

await runMain(async () => {
  await ensureToolchain()
  const home = path.join(root, 'scripts/mutation')
  const stryker = path.join(home, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  if (!existsSync(stryker)) await step('Installing Stryker', () => runQuietly('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps', '--prefix', home]))
  return runShown(process.execPath, [stryker, 'run', path.join(home, 'stryker.config.mjs'), ...process.argv.slice(2)])
})
