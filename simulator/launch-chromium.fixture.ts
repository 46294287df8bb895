import { chromium, type Browser } from "playwright";
import { systemChromium } from "../testing/browser.mjs";

/** Starts the system's Chromium where there is one on the PATH, Playwright's own elsewhere. */
export function launchChromium(): Promise<Browser> {
  const executablePath = systemChromium();
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return chromium.launch(executablePath ? { executablePath, args } : { args });
}
