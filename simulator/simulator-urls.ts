/** Every address the simulator answers at, from its one port. */
export type SimulatorUrls = {
  readonly port: number;
  /**
   * Top page: the accounting product. Also the host of the control API, Sage ID and the Provider
   * API.
   */
  readonly productOrigin: string;
  /** Sage's common UI, framed by the product page. */
  readonly uiOrigin: string;
  /** The page our fragment is put into, and where `redirect_uri` points. */
  readonly redirectOrigin: string;
  readonly sageIdIssuer: string;
  readonly jwksUrl: string;
  readonly tokenUrl: string;
  readonly providerApiUrl: string;
};

/**
 * Lays the simulator's parts out over host names that are cross-site to each other and to a
 * connector at `localhost`.
 *
 * A browser takes `127.0.0.1`, `localhost`, `ui.localhost` and `redirect.localhost` for four sites,
 * so cookies and storage behave in the frames as they do under `sagebankdrive.com`. Chromium
 * resolves `*.localhost` to loopback by itself; Node does not, so everything a server calls is at
 * 127.0.0.1.
 *
 * @param port the simulator's only port
 * @see RFC 6761 §6.3 (localhost)
 */
export function simulatorUrls(port: number): SimulatorUrls {
  const productOrigin = `http://127.0.0.1:${port}`;
  const sageIdIssuer = `${productOrigin}/sage-id/`;
  return {
    port,
    productOrigin,
    uiOrigin: `http://ui.localhost:${port}`,
    redirectOrigin: `http://redirect.localhost:${port}`,
    sageIdIssuer,
    jwksUrl: `${sageIdIssuer}.well-known/jwks.json`,
    tokenUrl: `${sageIdIssuer}oauth/token`,
    providerApiUrl: `${productOrigin}/provider/v1`,
  };
}
