// The browser of the end-to-end tests: Debian's Chromium where there is one, Playwright's own elsewhere.
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import { runQuietly, step } from './progress.mjs'

/** @returns {string | undefined} the first executable of that name on the path */
function onPath(/** @type {string} */ name) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** Where the system's own Chromium is. */
export const systemChromium = () => onPath('chromium')

/** Installs a browser if there is none. */
export async function ensureBrowser() {
  if (systemChromium()) return
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return step('Installing Chromium', async () => {
      await runQuietly('apt-get', ['update', '-qq'], { env })
      await runQuietly('apt-get', ['install', '-y', '-qq', 'chromium'], { env })
    })
  }
  await step("Downloading Playwright's Chromium", () => runQuietly('playwright', ['install', 'chromium']))
}
