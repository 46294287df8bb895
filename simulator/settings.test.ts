import { expect, test } from "vitest";

import { createAuthorisationBook } from "./authorisation-book.ts";
import { readSettings } from "./read-settings.ts";
import { simulatorSettings } from "./settings.ts";

const ORIGINS = { publicUrl: "http://localhost:3000", bankingServicePort: 4000 };

test("every setting has a value, and the notification secret is long enough", () => {
  const settings = simulatorSettings(ORIGINS);
  expect(Object.values(settings)).not.toContain("");
  expect(settings.NOTIFICATION_HEADER_VALUES.length).toBeGreaterThanOrEqual(32);
  expect(settings.SAGE_ID_ISSUER).toBe("http://127.0.0.1:4000/sage-id/");
  expect(settings.SAGE_ID_JWKS_URL).toBe(`${settings.SAGE_ID_ISSUER}.well-known/jwks.json`);
  expect(settings.SAGE_ID_TOKEN_URL).toBe(`${settings.SAGE_ID_ISSUER}oauth/token`);
});

test("no secret is the same twice", () => {
  const [one, other] = [simulatorSettings(ORIGINS), simulatorSettings(ORIGINS)];
  for (const name of [
    "NOTIFICATION_HEADER_VALUES",
    "SAGE_ID_CLIENT_SECRET",
    "PROVIDER_API_KEY",
  ] as const) {
    expect(one[name]).not.toBe(other[name]);
  }
});

test("all missing settings are named at once, and no value", () => {
  const secret = "a-secret-nobody-may-see";
  const read = () => readSettings({ PROVIDER_API_KEY: secret, BANKING_SERVICE_PORT: "70000" });
  expect(read).toThrow(/BANKING_SERVICE_PORT \(a port.*PUBLIC_URL.*SAGE_ID_CLIENT_SECRET/);
  expect(read).not.toThrow(secret);
});

test("authorisations are about the account that a bank under test has, where one is named, and each about another otherwise", () => {
  const externalIdOf = (more: object) => {
    const { externalId } = readSettings({
      ...simulatorSettings(ORIGINS),
      BANKING_SERVICE_PORT: "4000",
      ...more,
    });
    return createAuthorisationBook("http://redirect.localhost:4000", externalId).create({})
      .externalId;
  };
  expect(externalIdOf({ BANKING_SERVICE_EXTERNAL_ID: "the-account-asked-for" })).toBe(
    "the-account-asked-for",
  );
  expect(externalIdOf({})).not.toBe(externalIdOf({}));
});
