import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium, type Browser } from "playwright";

/**
 * Starts the system's Chromium where there is one on the PATH, Playwright's own elsewhere
 * (design.md, "Stack").
 */
export function launchChromium(): Promise<Browser> {
  const executablePath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find(isExecutable);
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch(executablePath ? { executablePath, args } : { args });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
