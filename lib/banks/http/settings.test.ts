import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeCertificate } from "../../../testing/certificate.ts";
import { httpSettings } from "./settings.ts";

const folder = mkdtempSync(path.join(tmpdir(), "http-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (name: string, content: string) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const days = {
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 86_400_000),
};
const [ours, other] = [makeCertificate("ours", days), makeCertificate("another", days)];
const certFile = fileWith("cert.pem", ours.cert);
const keyFile = fileWith("key.pem", ours.key);

const good = {
  url: "https://api.bank.example/v1",
  auth: { method: "mutual-tls" },
  tls: { certFile, keyFile },
};
const problems = (entry: object) =>
  httpSettings
    .safeParse(entry)
    .error?.issues.map(({ path: at, message }) => `${at.join(".")}: ${message}`) ?? [];

test("a certificate with its key is taken", () => {
  expect(httpSettings.parse(good)).toMatchObject({
    tls: { certFile: ours.cert.trim(), keyFile: ours.key.trim() },
  });
});
test.each([
  [
    "tls.certFile: names a file without a certificate (PEM)",
    () => ({ tls: { certFile: fileWith("no.pem", "SECRET"), keyFile } }),
  ],
  [
    "tls.keyFile: names a file without a private key (PEM)",
    () => ({ tls: { certFile, keyFile: certFile } }),
  ],
  [
    "tls.keyFile: names a key that is not that of the certificate, or that TLS does not take",
    () => ({ tls: { certFile, keyFile: fileWith("other.pem", other.key) } }),
  ],
  [
    "tls.caFile: names a file without a certificate (PEM)",
    () => ({ tls: { certFile, keyFile, caFile: keyFile } }),
  ],
  ["tls: needs certFile and keyFile, or neither", () => ({ tls: { certFile } })],
  ["lang: is not a language tag such as de or pt-BR", () => ({ lang: "de_DE" })],
])("an entry is refused with “%s”", (problem, change) => {
  const said = problems({ ...good, ...change() });
  expect(said).toContain(problem);
  expect(said.join(" ")).not.toContain("SECRET");
});
