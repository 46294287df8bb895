import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { berlinGroupSettings } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "berlin-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const noPem = path.join(folder, "no.pem");
writeFileSync(noPem, "SECRET");

const least = { url: "https://xs2a.bank.example/psd2/v1/", ipAddress: "2001:db8::7" };

test("the least that can be said of a bank", () => {
  expect(berlinGroupSettings.parse(least)).toMatchObject({
    url: "https://xs2a.bank.example/psd2/v1",
    signIn: { ask: "password" },
    account: "iban",
    consent: { access: "asked", validDays: 180, perDay: 4 },
    opens: "window",
    pages: [],
  });
});

describe("it is refused, without a value in the words,", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["http to somebody else", { url: "http://xs2a.bank.example" }, "url"],
    ["a private address", { url: "https://10.0.0.1/v1" }, "url"],
    ["a user name in an address", { url: "https://SECRET@bank.example" }, "url"],
    ["an address that is none", { ipAddress: "SECRET" }, "ipAddress"],
    ["a certificate without its key", { tls: { cert: "/nowhere/SECRET" } }, "tls"],
    ["a certificate that is no PEM", { tls: { cert: noPem, key: noPem } }, "tls"],
    ["a language that is no tag", { lang: "de_DE" }, "lang"],
    ["a page that is no address", { pages: ["SECRET"] }, "pages"],
    ["a header of our own", { headers: { authorization: "/nowhere/SECRET" } }, "headers"],
    ["a consent for an account that none can name", { account: "resourceId" }, "consent"],
    ["a consent for too long", { consent: { validDays: 181 } }, "consent"],
    ["a setting that does not exist", { SECRETS: 1 }, ""],
  ])("%s", (_, more, where) => {
    const { error } = berlinGroupSettings.safeParse({ ...least, ...more });
    expect(error?.issues.map(({ path }) => path[0] ?? "")).toContain(where);
    expect(error?.issues.map(({ message }) => message).join(" ")).not.toMatch(/SECRET(?!S)/);
  });
});
