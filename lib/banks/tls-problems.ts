import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { TlsFiles } from "../http/http.ts";

interface TlsProblem {
  of: keyof TlsFiles;
  message: string;
}

/**
 * What is wrong with a certificate, its key and the authorities to trust: said at the start, and
 * not by the first call that the bank refuses.
 */
export function tlsProblems({ cert, key, ca }: TlsFiles): TlsProblem[] {
  const noCertificate = (pem: string | undefined) =>
    pem !== undefined && !works(() => new X509Certificate(pem));
  const problems: TlsProblem[] = [];
  if (noCertificate(cert))
    problems.push({ of: "cert", message: "names a file without a certificate (PEM)" });
  if (key !== undefined && !works(() => createPrivateKey(key)))
    problems.push({ of: "key", message: "names a file without a private key (PEM)" });
  if (noCertificate(ca))
    problems.push({ of: "ca", message: "names a file without a certificate (PEM)" });
  if (problems.length > 0) return problems;
  if (cert !== undefined && key !== undefined && !works(() => createSecureContext({ cert, key })))
    return [
      {
        of: "key",
        message: "names a key that is not that of the certificate, or that TLS does not take",
      },
    ];
  return works(() => createSecureContext({ ca }))
    ? []
    : [{ of: "ca", message: "names a certificate that TLS does not take" }];
}

function works(makes: () => unknown): boolean {
  try {
    makes();
    return true;
  } catch {
    return false;
  }
}
