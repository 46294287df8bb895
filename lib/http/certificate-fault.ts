/**
 * Whether TLS failed for the other side's certificate; by the codes of Node's TLS along the chain
 * of causes. Everything else that was not sent found no name, no route or no connection.
 */
export function isCertificateError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    ("code" in error && /CERT|UNABLE_TO_(GET|VERIFY)/.test(String(error.code))) ||
    isCertificateError(error.cause)
  );
}
