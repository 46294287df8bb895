/**
 * The address a browser must come back to: `redirect_uri` with `state` appended, byte for byte.
 *
 * @see Sage’s developer pages, "GET authrefresh": `?state=`, or `&state=` where there is a query
 *   already
 */
export function returnAddress(redirectUri: string, state: string): string {
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}state=${state}`;
}
