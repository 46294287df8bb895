import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { openidSettings } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "openid-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const pem = (key: { export: (options: { type: "pkcs8"; format: "pem" }) => string | Buffer }) =>
  String(key.export({ type: "pkcs8", format: "pem" }));
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const keyFile = fileWith("ec.pem", pem(ec));

const good = {
  issuer: "https://id.bank.example",
  clientId: "connector",
  authentication: { method: "private_key_jwt", keyFile },
  flows: ["ciba", "authorization_code"],
  person: { label: "Customer name" },
  page: { opens: "window" },
  accounts: { from: "userinfo", path: ["accounts", "id"] },
};
const problems = (entry: object) =>
  openidSettings
    .safeParse(entry)
    .error?.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`) ?? [];

test("an entry with what is needed is enough, and the rest is as strict as FAPI 2.0", () => {
  expect(openidSettings.parse(good)).toMatchObject({
    profile: "fapi-2",
    scope: "openid",
    hosts: [],
    acrValues: [],
    idTokenAlgorithm: "PS256",
    app: { delivery: "poll", bindingMessage: "{number}" },
    authentication: { audience: "issuer" },
    unknownPersonErrors: ["unknown_user_id"],
  });
});
test("a key may be PEM or a JWK, and what was read changes when the file does", () => {
  const jwk = JSON.stringify(ec.export({ format: "jwk" }));
  expect(
    openidSettings.parse({
      ...good,
      authentication: { method: "private_key_jwt", keyFile: fileWith("ec.json", jwk) },
    }),
  ).toMatchObject({ authentication: { keyFile: jwk } });
});
test.each([
  [
    "authentication.keyFile: names a file without a private key (PEM or JWK)",
    () => ({
      authentication: { method: "private_key_jwt", keyFile: fileWith("bad.pem", "secret words") },
    }),
  ],
  [
    "authentication.keyFile: names a key that is neither EC P-256 nor RSA of at least 2048 bits",
    () => ({
      authentication: {
        method: "private_key_jwt",
        keyFile: fileWith(
          "small.pem",
          pem(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey),
        ),
      },
    }),
  ],
  [
    "authentication.keyFile: names a file that cannot be read",
    () => ({
      authentication: { method: "private_key_jwt", keyFile: path.join(folder, "nowhere") },
    }),
  ],
  [
    "authentication: must be private_key_jwt with fapi-2",
    () => ({ authentication: { method: "client_secret_basic", secretFile: keyFile } }),
  ],
  ["idTokenAlgorithm: must not be RS256 with fapi-2", () => ({ idTokenAlgorithm: "RS256" })],
  ["issuer: is not an absolute https URL", () => ({ issuer: "http://id.bank.example" })],
  [
    "flows: must begin with ciba where the page opens in a window",
    () => ({ flows: ["authorization_code", "ciba"] }),
  ],
  ["flows: names one twice", () => ({ flows: ["ciba", "ciba"] })],
  ["page: is missing", () => ({ page: undefined })],
  [
    "person: is missing: without it the app of nobody can be asked",
    () => ({ person: undefined, introduction: { paragraphs: ["Hello"] } }),
  ],
  [
    "introduction: is missing: without it and without person there is no first screen",
    () => ({ person: undefined, flows: ["authorization_code"] }),
  ],
  ["app.bindingMessage: must contain {number}", () => ({ app: { bindingMessage: "Sage" } })],
  ["parameters: names a parameter that the connector sets", () => ({ parameters: { state: "x" } })],
  ["lang: is not a language tag such as de or pt-BR", () => ({ lang: "de_DE" })],
  [
    "authentication.audience: must be issuer, token-endpoint or endpoint",
    () => ({ authentication: { ...good.authentication, audience: "bank" } }),
  ],
  ["loginHint: must contain {username}", () => ({ loginHint: "acct:{user}@bank.example" })],
  ["loginHint: must contain {username}", () => ({ loginHint: '{"{username}":"x"}' })],
  [
    "loginHint: has a placeholder that is not {username}",
    () => ({ loginHint: "{username}@{host}" }),
  ],
  [
    "loginHint: needs person: without it there is no name",
    () => ({
      loginHint: "{username}",
      person: undefined,
      flows: ["authorization_code"],
      introduction: { paragraphs: ["Hello"] },
    }),
  ],
  [
    "unknownPersonErrors.0: has another meaning already",
    () => ({ unknownPersonErrors: ["invalid_client"] }),
  ],
  ["unknownPersonErrors.0: is no error code", () => ({ unknownPersonErrors: ["no such person"] })],
  ["scope: must contain openid", () => ({ scope: "accounts" })],
  [
    "accounts.url: must not be a private address",
    () => ({ accounts: { from: "call", url: "https://10.0.0.1/accounts", path: ["id"] } }),
  ],
  [
    "accounts.from: must say from where: id-token, userinfo or call",
    () => ({ accounts: { from: "thin air" } }),
  ],
])("an entry is refused with “%s”", (problem, change) => {
  expect(problems({ ...good, ...change() })).toContain(problem);
});
test("what is wrong is said without a value, all of it at once", () => {
  const said = problems({
    ...good,
    issuer: "a secret address",
    clientId: "",
    profile: "a secret profile",
    flows: [],
  }).join("\n");
  expect(said).not.toContain("a secret");
  expect(said.split("\n").map((line) => line.split(":")[0])).toEqual([
    "issuer",
    "clientId",
    "profile",
    "flows",
  ]);
});
