import { expect, test } from "vitest";
import { makeCertificate } from "../../testing/certificate.ts";
import { tlsProblems } from "./tls-problems.ts";

const days = {
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 86_400_000),
};
const [ours, other] = [makeCertificate("ours", days), makeCertificate("another", days)];
const bare = (pem: string) => pem.replaceAll(/-----.*-----/g, "");

test.each([
  ["nothing", {}],
  ["a certificate with its key", ours],
  ["authorities", { ca: other.cert }],
  ["all of them", { ...ours, ca: `${other.cert}${ours.cert}` }],
])("%s can be used", (_, files) => {
  expect(tlsProblems(files)).toEqual([]);
});
test.each([
  [
    "a certificate that is no PEM",
    { ...ours, cert: bare(ours.cert) },
    ["cert: names a file without a certificate (PEM)"],
  ],
  [
    "a key in its place",
    { ...ours, cert: ours.key },
    ["cert: names a file without a certificate (PEM)"],
  ],
  [
    "a key that is no PEM",
    { ...ours, key: bare(ours.key) },
    ["key: names a file without a private key (PEM)"],
  ],
  [
    "the key of another certificate",
    { ...ours, key: other.key },
    ["key: names a key that is not that of the certificate, or that TLS does not take"],
  ],
  [
    "authorities that are no PEM",
    { ...ours, ca: "SECRET" },
    ["ca: names a file without a certificate (PEM)"],
  ],
  [
    "nothing that is right",
    { cert: "SECRET", key: "SECRET", ca: "SECRET" },
    [
      "cert: names a file without a certificate (PEM)",
      "key: names a file without a private key (PEM)",
      "ca: names a file without a certificate (PEM)",
    ],
  ],
])("%s is named", (_, files, problems) => {
  expect(tlsProblems(files).map(({ of, message }) => `${of}: ${message}`)).toEqual(problems);
});
