import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { startOpenidProvider } from "../../lib/banks/openid/openid-provider.fixture.ts";
import { conformance } from "./conformance.ts";
import { createPageBrowser } from "./page-browser.ts";

const folder = mkdtempSync(path.join(tmpdir(), "conformance-pages-"));
const browser = createPageBrowser();
const closing = [() => browser.close(), async () => rmSync(folder, { recursive: true })];
afterAll(async () => {
  for (const close of closing) await close();
});
const fileOf = (name: string, content: unknown) => {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
  return path.join(folder, name);
};

test(
  "an OpenID Provider is gone through by its own pages: a browser signs in there, then consents",
  { timeout: 300_000 },
  async () => {
    const provider = await startOpenidProvider({
      redirectUri: "https://connector.example/authrefresh/return",
      pages: "its-own",
      pings: async () => 204,
    });
    closing.unshift(() => provider.close());
    const settings = {
      ...provider.entry("polled", fileOf("key.json", provider.clientKey)),
      flows: ["authorization_code"],
      person: { label: "Customer name" },
      page: { opens: "window" },
    };
    const journey = (username: string) => [
      { kind: "credentials", value: { username } },
      {
        kind: "page",
        fill: { "Enter any login": username, "input[name=password]": "any" },
        press: "Sign-in",
      },
      { kind: "page", press: "Continue" },
    ];
    const testUsers = {
      externalId: "the-account-asked-for",
      good: journey("ada"),
      otherAccount: journey("bob"),
    };
    const outcomes = await conformance({
      adapter: "openid",
      settingsFile: fileOf("settings.json", settings),
      testUsersFile: fileOf("test-users.json", testUsers),
      groups: ["journeys", "out of order", "other people’s accounts"],
      browser,
    });
    expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(7);
  },
);
