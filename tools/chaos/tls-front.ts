import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { makeCertificate } from "../../testing/certificate.ts";

/** TLS before a plain server on this machine. */
export interface TlsFront {
  port: number;
  /** What a process needs in its environment to trust its certificates. */
  trust: Record<string, string>;
  /** Shows a certificate that is good but for its days; connections there are end. */
  expire(): void;
  renew(): void;
  close(): Promise<void>;
}

const dayMs = 24 * 3600 * 1000;

/**
 * @param certificates the file that takes both, as trusted ones: that it has expired is then all
 *   that is wrong with the one.
 */
export async function startTlsFront({
  to,
  certificates,
}: {
  to: number;
  certificates: string;
}): Promise<TlsFront> {
  const days = (from: number, until: number) => ({
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + until * dayMs),
  });
  const good = makeCertificate("good", days(-1, 1));
  const expired = makeCertificate("expired", days(-30, -1));
  writeFileSync(certificates, good.cert + expired.cert);
  const sockets = new Set<Socket>();
  const server = createServer({ ...good, noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: to, noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.once("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  // Who does not accept the certificate says so and goes.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const show = (certificate: typeof good) => {
    server.setSecureContext(certificate);
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    trust: { NODE_EXTRA_CA_CERTS: certificates },
    expire: () => show(expired),
    renew: () => show(good),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
