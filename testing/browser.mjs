// The browser of the end-to-end tests: Debian's Chromium where there is one, Playwright's own
// elsewhere.
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { PlainError, runQuietly, step } from "./progress.mjs";

/** @returns {string | undefined} the first executable of that name on the path */
function onPath(/** @type {string} */ name) {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** What starts the system's own Chromium, where there is one. */
export const systemChromium = () =>
  onPath("chromium") && path.join(import.meta.dirname, "chromium.sh");

/** Installs a browser if there is none. @throws {PlainError} one line that says what to install */
export async function ensureBrowser() {
  if (systemChromium()) return;
  const { chromium } = await import("playwright");
  if (existsSync(chromium.executablePath())) return;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return installing("Installing Chromium", async () => {
      await runQuietly("apt-get", ["update", "-qq"], { env });
      await runQuietly("apt-get", ["install", "-y", "-qq", "chromium"], { env });
    });
  }
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "10000" };
  await installing("Downloading Playwright's Chromium", () =>
    runQuietly("playwright", ["install", "chromium"], { env }),
  );
}

/** @param {string} title @param {() => Promise<void>} install */
const installing = (title, install) =>
  step(title, install).catch(() => {
    throw new PlainError(
      "The tests need Chromium on the PATH, and none could be installed: install it " +
        '("apt-get install chromium" on Debian and Ubuntu, as root) and run this again.',
    );
  });
